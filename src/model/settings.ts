/** Costs as the log reports them, as tokens times price, or the report's with the price as fallback. */
export const COST_MODES = ['auto', 'calculate', 'reported'] as const;
export type CostMode = (typeof COST_MODES)[number];

/** A time zone by the name that is in use for it; undefined where none has this one. DuckDB takes no offsets, as newer Nodes do. */
export function findTimeZone(name: string): string | undefined {
  if (/^[+-]/.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
