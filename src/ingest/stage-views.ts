import { quoteText } from '../catalog/sql-names.ts';
import type { Adapter } from '../model/adapter.ts';
import { physicalColumns } from '../project/project.ts';

/**
 * Statements that show one adapter's staged parts as `staged_<table>`: over the Parquet files of a batch, or, for a
 * table of which the batch has no rows, over nothing, with the same columns.
 */
export function stageViews(adapter: Adapter, parts: Readonly<Record<string, readonly string[]>>): string {
  return adapter.plan.tables
    .map((table) => {
      const files = parts[`${adapter.plan.name}.${table.name}`] ?? [];
      const rows =
        files.length > 0
          ? `select * from read_parquet([${files.map(quoteText).join(', ')}])`
          : `select ${physicalColumns(table)
              .map(({ name, type }) => `null::${type} as "${name}"`)
              .join(', ')} where false`;
      return `create or replace temp view staged_${table.name} as ${rows};`;
    })
    .join('\n');
}
