import { join } from 'node:path';
import { createDatabase } from './database.mjs';
import { sqlTime } from './files.mjs';
import { argumentsOf, resultOf } from './tools.mjs';
import { sumOf, totalsOf } from './totals.mjs';

const TOOLS = { shell: 'terminal', read: 'read_file', search: 'search_files', edit: 'patch' };
const MODEL = 'claude-sonnet-4-5';
const SCHEMA = `create table sessions (
    id text primary key, source text not null, user_id text, model text, model_config text, system_prompt text,
    parent_session_id text, started_at real not null, ended_at real, end_reason text, message_count integer default 0,
    tool_call_count integer default 0, input_tokens integer default 0, output_tokens integer default 0,
    cache_read_tokens integer default 0, cache_write_tokens integer default 0, reasoning_tokens integer default 0,
    cwd text, git_branch text, billing_provider text, billing_base_url text, billing_mode text, estimated_cost_usd real,
    actual_cost_usd real, cost_status text, title text, api_call_count integer default 0, profile_name text
);
create table messages (
    id integer primary key autoincrement, session_id text not null, role text not null, content text, tool_call_id text,
    tool_calls text, tool_name text, timestamp real not null, token_count integer, finish_reason text, reasoning text,
    observed integer default 0, active integer not null default 1, compacted integer not null default 0
);
create index idx_messages_session on messages (session_id, timestamp);
create table session_model_usage (
    session_id text not null, model text not null, billing_provider text not null default '',
    billing_base_url text not null default '', billing_mode text not null default '', task text not null default '',
    api_call_count integer not null default 0, input_tokens integer not null default 0,
    output_tokens integer not null default 0, cache_read_tokens integer not null default 0,
    cache_write_tokens integer not null default 0, reasoning_tokens integer not null default 0,
    estimated_cost_usd real not null default 0, actual_cost_usd real not null default 0, cost_status text,
    first_seen real, last_seen real,
    primary key (session_id, model, billing_provider, billing_base_url, billing_mode, task)
);`;

/** Usage is summed up by session and model. */
export const hermes = {
  agent: 'hermes',
  totals: (session) => ({ ...totalsOf(session), calls: 1 }),
  open: (home) => {
    const database = createDatabase(join(home, '.hermes/state.db'), SCHEMA);
    return {
      add: (session) => {
        const before = database.bytes();
        addSession(database, session);
        return database.bytes() - before;
      },
      close: database.close,
    };
  },
};

function addSession(database, session) {
  const { at, endAt, cwd, branch, steps, turns } = session;
  const id = `${sqlTime(at).replaceAll(/[-:]/g, '').replace(' ', '_')}_${session.id.slice(0, 8)}`;
  const used = {
    api_call_count: steps.length,
    input_tokens: sumOf(steps, 'fresh'),
    output_tokens: sumOf(steps, 'output'),
    cache_read_tokens: sumOf(steps, 'cacheRead'),
    cache_write_tokens: sumOf(steps, 'cacheWrite'),
    reasoning_tokens: sumOf(steps, 'reasoning'),
    estimated_cost_usd: steps.length / 100,
  };
  const head = { id, source: 'cli', model: MODEL, started_at: at / 1000, ended_at: endAt / 1000 };
  const place = { cwd, git_branch: branch, billing_provider: 'anthropic' };
  database.insert('sessions', { ...head, end_reason: 'user_exit', ...place, ...used });
  const seen = { first_seen: at / 1000, last_seen: endAt / 1000 };
  database.insert('session_model_usage', {
    session_id: id,
    model: MODEL,
    billing_provider: 'anthropic',
    ...used,
    ...seen,
  });
  const add = (time, role, message) =>
    database.insert('messages', { session_id: id, role, timestamp: time / 1000, ...message });
  for (const turn of turns) {
    add(turn.at, 'user', { content: turn.prompt });
    for (const step of turn.steps) {
      add(step.at, 'assistant', answerOf(step));
      for (const tool of step.tools) add(tool.at, 'tool', toolMessage(tool));
    }
  }
}

const answerOf = ({ text, thinking, tools, isLast }) => ({
  content: text,
  reasoning: thinking,
  finish_reason: isLast ? 'stop' : 'tool_calls',
  tool_calls:
    tools.length === 0
      ? null
      : JSON.stringify(
          tools.map((tool) => ({
            id: `toolu_${tool.id}`,
            type: 'function',
            function: {
              name: TOOLS[tool.kind],
              arguments: JSON.stringify(argumentsOf(tool, { path: 'path' })),
            },
          })),
        ),
});

const toolMessage = (tool) => ({
  tool_call_id: `toolu_${tool.id}`,
  tool_name: TOOLS[tool.kind],
  content: JSON.stringify({
    output: tool.output,
    ...(tool.kind === 'shell' ? { exit_code: tool.isFailed ? 1 : 0 } : {}),
    error: tool.isFailed ? resultOf(tool) : null,
  }),
});
