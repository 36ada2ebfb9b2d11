import { sqlFile } from '../catalog/sql-files.ts';
import { maskStored } from './mask-stored.ts';

/**
 * Cuts an adapter's SQL into statements and leaves out those that serve only rows which this batch does not have.
 *
 * A statement says so in a comment above it: `-- @only-with staged_iteration`. What adapters share is taken in by
 * `-- @include register_sessions`: the statements of `sql/load/register_sessions.sql`. What is stored is masked.
 */
export function statementsFor(sql: string, hasRows: (table: string) => boolean): readonly string[] {
  return sql
    .replace(/^-- @include (\w+)$/gm, (_, name: string) => sqlFile(`sql/load/${name}.sql`))
    .split(/;\s*\n/)
    .filter((statement) => {
      if (statement.trim() === '') return false;
      const needed = /^-- @only-with staged_(\w+)$/m.exec(statement)?.[1];
      return needed === undefined || hasRows(needed);
    })
    .map(maskStored);
}
