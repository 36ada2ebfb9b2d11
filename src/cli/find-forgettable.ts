import { existsSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { adapters } from '../../adapters/index.ts';
import { type Forgettable, listForgotten } from '../ingest/forget.ts';
import { forgottenId, readForgottenSources } from '../ingest/forgotten.ts';
import { AgenttraceError } from '../model/errors.ts';
import type { ResultSet } from '../model/result.ts';
import type { Connection } from '../warehouse/connection.ts';
import { resolveSession } from './resolve-session.ts';
import type { Invocation } from './spec.ts';

export interface FoundForgettable {
  readonly target: Forgettable;
  /** The sessions that go with it; of a log, those that it tells of. */
  readonly listed: ResultSet;
  /** Whether it was forgotten before. */
  readonly isAgain: boolean;
}

export interface ForgettableRef {
  readonly connection: Connection;
  readonly ref: string;
}

const LISTED = `
    sessions.session_id, sessions.kind, sessions.agent, sessions.project, sessions.started_at,
    sessions.llm_call_count, sessions.tool_call_count, sessions.cost_usd`;

const SESSION_AND_BELOW = `
with recursive tree as (
    select session_id, 0 as depth from v1.sessions where session_id = $id
    union
    select s.session_id, t.depth + 1
    from tree as t
    inner join v1.sessions as s on s.parent_session_id = t.session_id
    where t.depth < 64
)
select ${LISTED}
from v1.sessions as sessions
inner join tree using (session_id)
order by tree.depth, sessions.started_at nulls last, sessions.session_id`;

const OF_LOG = `
select ${LISTED}
from v1.sessions as sessions
where
    sessions.source_id in (select source_id from v1.sources where path = $path)
    or sessions.session_id in (
        select session_id from v1.events
        where source_id in (select source_id from v1.sources where path = $path)
    )
order by sessions.started_at nulls last, sessions.session_id`;

/** What REF names: a log by its path, whether it is loaded or not; else a session, by its id or the beginning of it. */
export async function findForgettable(
  invocation: Invocation,
  { connection, ref }: ForgettableRef,
): Promise<FoundForgettable> {
  const path = await logPath(invocation, { connection, ref });
  if (path !== undefined) {
    const listed = await connection.query(OF_LOG, { path });
    const isAgain = (await readForgottenSources(connection)).has(forgottenId('source', path));
    return { target: { kind: 'source', path }, listed, isAgain };
  }
  const marked = await markedSession(connection, sessionIds(ref));
  if (marked !== undefined) {
    return {
      target: { kind: 'session', sessionId: marked },
      listed: await connection.query(SESSION_AND_BELOW, { id: marked }),
      isAgain: true,
    };
  }
  const sessionId = await resolveSession(connection, ref);
  return {
    target: { kind: 'session', sessionId },
    listed: await connection.query(SESSION_AND_BELOW, { id: sessionId }),
    isAgain: false,
  };
}

/** The path under which the warehouse knows a log, or would. */
async function logPath(
  { runtime }: Invocation,
  { connection, ref }: ForgettableRef,
): Promise<string | undefined> {
  const path = resolve(runtime.workingFolder, ref);
  const real = existsSync(path) ? realpathSync(path) : path;
  const { rows } = await connection.query('select path from v1.sources where path in ($path, $real)', {
    path,
    real,
  });
  const known = rows[0]?.[0];
  if (typeof known === 'string') return known;
  if (!existsSync(path)) return undefined;
  if (statSync(path).isFile()) return path;
  throw new AgenttraceError({
    code: 'usage',
    message: 'This is a folder. Logs are forgotten one by one.',
    source: path,
    hint: 'agenttrace sources lists the logs.',
  });
}

/** Ids that a whole REF may stand for: a public id, or an agent's own. */
const sessionIds = (ref: string): readonly string[] => [ref, ...adapters.map(({ id }) => `${id}:${ref}`)];

async function markedSession(connection: Connection, ids: readonly string[]): Promise<string | undefined> {
  const marks = new Set((await listForgotten(connection)).map(({ id }) => id));
  return ids.find((id) => marks.has(forgottenId('session', id)));
}

/** The id of what was forgotten under this REF: a path, a session id, or the beginning of an id in the list. */
export async function findMark(
  { runtime }: Invocation,
  { connection, ref }: ForgettableRef,
): Promise<string> {
  const marks = await listForgotten(connection);
  const path = resolve(runtime.workingFolder, ref);
  const real = existsSync(path) ? realpathSync(path) : path;
  const ids = [
    forgottenId('source', path),
    forgottenId('source', real),
    ...sessionIds(ref).map((id) => forgottenId('session', id)),
  ];
  const named = marks.filter(({ id }) => ids.includes(id));
  const found = named.length > 0 ? named : marks.filter(({ id }) => ref.length >= 4 && id.startsWith(ref));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.id;
  throw new AgenttraceError({
    code: found.length === 0 ? 'no_input' : 'usage',
    message:
      found.length === 0
        ? `Nothing was forgotten as “${ref}”.`
        : `“${ref}” begins the ids of ${found.length} things that were forgotten.`,
    hint: 'agenttrace forget lists them. A session is named by its whole id, a log by its path.',
  });
}
