import { quoteText } from '../catalog/sql-names.ts';
import type { Adapter } from '../model/adapter.ts';
import type { PlanTable } from '../model/plan.ts';
import { physicalColumns } from '../project/project.ts';

/** More tokens, lines, calls or milliseconds than there are of anything. */
const MOST = 99_999_999_999;
/** More web searches than one call makes; what they cost has room in its type. */
const MOST_SEARCHES = 999_999;
/** What has room in an INTEGER. */
const MOST_SMALL = 2_147_483_647;

/** By its name, what a column of whole numbers holds at most; undefined for moments and sizes. */
function mostOf(name: string): number | undefined {
  if (/(?:^|_)(?:attempts?|attempt_number|retries|code|status)$/.test(name)) return MOST_SMALL;
  if (/(?:^|_)web_search_count$/.test(name)) return MOST_SEARCHES;
  return /(?:^|_)(?:tokens|reasoning|reads|writes|in|out|count|(?:duration|wait|latency|stream|token)_ms|secs)$/.test(
    name,
  )
    ? MOST
    : undefined;
}

/** A count beyond all bounds is a defect of the log, and no number: sums and costs of it would have no room in their types. */
function withoutAbsurd({ columns }: PlanTable): string {
  const bounded = columns.flatMap(({ name, kind }) => {
    const most = kind === 'integer' ? mostOf(name) : undefined;
    return most === undefined
      ? []
      : [`case when "${name}" between -${most} and ${most} then "${name}" end as "${name}"`];
  });
  return bounded.length === 0 ? '' : ` replace (${bounded.join(', ')})`;
}

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
          ? `select *${withoutAbsurd(table)} from read_parquet([${files.map(quoteText).join(', ')}])`
          : `select ${physicalColumns(table)
              .map(({ name, type }) => `null::${type} as "${name}"`)
              .join(', ')} where false`;
      return `create or replace temp view staged_${table.name} as ${rows};`;
    })
    .join('\n');
}
