import { realpathSync, statSync } from 'node:fs';
import { AgenttraceError } from '../model/errors.ts';
import type { Cell } from '../model/result.ts';
import type { Connection } from '../warehouse/connection.ts';
import type { Options } from './options.ts';

const MOST_MATCHES = 100;

const MATCHES = `
select session_id, agent, kind, started_at, session_id = $ref or native_session_id = $ref as is_whole
from v1.sessions
where starts_with(session_id, $ref) or starts_with(native_session_id, $ref)
order by is_whole desc, kind <> 'main', started_at desc nulls last, session_id
limit ${MOST_MATCHES}`;

/** The id of the session that REF names: a session id, an agent's own id, a unique beginning of either, or a log of it. */
export async function resolveSession(connection: Connection, ref: string): Promise<string> {
  const { rows } = await connection.query(MATCHES, { ref });
  const whole = rows.filter((row) => row[4] === true);
  const candidates = whole.length > 0 ? whole : rows;
  const mains = candidates.filter((row) => row[2] === 'main');
  const chosen = mains.length > 0 ? mains : candidates;
  const [first] = chosen;
  if (first === undefined) return resolveFile(connection, ref);
  if (chosen.length === 1 || first[0] === ref) return String(first[0]);
  throw ambiguous({ ref, kind: 'session', lines: chosen.map(candidateLine) });
}

/** The session of a log, where REF is no id but a file. */
function resolveFile(connection: Connection, ref: string): Promise<string> {
  const stats = statSync(ref, { throwIfNoEntry: false });
  if (stats?.isFile()) return sessionOfLog(connection, realpathSync(ref));
  throw new AgenttraceError({
    code: 'no_input',
    message: stats?.isDirectory()
      ? `“${ref}” is a folder, and no session's id begins so.`
      : `There is no session whose id begins with “${ref}”, and no file of that name.`,
    hint: stats?.isDirectory()
      ? 'Name one of its logs; -d with the folder reads them all.'
      : 'agenttrace sessions lists them; agenttrace doctor shows where logs are looked for.',
  });
}

/** Candidates shown of a REF that is too short. */
const SHOWN = 8;

function ambiguous({
  ref,
  kind,
  lines,
}: {
  readonly ref: string;
  readonly kind: string;
  readonly lines: readonly string[];
}): AgenttraceError {
  const count = lines.length === MOST_MATCHES ? `${MOST_MATCHES} or more` : String(lines.length);
  const shown = lines.slice(0, SHOWN);
  const rest = lines.length - shown.length;
  return new AgenttraceError({
    code: 'usage',
    message: `“${ref}” begins the ids of ${count} ${kind}s.`,
    hint: ['Give more of the id:', ...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n'),
  });
}

const candidateLine = ([id, agent, , startedAt]: readonly Cell[]): string =>
  `${String(id)}  ${String(agent)}  ${startedAt === null ? '' : String(startedAt)}`;

const NEWEST = `
select session_id
from v1.sessions
where (kind <> 'subagent' or session_id = $session)
    and ($session is null or $session in (session_id, root_session_id))
    and ($agent is null or agent = $agent)
    and ($project is null or project = $project)
    and (
        $model is null
        or session_id in (select root_session_id from v1.llm_calls where $model in (model, model_raw))
        or session_id in (select session_id from v1.llm_calls where $model in (model, model_raw))
    )
    and ($until is null or started_at < cast($until as timestamptz))
    and ($since is null or coalesce(ended_at, started_at) >= cast($since as timestamptz))
order by coalesce(ended_at, started_at) desc nulls last, session_id
limit 1`;

/**
 * The session with the latest activity among those that the options leave; of a model are those in which it, or a subagent that it
 * started, made a call.
 */
export async function newestSession(connection: Connection, options: Options): Promise<string> {
  const session = options.session === undefined ? null : await resolveSession(connection, options.session);
  const { rows } = await connection.query(NEWEST, {
    session,
    agent: options.agent ?? null,
    project: options.project ?? null,
    model: options.model ?? null,
    since: options.since?.toISOString() ?? null,
    until: options.until?.toISOString() ?? null,
  });
  const id = rows[0]?.[0];
  if (typeof id === 'string') return id;
  throw new AgenttraceError({
    code: 'no_input',
    message: 'No session was found.',
    hint: 'agenttrace doctor shows every folder looked in and what was understood.',
  });
}

const SESSION_OF_LOG = `
select session_id
from v1.sessions as sessions
inner join v1.sources as sources using (source_id)
where sources.path = $path
order by sessions.kind <> 'main', coalesce(sessions.ended_at, sessions.started_at) desc nulls last, session_id
limit 1`;

/** The session of a log that the warehouse knows, by its real path; of a log with several, the newest. */
export async function sessionOfLog(connection: Connection, path: string): Promise<string> {
  const { rows } = await connection.query(SESSION_OF_LOG, { path });
  const id = rows[0]?.[0];
  if (typeof id === 'string') return id;
  throw new AgenttraceError({
    code: 'no_input',
    message: 'No session of this log is in the warehouse.',
    source: path,
    hint: '-d with its folder reads it; diff reads both where both are logs.',
  });
}

const CALLS = `
select llm_call_id
from v1.llm_calls
where starts_with(llm_call_id, $ref) or starts_with(llm_call_id, agent || ':' || $ref)
order by started_at, llm_call_id
limit ${MOST_MATCHES}`;

/** The billed call or the session that REF names, as the parameter of a report. */
export async function resolveCallOrSession(
  connection: Connection,
  ref: string,
): Promise<{ readonly call: string } | { readonly session: string }> {
  const { rows } = await connection.query(CALLS, { ref });
  const calls = rows.map(([id]) => String(id));
  const [only, second] = calls;
  if (only !== undefined && second === undefined) return { call: only };
  try {
    return { session: await resolveSession(connection, ref) };
  } catch (error) {
    const isNone = error instanceof AgenttraceError && error.code === 'no_input';
    throw isNone && calls.length > 0 ? ambiguous({ ref, kind: 'call', lines: calls }) : error;
  }
}
