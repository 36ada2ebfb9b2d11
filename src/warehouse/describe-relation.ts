import type { ResultColumn } from '../model/result.ts';
import type { Connection } from './connection.ts';

/** Columns of a table or view, in order, with DuckDB's names of their types. */
export async function describeRelation(
  connection: Connection,
  relation: string,
): Promise<readonly ResultColumn[]> {
  const { rows } = await connection.query(`select column_name, column_type from (describe ${relation})`);
  return rows.map(([name, type]) => ({ name: String(name), type: String(type) }));
}
