import { join } from 'node:path';
import { iso, writeDocument, writeLines } from './files.mjs';
import { argumentsOf, resultOf } from './tools.mjs';
import { sumOf, totalsOf } from './totals.mjs';

const TOOLS = { shell: 'Execute', read: 'Read', search: 'Grep', edit: 'Edit' };
const NAMES = { before: 'old_str', after: 'new_str' };

/** Usage stands beside a session, as a sum. */
export const droid = {
  agent: 'droid',
  totals: (session) => ({ ...totalsOf(session), calls: 1 }),
  write: (home, session) => {
    const { id, cwd, at, turns } = session;
    const records = [{ type: 'session_start', id, title: 'T', owner: 'dev', version: 2, cwd }];
    const add = (time, role, content) => {
      const message = {
        type: 'message',
        id: `${id.slice(0, 24)}${records.length.toString(16).padStart(12, '0')}`,
      };
      records.push({ ...message, timestamp: iso(time), message: { role, content } });
    };
    for (const turn of turns) {
      add(turn.at, 'user', [{ type: 'text', text: turn.prompt }]);
      for (const step of turn.steps) {
        add(step.at, 'assistant', blocksOf(step));
        for (const tool of step.tools) add(tool.at, 'user', [toolResultOf(tool)]);
      }
    }
    records.push({ type: 'session_end', timestamp: iso(session.endAt) });
    const path = join(home, '.factory/sessions', cwd.replaceAll('/', '-'), id);
    return (
      writeLines(`${path}.jsonl`, records) + writeDocument(`${path}.settings.json`, settingsOf(session, at))
    );
  },
};

const blocksOf = ({ thinking, text, tools }) => [
  ...(thinking ? [{ type: 'thinking', thinking, signature: 'c2ln'.repeat(90) }] : []),
  ...(text ? [{ type: 'text', text }] : []),
  ...tools.map((tool) => ({
    type: 'tool_use',
    id: `toolu_01${tool.id.slice(0, 22)}`,
    name: TOOLS[tool.kind],
    input: argumentsOf(tool, NAMES),
  })),
];

const toolResultOf = (tool) => ({
  type: 'tool_result',
  tool_use_id: `toolu_01${tool.id.slice(0, 22)}`,
  content: resultOf(tool),
  is_error: tool.isFailed,
});

const settingsOf = ({ steps, endAt }, at) => ({
  model: 'claude-sonnet-4-5-20250929',
  providerLock: 'anthropic',
  assistantActiveTimeMs: endAt - at,
  tokenUsage: {
    inputTokens: sumOf(steps, 'fresh'),
    outputTokens: sumOf(steps, 'output') - sumOf(steps, 'reasoning'),
    cacheCreationTokens: sumOf(steps, 'cacheWrite'),
    cacheReadTokens: sumOf(steps, 'cacheRead'),
    thinkingTokens: sumOf(steps, 'reasoning'),
  },
});
