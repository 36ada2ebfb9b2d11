import { join } from 'node:path';
import { createDatabase } from './database.mjs';
import { iso } from './files.mjs';
import { argumentsOf, resultOf } from './tools.mjs';
import { sumOf, totalsOf, untold } from './totals.mjs';
import { zstdFrame } from './zstd-frame.mjs';

const TOOLS = { shell: 'terminal', read: 'read_file', search: 'grep', edit: 'edit_file' };
const SCHEMA =
  'create table threads (id text primary key, summary text not null, updated_at text not null, data_type text not null, data blob not null, parent_id text, folder_paths text, folder_paths_order text, created_at text);';

/** A thread is one cell, with the usage of the last request of each turn and the sum of all. */
export const zed = {
  agent: 'zed',
  totals: (session) => {
    const isSum = session.turns.some(({ steps }) => steps.length > 1);
    const totals = { ...totalsOf(session), calls: isSum ? 1 : session.turns.length };
    return untold(totals, 'reasoning_tokens');
  },
  open: (home) => {
    const database = createDatabase(join(home, '.local/share/zed/threads/threads.db'), SCHEMA);
    return {
      add: (session) => {
        const data = zstdFrame(Buffer.from(JSON.stringify(threadOf(session))));
        const times = { created_at: iso(session.at), updated_at: iso(session.endAt) };
        const row = { id: session.id, summary: 'T', data_type: 'zstd', data, folder_paths: session.cwd };
        database.insert('threads', { ...row, ...times });
        return data.length;
      },
      close: database.close,
    };
  },
};

const threadOf = ({ turns, steps, endAt }) => ({
  title: 'T',
  version: '0.3.0',
  updated_at: iso(endAt),
  model: { provider: 'anthropic', model: 'claude-sonnet-4-5' },
  messages: turns.flatMap((turn) => [
    { User: { id: turn.id, content: [{ Text: turn.prompt }] } },
    ...turn.steps.map((step) => ({ Agent: agentMessage(step) })),
  ]),
  request_token_usage: Object.fromEntries(turns.map((turn) => [turn.id, usageOf(turn.steps.slice(-1))])),
  cumulative_token_usage: usageOf(steps),
});

const usageOf = (steps) => ({
  input_tokens: sumOf(steps, 'fresh'),
  output_tokens: sumOf(steps, 'output'),
  cache_creation_input_tokens: sumOf(steps, 'cacheWrite'),
  cache_read_input_tokens: sumOf(steps, 'cacheRead'),
});

const agentMessage = ({ thinking, text, tools }) => ({
  content: [
    ...(thinking ? [{ Thinking: { text: thinking, signature: 's' } }] : []),
    ...(text ? [{ Text: text }] : []),
    ...tools.map((tool) => {
      const input = argumentsOf(tool, { path: 'path' });
      const call = {
        id: `toolu_${tool.id}`,
        name: TOOLS[tool.kind],
        raw_input: JSON.stringify(input),
        input,
      };
      return { ToolUse: { ...call, is_input_complete: true } };
    }),
  ],
  tool_results: Object.fromEntries(
    tools.map((tool) => {
      const id = `toolu_${tool.id}`;
      const told = { tool_use_id: id, tool_name: TOOLS[tool.kind], is_error: tool.isFailed };
      return [id, { ...told, content: [{ Text: resultOf(tool) }], output: null }];
    }),
  ),
});
