import { AgenttraceError } from '../model/errors.ts';
import type { Cell } from '../model/result.ts';
import type { Connection } from '../warehouse/connection.ts';
import type { Options } from './options.ts';

const MATCHES = `
select session_id, agent, kind, started_at, session_id = $ref or native_session_id = $ref as is_whole
from v1.sessions
where starts_with(session_id, $ref) or starts_with(native_session_id, $ref)
order by is_whole desc, kind <> 'main', started_at desc nulls last, session_id
limit 100`;

/** The id of the session that REF names: a session id, an agent's own id, or a unique beginning of either. */
export async function resolveSession(connection: Connection, ref: string): Promise<string> {
  const { rows } = await connection.query(MATCHES, { ref });
  const whole = rows.filter((row) => row[4] === true);
  const candidates = whole.length > 0 ? whole : rows;
  const mains = candidates.filter((row) => row[2] === 'main');
  const chosen = mains.length > 0 ? mains : candidates;
  const [first] = chosen;
  if (first === undefined) {
    throw new AgenttraceError({
      code: 'no_input',
      message: `There is no session whose id begins with “${ref}”, and no file of that name.`,
      hint: 'agenttrace sessions lists them; agenttrace doctor shows where logs are looked for.',
    });
  }
  if (chosen.length === 1 || first[0] === ref) return String(first[0]);
  throw new AgenttraceError({
    code: 'usage',
    message: `“${ref}” begins the ids of ${chosen.length === 100 ? '100 or more' : chosen.length} sessions.`,
    hint: `Give more of the id:\n${chosen.slice(0, 8).map(candidateLine).join('\n')}`,
  });
}

const candidateLine = ([id, agent, , startedAt]: readonly Cell[]): string =>
  `${String(id)}  ${String(agent)}  ${startedAt === null ? '' : String(startedAt)}`;

const NEWEST = `
select session_id
from v1.sessions
where kind <> 'subagent'
    and ($agent is null or agent = $agent)
    and ($project is null or project = $project)
    and ($model is null or model = $model)
    and ($until is null or started_at < cast($until as timestamptz))
    and ($since is null or coalesce(ended_at, started_at) >= cast($since as timestamptz))
order by coalesce(ended_at, started_at) desc nulls last, session_id
limit 1`;

/** The session with the latest activity among those that the options leave. */
export async function newestSession(connection: Connection, options: Options): Promise<string> {
  const { rows } = await connection.query(NEWEST, {
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
    hint: 'Name both sessions by their logs, or the folder of this one with -d.',
  });
}

/** The billed call or the session that REF names, as the parameter of a report. */
export async function resolveCallOrSession(
  connection: Connection,
  ref: string,
): Promise<{ readonly call: string } | { readonly session: string }> {
  const { rows } = await connection.query(
    'select llm_call_id from v1.llm_calls where starts_with(llm_call_id, $ref) limit 2',
    { ref },
  );
  const [only, second] = rows;
  return only !== undefined && second === undefined
    ? { call: String(only[0]) }
    : { session: await resolveSession(connection, ref) };
}
