/**
 * From the rates a seller publishes to a complete price row: the fallback rules, and nothing else.
 *
 * Rules (documented in docs/prices.md):
 * - cache read not published: Claude 0.1 × input; others the input price (no discount is invented).
 * - five-minute cache write not published: Claude 1.25 × input; others the input price.
 * - one-hour cache write not published: Claude 2 × input; others the five-minute price.
 * - web search not published: Claude 0.01 USD a request.
 * - a cache rate of zero on a paid model counts as not published.
 * - reasoning priced like the rest of the output is inside the output price (null).
 */
import { divideHalfUp, fromNano } from './decimal.ts';
import type { DerivedClass, PriceClass, PriceRow } from './price-row.ts';

/** Published rates, in units of 10^-9 USD per million tokens (web search: per request). Null or absent: not published. */
export type PublishedRates = {
  readonly [name in PriceClass]?: bigint | null;
} & { readonly uncached_input: bigint; readonly output: bigint };

/** What a row says besides its rates. */
export type RowFrame = Pick<
  PriceRow,
  | 'model'
  | 'provider'
  | 'valid_from_on'
  | 'valid_to_on'
  | 'context_over_tokens'
  | 'context_up_to_tokens'
  | 'service_tier'
  | 'fast_multiplier'
  | 'geo_multipliers'
  | 'max_input_tokens'
  | 'source'
>;

export interface RowParts {
  readonly frame: RowFrame;
  readonly rates: PublishedRates;
  /** Whether a cache rate of zero is meant, as in the user's own prices. */
  readonly isZeroPublished?: boolean;
}

const CLAUDE_WEB_SEARCH = 10_000_000n; // 0.01 USD

/** Whether Anthropic's price ratios hold: its models keep them wherever they are sold. */
export function isClaude(model: string): boolean {
  return /(?:^|[^a-z])claude(?:[^a-z]|$)/i.test(model);
}

/** Makes the complete row. Both input and output must be above zero or meant to be zero; that is the caller's to check. */
export function completeRow({ frame, rates, isZeroPublished = false }: RowParts): PriceRow {
  const derived: DerivedClass[] = [];
  const claude = isClaude(frame.model);
  const input = rates.uncached_input;
  const fill = (name: PriceClass, fallback: bigint): bigint => {
    const published = rates[name];
    const isStub = published === 0n && input > 0n && !isZeroPublished;
    if (published !== undefined && published !== null && !isStub) return published;
    derived.push(name);
    return fallback;
  };
  const cacheRead = fill('cache_read', claude ? divideHalfUp(input, 10n) : input);
  const write5m = fill('cache_write_5m', claude ? divideHalfUp(input * 5n, 4n) : input);
  const write1h = fill('cache_write_1h', claude ? input * 2n : write5m);
  const webSearch = claude ? fill('web_search', CLAUDE_WEB_SEARCH) : (rates.web_search ?? null);
  const reasoning = rates.reasoning ?? null;
  return {
    ...frame,
    uncached_input_usd: fromNano(input),
    cache_read_usd: fromNano(cacheRead),
    cache_write_5m_usd: fromNano(write5m),
    cache_write_1h_usd: fromNano(write1h),
    output_usd: fromNano(rates.output),
    reasoning_usd: reasoning === null || reasoning === rates.output ? null : fromNano(reasoning),
    web_search_usd: webSearch === null || webSearch === 0n ? null : fromNano(webSearch),
    derived,
  };
}
