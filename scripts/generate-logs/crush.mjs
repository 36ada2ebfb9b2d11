import { join } from 'node:path';
import { createDatabase } from './database.mjs';
import { argumentsOf, resultOf } from './tools.mjs';
import { totalsOf, untold } from './totals.mjs';

const TOOLS = { shell: 'bash', read: 'view', search: 'grep', edit: 'edit' };
const SCHEMA = `create table sessions (id text primary key, parent_session_id text, title text not null, message_count integer not null default 0, prompt_tokens integer not null default 0, completion_tokens integer not null default 0, cost real not null default 0.0, updated_at integer not null, created_at integer not null, summary_message_id text);
create table messages (id text primary key, session_id text not null, role text not null, parts text not null default '[]', model text, created_at integer not null, updated_at integer not null, finished_at integer, provider text, is_summary_message integer not null default 0);
create table files (id text primary key, session_id text not null, path text not null, content text not null, version integer not null default 0, created_at integer not null, updated_at integer not null);
create index messages_session on messages (session_id);`;

/** Costs, and no tokens. The program looks into the folder that it is called in. */
export const crush = {
  agent: 'crush',
  totals: (session) =>
    untold(
      { ...totalsOf(session), calls: 1 },
      'uncached_input_tokens',
      'cache_read_tokens',
      'cache_write_tokens',
      'output_tokens',
      'reasoning_tokens',
    ),
  open: (home) => {
    const database = createDatabase(join(home, '.crush/crush.db'), SCHEMA);
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
  const { id, at, endAt, steps, turns } = session;
  const times = { created_at: seconds(at), updated_at: seconds(endAt) };
  database.insert('sessions', { id, title: 'T', cost: steps.length / 100, prompt_tokens: 9000, ...times });
  const add = (time, role, parts) => {
    const who = role === 'assistant' ? { model: 'claude-sonnet-4-5', provider: 'anthropic' } : {};
    const when = { created_at: seconds(time), updated_at: seconds(time) };
    const key = `${id}-${count++}`;
    database.insert('messages', {
      id: key,
      session_id: id,
      role,
      parts: JSON.stringify(parts),
      ...who,
      ...when,
    });
  };
  let count = 0;
  for (const turn of turns) {
    add(turn.at, 'user', [part('text', { text: turn.prompt })]);
    for (const step of turn.steps) {
      add(step.at, 'assistant', answerParts(step));
      if (step.tools.length > 0) add(step.tools.at(-1).at, 'tool', step.tools.map(resultPart));
    }
  }
}

const seconds = (milliseconds) => Math.floor(milliseconds / 1000);
const part = (type, data) => ({ type, data });

const answerParts = ({ thinking, text, tools, startAt, at, isLast }) => [
  ...(thinking
    ? [part('reasoning', { thinking, started_at: seconds(startAt), finished_at: seconds(at) })]
    : []),
  ...(text ? [part('text', { text })] : []),
  ...tools.map((tool) => {
    const input = JSON.stringify(argumentsOf(tool));
    return part('tool_call', { id: `toolu_${tool.id}`, name: TOOLS[tool.kind], input, finished: true });
  }),
  part('finish', { reason: isLast ? 'end_turn' : 'tool_use', time: seconds(at) }),
];

const resultPart = (tool) =>
  part('tool_result', {
    tool_call_id: `toolu_${tool.id}`,
    name: TOOLS[tool.kind],
    content: resultOf(tool),
    metadata: '',
    is_error: tool.isFailed,
  });
