import type { Connection } from '../warehouse/connection.ts';
import { SESSION_TABLES } from './forget-rows.ts';

/** Headers are one for each load of a session, on its first line of that load. */
const COUNTED = [...SESSION_TABLES.filter((table) => table !== 'session_headers'), 'rejects'] as const;

/**
 * Sets how many lines were read of sources whose reader goes on from a mark: those of which something is stored. What a load read does
 * not tell, since a reader reads again what may have changed, and says what is gone by a line without content.
 */
export async function countLines(connection: Connection, sourceNos: readonly number[]): Promise<void> {
  if (sourceNos.length === 0) return;
  const chosen = `(${sourceNos.join(', ')})`;
  const lines = COUNTED.map(
    (table) => `select source_no, line_no from raw.${table} where source_no in ${chosen}`,
  );
  await connection.execute(`
    update raw.sources set line_count = coalesce(counted.line_count, 0)
    from (
        select s.source_no, c.line_count
        from raw.sources as s
        left join (
            select source_no, count(distinct line_no) as line_count from (${lines.join(' union all ')}) group by source_no
        ) as c using (source_no)
        where s.source_no in ${chosen}
    ) as counted
    where sources.source_no = counted.source_no`);
}
