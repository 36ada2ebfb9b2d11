import { join } from 'node:path';
import { createDatabase } from './database.mjs';
import { sqlTime } from './files.mjs';
import { argumentsOf, resultOf } from './tools.mjs';
import { totalsOf, untold } from './totals.mjs';

const TOOLS = {
  shell: 'developer__shell',
  read: 'developer__read',
  search: 'developer__search',
  edit: 'developer__edit',
};
const MODEL = 'claude-sonnet-4-5';
const SCHEMA = `create table schema_version (version integer primary key);
insert into schema_version values (16);
create table sessions (id text primary key, name text not null default '', session_type text not null default 'user', working_dir text not null, created_at timestamp, updated_at timestamp, total_tokens integer, input_tokens integer, output_tokens integer, accumulated_total_tokens integer, accumulated_input_tokens integer, accumulated_output_tokens integer, accumulated_cache_read_tokens integer, accumulated_cache_write_tokens integer, accumulated_cost real, provider_name text, model_config_json text, parent_session_id text);
create table messages (id integer primary key autoincrement, message_id text, session_id text not null, role text not null, content_json text not null, created_timestamp integer not null, timestamp timestamp, tokens integer, metadata_json text);
create index messages_session on messages (session_id);
create table usage_ledger (id integer primary key autoincrement, session_id text not null, created_timestamp integer not null, model text, input_tokens integer, output_tokens integer, total_tokens integer, cache_read_tokens integer, cache_write_tokens integer, cost real, cost_source text, is_compaction integer default 0);`;

export const goose = {
  agent: 'goose',
  totals: (session) => untold(totalsOf(session), 'reasoning_tokens'),
  open: (home) => {
    const database = createDatabase(join(home, '.local/share/goose/sessions/sessions.db'), SCHEMA);
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
  const id = `${sqlTime(session.at).slice(0, 10).replaceAll('-', '')}_${session.number}`;
  const times = { created_at: sqlTime(session.at), updated_at: sqlTime(session.endAt) };
  const model = { provider_name: 'anthropic', model_config_json: JSON.stringify({ model_name: MODEL }) };
  database.insert('sessions', { id, name: 'T', working_dir: session.cwd, ...times, ...model });
  let count = 0;
  const add = (at, role, content) => {
    count += 1;
    const key = { message_id: `msg_${session.id}_${count}`, session_id: id, role };
    database.insert('messages', {
      ...key,
      content_json: JSON.stringify(content),
      created_timestamp: seconds(at),
    });
  };
  for (const { at, prompt, steps } of session.turns) {
    add(at, 'user', [{ type: 'text', text: prompt }]);
    for (const step of steps) {
      add(step.at, 'assistant', answerOf(step));
      database.insert('usage_ledger', { session_id: id, ...ledgerOf(step) });
      for (const tool of step.tools) add(tool.at, 'user', [toolResponse(tool)]);
    }
  }
}

const seconds = (milliseconds) => Math.floor(milliseconds / 1000);

const answerOf = ({ thinking, text, tools }) => [
  ...(thinking ? [{ type: 'thinking', thinking, signature: 's' }] : []),
  ...(text ? [{ type: 'text', text }] : []),
  ...tools.map((tool) => {
    const value = { name: TOOLS[tool.kind], arguments: argumentsOf(tool, { path: 'path' }) };
    return { type: 'toolRequest', id: `toolu_${tool.id}`, toolCall: { status: 'success', value } };
  }),
];

function toolResponse(tool) {
  const value = { content: [{ type: 'text', text: resultOf(tool) }], isError: tool.isFailed };
  return { type: 'toolResponse', id: `toolu_${tool.id}`, toolResult: { status: 'success', value } };
}

/** Input with its cache. */
function ledgerOf({ at, usage }) {
  const input = usage.fresh + usage.cacheRead + usage.cacheWrite;
  return {
    created_timestamp: seconds(at),
    model: MODEL,
    input_tokens: input,
    output_tokens: usage.output,
    total_tokens: input + usage.output,
    cache_read_tokens: usage.cacheRead,
    cache_write_tokens: usage.cacheWrite,
    cost: 0.01,
    cost_source: 'provider_reported',
  };
}
