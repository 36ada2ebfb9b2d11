import { contractSql } from '../catalog/contract.ts';
import type { ResultColumn } from '../model/result.ts';
import { applyMigrations, pendingMigrations } from './migrate.ts';
import { openOnce } from './open.ts';

/**
 * Columns of every public view with their types, by the view's name. They come from an empty warehouse, so that they are
 * what DuckDB says and not what a header claims.
 */
export async function readViewTypes(): Promise<ReadonlyMap<string, readonly ResultColumn[]>> {
  const connection = await openOnce({ file: ':memory:', mode: 'write' });
  try {
    const pending = await pendingMigrations(connection);
    // A copy of the template has them all.
    if (pending.length > 0) {
      await applyMigrations(connection, pending);
      await connection.execute(contractSql().join(';\n'));
    }
    const { rows } = await connection.query(
      `select table_name, column_name, data_type from duckdb_columns() where schema_name = 'v1' order by table_name, column_index`,
    );
    const types = new Map<string, ResultColumn[]>();
    for (const [view, name, type] of rows) {
      const columns = types.get(String(view)) ?? [];
      columns.push({ name: String(name), type: String(type) });
      types.set(String(view), columns);
    }
    return types;
  } finally {
    connection.close();
  }
}
