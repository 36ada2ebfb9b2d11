import { join } from 'node:path';
import { createDatabase } from './database.mjs';
import { iso } from './files.mjs';
import { argumentsOf, resultOf } from './tools.mjs';
import { totalsOf, untold } from './totals.mjs';

const TOOLS = { shell: 'run_terminal_cmd', read: 'read_file', search: 'grep', edit: 'search_replace' };
const MODEL = 'claude-4.5-sonnet';
const SCHEMA = `create table ItemTable (key text unique on conflict replace, value blob);
create table cursorDiskKV (key text unique on conflict replace, value blob);`;

/** Of what a request took in, only the whole is told. */
export const cursor = {
  agent: 'cursor',
  totals: (session) => {
    const { cache_read_tokens, cache_write_tokens, ...totals } = totalsOf(session);
    const input = totals.uncached_input_tokens + cache_read_tokens + cache_write_tokens;
    const whole = { ...totals, uncached_input_tokens: input };
    return untold(whole, 'cache_read_tokens', 'cache_write_tokens', 'reasoning_tokens');
  },
  open: (home) => {
    const database = createDatabase(join(home, '.config/Cursor/User/globalStorage/state.vscdb'), SCHEMA);
    return {
      add: (session) => {
        const before = database.bytes();
        addConversation(database, session);
        return database.bytes() - before;
      },
      close: database.close,
    };
  },
};

function addConversation(database, session) {
  const headers = [];
  const put = (key, value) => database.insert('cursorDiskKV', { key, value: JSON.stringify(value) });
  const add = (at, bubble) => {
    const bubbleId = `${session.id.slice(0, 24)}${headers.length.toString(16).padStart(12, '0')}`;
    headers.push({ bubbleId, type: bubble.type });
    const told = { bubbleId, createdAt: iso(at), tokenCount: { inputTokens: 0, outputTokens: 0 }, ...bubble };
    put(`bubbleId:${session.id}:${bubbleId}`, told);
  };
  for (const { at, prompt, steps } of session.turns) {
    add(at, { type: 1, text: prompt });
    for (const step of steps) {
      add(step.at, answerOf(step));
      for (const tool of step.tools) add(tool.at, { type: 2, text: '', toolFormerData: toolOf(tool) });
    }
  }
  put(`composerData:${session.id}`, {
    composerId: session.id,
    createdAt: session.at,
    lastUpdatedAt: session.endAt,
    modelConfig: { modelName: MODEL },
    workspaceIdentifier: { id: 'w', uri: { fsPath: session.cwd } },
    fullConversationHeadersOnly: headers,
  });
}

function answerOf({ text, thinking, usage }) {
  const inputTokens = usage.fresh + usage.cacheRead + usage.cacheWrite;
  return {
    type: 2,
    text,
    ...(thinking ? { thinking: { text: thinking } } : {}),
    tokenCount: { inputTokens, outputTokens: usage.output },
    modelInfo: { modelName: MODEL },
  };
}

const toolOf = (tool) => ({
  name: TOOLS[tool.kind],
  toolCallId: `toolu_${tool.id}`,
  status: tool.isFailed ? 'error' : 'completed',
  rawArgs: JSON.stringify(argumentsOf(tool, { path: 'target_file' })),
  result: tool.isFailed ? resultOf(tool) : JSON.stringify({ output: tool.output }),
});
