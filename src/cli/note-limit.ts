import type { Report } from '../catalog/report.ts';
import { note } from './note.ts';
import type { Invocation } from './spec.ts';

/** Rows at which a report's list ends unasked, since nobody named a number; null: it does not. */
export function unaskedLimit({ options }: Pick<Invocation, 'options'>, report: Report): number | null {
  const limit = report.parameters.find(({ name }) => name === 'limit')?.default ?? null;
  if (report.shape !== 'table' || limit === null) return null;
  return options.limit === undefined && options.parameters.limit === undefined ? Number(limit) : null;
}

/** Says that a list which ends at its report's own limit may go on. */
export async function noteLimit(
  invocation: Invocation,
  { report, rowCount }: { readonly report: Report; readonly rowCount: number },
): Promise<void> {
  if (rowCount === 0 || rowCount !== unaskedLimit(invocation, report)) return;
  const { description = '' } = report.parameters.find(({ name }) => name === 'limit') ?? {};
  const which = /\blast\b/.test(description) ? 'last' : 'first';
  await note(invocation, `These are the ${which} ${rowCount}; there may be more: --limit N shows them.`);
}
