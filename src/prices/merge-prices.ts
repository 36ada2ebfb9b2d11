/**
 * Dated merging: what is in force when a newer list arrives.
 *
 * - a rate that changed: the old row ends on the new list's date, a new row starts then;
 * - a rate that did not change keeps its row;
 * - a model that the new list no longer names keeps its rows: its calls are still in the logs;
 * - a model seen for the first time is priced from the beginning: the first price known also prices earlier calls;
 * - a band or tier that a listed model gained starts, and one that it lost ends, on the new list's date.
 */
import { comparePriceRows, FIRST_VALID_ON, formatRowKey, hasSamePrices, type PriceRow } from './price-row.ts';

/** Rows with the date of the list they come from, `YYYY-MM-DD`. */
export interface DatedRows {
  readonly listed_on: string;
  readonly rows: readonly PriceRow[];
}

/**
 * Merges a list into the rows so far. A list older than the rows only adds models that they lack.
 * Rows are complete (every tier of every band); so is the result.
 */
export function mergePrices(older: DatedRows, newer: DatedRows): readonly PriceRow[] {
  const date = newer.listed_on;
  const known = new Set(older.rows.map((row) => row.model));
  const listed = new Map<string, PriceRow>();
  const listedModels = new Set<string>();
  const added: PriceRow[] = [];
  for (const row of newer.rows) {
    if (row.valid_to_on !== null) continue;
    if (known.has(row.model)) listed.set(formatRowKey(row), row);
    else added.push({ ...row, valid_from_on: FIRST_VALID_ON });
    listedModels.add(row.model);
  }
  if (date < older.listed_on) return [...older.rows, ...added].sort(comparePriceRows);

  const kept: PriceRow[] = [];
  for (const row of older.rows) {
    if (row.valid_to_on !== null || !listedModels.has(row.model)) {
      kept.push(row);
      continue;
    }
    const key = formatRowKey(row);
    const next = listed.get(key);
    if (next !== undefined && hasSamePrices(row, next)) {
      kept.push(row);
      listed.delete(key);
    } else if (row.valid_from_on < date) {
      kept.push({ ...row, valid_to_on: date });
    }
  }
  const started = [...listed.values()].map((row) => ({ ...row, valid_from_on: date }));
  return [...kept, ...started, ...added].sort(comparePriceRows);
}
