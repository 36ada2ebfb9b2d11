import { sqlFile } from '../catalog/sql-files.ts';
import type { Connection } from '../warehouse/connection.ts';

/** Which sessions to export; null: any. */
export interface SessionFilter {
  readonly agent: string | null;
  readonly project: string | null;
  /** Id of a session: the whole tree that it belongs to. */
  readonly session: string | null;
  /** ISO 8601: sessions that ended no earlier. */
  readonly since: string | null;
  /** ISO 8601: sessions that started earlier. */
  readonly until: string | null;
}

/**
 * Fills the temporary table `chosen_sessions`; how many there are. `named_sources` begins as all sources where no filter narrows,
 * else empty: tables add the sources that their rows name.
 */
export async function chooseSessions(connection: Connection, filter: SessionFilter): Promise<number> {
  await connection.execute(sqlFile('sql/macros/export.sql'));
  await connection.execute(
    `create or replace temp table chosen_sessions as\n${sqlFile('sql/export/chosen_sessions.sql')}`,
    { ...filter },
  );
  const isNarrowed = Object.values(filter).some((value) => value !== null);
  await connection.execute(
    `create or replace temp table named_sources as select source_id from internal.source_keys where ${isNarrowed ? 'false' : 'true'}`,
  );
  const { rows } = await connection.query('select count(*) from chosen_sessions');
  return Number(rows[0]?.[0]);
}
