import { showReport } from './show-report.ts';
import type { Invocation } from './spec.ts';

/** Lists the prices in force, or loads another list where the options name one. */
export async function runPrices(invocation: Invocation): Promise<void> {
  const { options } = invocation;
  if (options.priceFile === undefined && !options.isUpdatingPrices) {
    return showReport(invocation, { name: 'prices', needsLogs: false });
  }
  const { loadPriceList } = await import('./load-price-list.ts');
  await loadPriceList(invocation);
}
