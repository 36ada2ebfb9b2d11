import { join } from 'node:path';
import { createDatabase } from './database.mjs';
import { argumentsOf, resultOf } from './tools.mjs';
import { totalsOf } from './totals.mjs';

const TOOLS = { shell: 'bash', read: 'read', search: 'grep', edit: 'edit' };
const NAMES = { path: 'filePath', before: 'oldString', after: 'newString' };
const SCHEMA = `create table project (id text primary key, worktree text not null, time_created integer, time_updated integer);
create table session (id text primary key, project_id text not null, parent_id text, slug text not null, directory text not null, title text not null, version text not null, time_created integer not null, time_updated integer not null);
create table message (id text primary key, session_id text not null, time_created integer not null, time_updated integer not null, data text not null);
create table part (id text primary key, message_id text not null, session_id text not null, time_created integer not null, time_updated integer not null, data text not null);
create index part_message on part (message_id);
create index message_session on message (session_id);`;

export const opencode = {
  agent: 'opencode',
  totals: totalsOf,
  open: (home) => {
    const database = createDatabase(join(home, '.local/share/opencode/opencode.db'), SCHEMA);
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
  const times = { time_created: session.at, time_updated: session.endAt };
  const { id, directory, title, version } = infoOf(session);
  database.insert('session', {
    id,
    project_id: session.project,
    slug: 's',
    directory,
    title,
    version,
    ...times,
  });
  for (const { info, parts } of messagesOf(session)) {
    const { id: message, sessionID, ...data } = info;
    const at = { time_created: data.time.created, time_updated: data.time.completed ?? data.time.created };
    database.insert('message', { id: message, session_id: sessionID, ...at, data: JSON.stringify(data) });
    for (const { id: part, messageID, sessionID: session_id, ...told } of parts) {
      database.insert('part', {
        id: part,
        message_id: messageID,
        session_id,
        ...at,
        data: JSON.stringify(told),
      });
    }
  }
}

const infoOf = ({ id, project, cwd, at, endAt }) => ({
  id: `ses_${id}`,
  projectID: project,
  directory: cwd,
  title: 'T',
  version: '1.18.0',
  time: { created: at, updated: endAt },
});

/** What `opencode export` would write if all these sessions' messages were one session's. */
export const opencodeExport = {
  kind: 'opencode-export',
  begin: (session) => `{"info":${JSON.stringify(infoOf(session))},"messages":[`,
  next: (session, first) =>
    messagesOf({ ...session, id: first.id })
      .map((message) => JSON.stringify(message))
      .join(','),
  end: ']}',
  totals: (session, first) => ({ ...totalsOf(session), sessions: session === first ? 1 : 0 }),
};

/** Messages with their parts: a message for each step. */
function* stepsOf(session) {
  let count = 0;
  const next = () => {
    count += 1;
    return `${session.number.toString(16).padStart(5, '0')}${count.toString(16).padStart(5, '0')}`;
  };
  const sessionID = `ses_${session.id}`;
  for (const { at, prompt, steps } of session.turns) {
    const asked = { id: `msg_${next()}`, sessionID, role: 'user', time: { created: at }, agent: 'build' };
    const head = { id: `prt_${next()}`, sessionID, messageID: asked.id };
    yield { info: asked, parts: [{ ...head, type: 'text', text: prompt }] };
    for (const step of steps) {
      const info = answerOf({ step, session, id: `msg_${next()}`, sessionID, parentID: asked.id });
      const partHead = () => ({ id: `prt_${next()}`, sessionID, messageID: info.id });
      yield { info, parts: partsOf(step, info).map((part) => ({ ...partHead(), ...part })) };
    }
  }
}

const messagesOf = (session) => [...stepsOf(session)];

function answerOf({ step, session, id, sessionID, parentID }) {
  const { fresh, output, reasoning, cacheRead, cacheWrite } = step.usage;
  return {
    id,
    sessionID,
    role: 'assistant',
    parentID,
    modelID: 'claude-sonnet-4-5',
    providerID: 'anthropic',
    mode: 'build',
    path: { cwd: session.cwd, root: session.cwd },
    time: { created: step.startAt, completed: step.tools.at(-1)?.at ?? step.at },
    cost: (fresh * 3 + output * 15) / 1e6,
    tokens: {
      total: fresh + output + cacheRead + cacheWrite,
      input: fresh,
      output: output - reasoning,
      reasoning,
      cache: { read: cacheRead, write: cacheWrite },
    },
    finish: step.isLast ? 'stop' : 'tool-calls',
  };
}

function partsOf({ thinking, text, tools, startAt, at }, { tokens, cost, finish }) {
  const time = { start: startAt, end: at };
  return [
    { type: 'step-start', snapshot: 'a1b2c3' },
    ...(thinking ? [{ type: 'reasoning', text: thinking, time }] : []),
    ...(text ? [{ type: 'text', text, time }] : []),
    ...tools.map((tool) => ({
      type: 'tool',
      callID: `toolu_${tool.id}`,
      tool: TOOLS[tool.kind],
      state: {
        input: argumentsOf(tool, NAMES),
        time: { start: tool.startAt, end: tool.at },
        ...(tool.isFailed
          ? { status: 'error', error: resultOf(tool) }
          : { status: 'completed', output: resultOf(tool), title: tool.kind, metadata: {} }),
      },
    })),
    { type: 'step-finish', reason: finish, cost, tokens },
  ];
}
