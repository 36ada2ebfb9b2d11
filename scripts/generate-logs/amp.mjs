import { join } from 'node:path';
import { iso, writeDocument } from './files.mjs';
import { argumentsOf, resultOf } from './tools.mjs';
import { totalsOf, untold } from './totals.mjs';

const TOOLS = { shell: 'Bash', read: 'Read', search: 'Grep', edit: 'edit_file' };
const NAMES = { command: 'cmd', path: 'path', before: 'old_str', after: 'new_str' };

/** A thread is one document. */
export const amp = {
  agent: 'amp',
  totals: (session) => untold(totalsOf(session), 'reasoning_tokens'),
  write: (home, session) => {
    const messages = [];
    const add = (role, message) => messages.push({ role, messageId: messages.length, ...message });
    for (const { at, prompt, steps } of session.turns) {
      add('user', { content: [{ type: 'text', text: prompt }], meta: { sentAt: at } });
      for (const step of steps) {
        add('assistant', answerOf(step));
        if (step.tools.length > 0) add('user', { content: step.tools.map(toolResult) });
      }
    }
    const id = `T-${session.id}`;
    const trees = [{ displayName: session.project, uri: `file://${session.cwd}` }];
    const env = { initial: { trees, platform: { client: 'CLI', clientVersion: '0.0.1', os: 'linux' } } };
    const thread = { v: messages.length, id, created: session.at, title: 'T', env, messages };
    return writeDocument(join(home, '.local/share/amp/threads', `${id}.json`), thread);
  },
};

const answerOf = ({ thinking, text, tools, isLast, usage, at }) => ({
  content: [
    ...(thinking ? [{ type: 'thinking', thinking, signature: 's' }] : []),
    ...(text ? [{ type: 'text', text }] : []),
    ...tools.map((tool) => ({
      type: 'tool_use',
      id: `toolu_${tool.id}`,
      name: TOOLS[tool.kind],
      input: argumentsOf(tool, NAMES),
    })),
  ],
  state: { type: 'complete', stopReason: isLast ? 'end_turn' : 'tool_use' },
  usage: {
    model: 'claude-opus-4-5-20251101',
    inputTokens: usage.fresh,
    outputTokens: usage.output,
    cacheCreationInputTokens: usage.cacheWrite,
    cacheReadInputTokens: usage.cacheRead,
    totalInputTokens: usage.fresh + usage.cacheWrite + usage.cacheRead,
    credits: 1.5,
    timestamp: iso(at),
  },
});

function toolResult(tool) {
  const run = tool.isFailed
    ? { status: 'error', error: { message: resultOf(tool) } }
    : { status: 'done', result: tool.kind === 'shell' ? { output: tool.output, exitCode: 0 } : tool.output };
  return { type: 'tool_result', toolUseID: `toolu_${tool.id}`, run };
}
