import { sqlFile } from '../catalog/sql-files.ts';
import type { Connection } from '../warehouse/connection.ts';
import { CHANGE_TABLES, rowsOfSessions, rowsOfSources, startChanges } from './forget-rows.ts';
import { dropForgotten, forgottenId, removeSources } from './forgotten.ts';
import { rebuildMarts } from './marts.ts';
import { dropIdleNames } from './model-names.ts';
import { readProperty, writeProperty } from './properties.ts';
import { defineMacros, defineStoredViews } from './schema.ts';
import { dropSteps } from './temporary-steps.ts';

/** What is to be forgotten: a transcript with all below it, by its public id, or what was read from one log. */
export type Forgettable =
  | { readonly kind: 'session'; readonly sessionId: string }
  | { readonly kind: 'source'; readonly path: string };

const nameOf = (target: Forgettable): string => (target.kind === 'session' ? target.sessionId : target.path);

/** Raw rows that forgetting would remove. */
export async function countForgettable(connection: Connection, target: Forgettable): Promise<number> {
  const doomed =
    target.kind === 'source'
      ? rowsOfSources('select source_no from raw.sources where path = $name')
      : rowsOfSessions(BELOW);
  const counts = doomed.map(({ table, where }) => `select count(*) as n from raw.${table} where ${where}`);
  const { rows } = await connection.query(`select sum(n)::bigint from (${counts.join(' union all ')})`, {
    name: nameOf(target),
  });
  return Number(rows[0]?.[0] ?? 0);
}

/** The transcript of that id, and those below it. */
const BELOW = `
with recursive tree as (
    select session_no from mart.sessions where session_id = $name
    union
    select s.session_no from tree as t inner join mart.sessions as s on s.parent_session_no = t.session_no
)
select session_no from tree`;

/**
 * Removes the rows, notes that they are to stay away, and makes the marts anew: what other logs say comes out as if the
 * forgotten ones had never been loaded. One transaction. The bytes stay in the file's free blocks until it is rewritten.
 * Returns how many raw rows went.
 */
export async function forget(
  connection: Connection,
  { target, now }: { readonly target: Forgettable; readonly now: Date },
): Promise<number> {
  return connection.transaction(async () => {
    await defineMacros(connection);
    await defineStoredViews(connection);
    await startChanges(connection);
    const count =
      target.kind === 'session'
        ? await forgetSession(connection, { id: target.sessionId, now })
        : await forgetSource(connection, { path: target.path, now });
    await connection.execute('update raw.forgotten set row_count = $count where forgotten_id = $id', {
      count,
      id: forgottenId(target.kind, nameOf(target)),
    });
    await dropIdleNames(connection);
    await rebuildMarts(connection);
    await writeProperty(connection, 'is_rewrite_due', 'true');
    await dropSteps(connection);
    return count;
  });
}

async function forgetSession(
  connection: Connection,
  { id, now }: { readonly id: string; readonly now: Date },
): Promise<number> {
  await note(connection, { kind: 'session', name: id, agent: id.split(':')[0] ?? '', now });
  return dropForgotten(connection);
}

async function forgetSource(
  connection: Connection,
  { path, now }: { readonly path: string; readonly now: Date },
): Promise<number> {
  const { rows } = await connection.query('select source_no, agent from raw.sources where path = $path', {
    path,
  });
  await note(connection, { kind: 'source', name: path, agent: String(rows[0]?.[1] ?? ''), now });
  if (rows.length === 0) return 0;
  const sources = rows.map(([sourceNo]) => String(sourceNo)).join(', ');
  await connection.execute(`
    create or replace temp table idle_sessions as
        ${CHANGE_TABLES.map(
          (table) => `select session_no from raw.${table} where source_no in (${sources})`,
        ).join(' union ')}
        union select parent_session_no from raw.session_headers where source_no in (${sources})
        union select forked_from_session_no from raw.session_headers where source_no in (${sources})`);
  const count = await removeSources(connection, sources);
  await connection.execute(sqlFile('sql/load/drop_idle_sessions.sql'));
  return count;
}

interface Mark {
  readonly kind: 'source' | 'session';
  readonly name: string;
  readonly agent: string;
  readonly now: Date;
}

async function note(connection: Connection, { kind, name, agent, now }: Mark): Promise<void> {
  const id = forgottenId(kind, name);
  await connection.execute(
    `insert into raw.forgotten
    select $id, '${kind}', $id, $agent, $now::timestamptz, [], 0
    where not exists (from raw.forgotten where forgotten_id = $id)`,
    { id, agent, now: now.toISOString() },
  );
}

export interface ForgottenMark {
  readonly id: string;
  readonly kind: 'source' | 'session';
  readonly agent: string;
  readonly forgottenAt: string;
  readonly rowCount: number;
  /** Logs that went with it. */
  readonly sourceCount: number;
}

/** What was forgotten, newest first; logs that went with a transcript are counted there. */
export async function listForgotten(connection: Connection): Promise<readonly ForgottenMark[]> {
  const { rows } = await connection.query(`
    select
        forgotten_id, forgotten_kind, agent, forgotten_at, row_count,
        (select count(*) from raw.forgotten as s where s.group_id = f.group_id and s.forgotten_kind = 'source')
    from raw.forgotten as f
    where forgotten_id = group_id
    order by forgotten_at desc, forgotten_id`);
  return rows.map(([id, kind, agent, at, rowCount, sourceCount]) => ({
    id: String(id),
    kind: kind === 'source' ? 'source' : 'session',
    agent: String(agent),
    forgottenAt: String(at),
    rowCount: Number(rowCount),
    sourceCount: Number(sourceCount),
  }));
}

/** Lets what was forgotten under an id be loaded again; the next load does it, where the logs are still there. */
export async function unforget(connection: Connection, id: string): Promise<void> {
  await connection.transaction(async () => {
    // A source of another version of its adapter is read anew.
    await connection.execute(
      `update raw.sources set adapter_version = 0
      where source_no in (select unnest(source_nos) from raw.forgotten where group_id = $id)`,
      { id },
    );
    await connection.execute('delete from raw.forgotten where group_id = $id', { id });
  });
}

/** What a file that was written anew is told, as `rewriteFile` asks for it. */
export const AFTER_REWRITE = `delete from fresh.raw.properties where name = 'is_rewrite_due'`;

/** Whether the file still holds bytes of rows that were removed or masked. */
export const isRewriteDue = async (connection: Connection): Promise<boolean> =>
  (await readProperty(connection, 'is_rewrite_due')) !== undefined;
