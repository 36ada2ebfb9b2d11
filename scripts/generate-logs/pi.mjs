import { join } from 'node:path';
import { iso, writeLines } from './files.mjs';
import { argumentsOf, resultOf } from './tools.mjs';
import { totalsOf, untold } from './totals.mjs';

const NAMES = { path: 'path', before: 'oldText', after: 'newText' };

/** Entries of a session in pi's form, in which the shell has its own name with some who took it over. */
function entriesOf(session, { shell = 'bash', usageOf = () => ({}) } = {}) {
  const entries = [
    { type: 'session', version: 3, id: session.id, timestamp: iso(session.at), cwd: session.cwd },
  ];
  const tools = { shell, read: 'read', search: 'grep', edit: 'edit' };
  const add = (at, message) => {
    const id = (session.number * 4096 + entries.length).toString(16).padStart(8, '0');
    const parentId = entries.length > 1 ? entries.at(-1).id : null;
    entries.push({
      type: 'message',
      id,
      parentId,
      timestamp: iso(at),
      message: { ...message, timestamp: at },
    });
  };
  for (const { at, prompt, steps } of session.turns) {
    add(at, { role: 'user', content: prompt });
    for (const step of steps) {
      add(step.at, answerOf({ step, tools, more: usageOf(step) }));
      for (const tool of step.tools) {
        const result = { toolCallId: `toolu_${tool.id}`, toolName: tools[tool.kind], isError: tool.isFailed };
        add(tool.at, { role: 'toolResult', ...result, content: [{ type: 'text', text: resultOf(tool) }] });
      }
    }
  }
  return entries;
}

function answerOf({ step, tools, more }) {
  const { thinking, text, usage, isLast } = step;
  const { fresh, output, cacheRead, cacheWrite } = usage;
  return {
    role: 'assistant',
    content: [
      ...(thinking ? [{ type: 'thinking', thinking, thinkingSignature: 'c2ln'.repeat(90) }] : []),
      ...(text ? [{ type: 'text', text }] : []),
      ...step.tools.map((tool) => ({
        type: 'toolCall',
        id: `toolu_${tool.id}`,
        name: tools[tool.kind],
        arguments: argumentsOf(tool, NAMES),
      })),
    ],
    api: 'anthropic-messages',
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    usage: {
      input: fresh,
      output,
      cacheRead,
      cacheWrite,
      totalTokens: fresh + output + cacheRead + cacheWrite,
      cost: { total: (fresh * 3 + output * 15) / 1e6 },
      ...more,
    },
    stopReason: isLast ? 'stop' : 'toolUse',
  };
}

const fileOf = ({ at, id }) => `${iso(at).replaceAll(/[:.]/g, '-')}_${id}.jsonl`;

export const pi = {
  agent: 'pi',
  totals: (session) => untold(totalsOf(session), 'reasoning_tokens'),
  write: (home, session) => {
    const folder = `--${session.cwd.slice(1).replaceAll('/', '-')}--`;
    return writeLines(join(home, '.pi/agent/sessions', folder, fileOf(session)), entriesOf(session));
  },
};

export const omp = {
  agent: 'omp',
  totals: totalsOf,
  write: (home, session) => {
    const usageOf = ({ usage }) => ({
      reasoningTokens: usage.reasoning,
      cttl: { ephemeral5m: usage.cacheWrite },
    });
    const title = {
      type: 'title',
      v: 1,
      title: 'T',
      source: 'auto',
      updatedAt: iso(session.at),
      pad: ' '.repeat(60),
    };
    const path = join(home, '.omp/agent/sessions', `-${session.project}`, fileOf(session));
    return writeLines(path, [title, ...entriesOf(session, { usageOf })]);
  },
};

export const openclaw = {
  agent: 'openclaw',
  totals: (session) => untold(totalsOf(session), 'reasoning_tokens'),
  write: (home, session) => {
    const path = join(home, '.openclaw/agents/main/sessions', `${session.id}.jsonl`);
    return writeLines(path, entriesOf(session, { shell: 'exec' }));
  },
};
