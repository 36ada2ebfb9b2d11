import { createHash } from 'node:crypto';
import { sqlFile } from '../catalog/sql-files.ts';
import type { Connection } from '../warehouse/connection.ts';
import type { Discovery } from './discover.ts';
import { CHANGE_TABLES, type Doomed, rowsOfSessions, rowsOfSources, SESSION_TABLES } from './forget-rows.ts';

/** Under what a log or a transcript is remembered as forgotten. The SQL of forgotten_sessions.sql says the same. */
export const forgottenId = (kind: 'source' | 'session', name: string): string =>
  createHash('sha256').update(`${kind} ${name}`).digest('hex').slice(0, 32);

/** Ids of the logs that are not to be read. */
export async function readForgottenSources(connection: Connection): Promise<ReadonlySet<string>> {
  const { rows } = await connection.query(
    `select forgotten_id from raw.forgotten where forgotten_kind = 'source'`,
  );
  return new Set(rows.map(([id]) => String(id)));
}

/** The logs without those that are not to be read. */
export function withoutForgotten(discovery: Discovery, forgotten: ReadonlySet<string>): Discovery {
  if (forgotten.size === 0) return discovery;
  return {
    ...discovery,
    files: discovery.files.filter(({ path }) => !forgotten.has(forgottenId('source', path))),
  };
}

/** Whether rows of transcripts that are to stay away may come with a load. */
export async function hasForgottenSessions(connection: Connection): Promise<boolean> {
  const { rows } = await connection.query(
    `select 1 from raw.forgotten where forgotten_kind = 'session' limit 1`,
  );
  return rows.length > 0;
}

/**
 * Removes the raw rows of forgotten transcripts and of those below them, and the sources that told of nothing else. What
 * is left of a source is noted, so that it can be read again. Returns how many rows went.
 */
export async function dropForgotten(connection: Connection): Promise<number> {
  await connection.execute(sqlFile('sql/load/forgotten_sessions.sql'));
  const sessions = 'select session_no from forgotten_sessions';
  await connection.execute(`
    create or replace temp table trimmed_sources as
        select distinct r.source_no, f.group_id
        from (${SESSION_TABLES.map((table) => `select source_no, session_no from raw.${table}`).join(' union all ')}) as r
        inner join forgotten_sessions as f using (session_no);
    create or replace temp table idle_sessions as ${sessions};`);
  let count = await removeAll(connection, rowsOfSessions(sessions));
  // A source of which nothing is left has nothing to say but its path.
  await connection.execute(`
    create or replace temp table empty_sources as
        select distinct source_no from trimmed_sources
        except
        select source_no from (${CHANGE_TABLES.map((table) => `select source_no from raw.${table}`).join(
          ' union all ',
        )});
    insert into raw.forgotten
        select
            left(sha256('source ' || s.path), 32), 'source', any_value(t.group_id), any_value(s.agent), now(), [], 0
        from raw.sources as s
        inner join trimmed_sources as t using (source_no)
        where s.source_no in (select source_no from empty_sources)
        group by s.path;
    update raw.forgotten as f
    set source_nos = list_distinct(list_concat(f.source_nos, t.source_nos))
    from (
        select group_id, list(source_no) as source_nos
        from trimmed_sources
        where source_no not in (select source_no from empty_sources)
        group by group_id
    ) as t
    where f.group_id = t.group_id and f.forgotten_kind = 'session' and f.forgotten_id = f.group_id;`);
  count += await removeSources(connection, 'select source_no from empty_sources');
  await connection.execute(sqlFile('sql/load/drop_idle_sessions.sql'));
  return count;
}

/** Removes sources with all their rows; how many went, the sources themselves not counted. */
export async function removeSources(connection: Connection, sources: string): Promise<number> {
  const count = await removeAll(connection, rowsOfSources(sources));
  await connection.execute(`delete from raw.sources where source_no in (${sources})`);
  return count;
}

async function removeAll(connection: Connection, rows: readonly Doomed[]): Promise<number> {
  let count = 0;
  for (const { table, where } of rows)
    count += await connection.execute(`delete from raw.${table} where ${where}`);
  return count;
}
