/**
 * A row of the price list: what one model costs, in one context band, at one service tier, from one day on.
 *
 * A row is complete: every fallback was applied when it was made and is named in `derived`, so that whoever
 * prices a call picks one row and multiplies.
 */

export const SERVICE_TIERS = ['standard', 'priority', 'flex', 'batch'] as const;
export type ServiceTier = (typeof SERVICE_TIERS)[number];

/** The five exclusive classes of tokens, in the order of the price columns. */
export const TOKEN_CLASSES = [
  'uncached_input',
  'cache_read',
  'cache_write_5m',
  'cache_write_1h',
  'output',
] as const;
export type TokenClass = (typeof TOKEN_CLASSES)[number];

/** Classes that have a price: the token classes, reasoning where it is priced apart, and web search requests. */
export const PRICE_CLASSES = [...TOKEN_CLASSES, 'reasoning', 'web_search'] as const;
export type PriceClass = (typeof PRICE_CLASSES)[number];

/** `service_tier`: the list has no price for this tier, the whole row stands in for it. */
export type DerivedClass = PriceClass | 'service_tier';

/** Where a row comes from: shipped, from a list loaded later, or set by the user. */
export const PRICE_SOURCES = ['seed', 'list', 'override'] as const;
export type PriceSource = (typeof PRICE_SOURCES)[number];

/** `valid_from_on` of the first price known of a model: it also prices earlier calls. */
export const FIRST_VALID_ON = '1970-01-01';

/** A decimal in its shortest form, such as `0.3`. */
export type Decimal = string;

export interface PriceRow {
  /** The price list's key, letter for letter. */
  readonly model: string;
  /** The price list's name of who sells at this price. */
  readonly provider: string;
  /** First day of validity, `YYYY-MM-DD`. */
  readonly valid_from_on: string;
  /** First day after validity, `YYYY-MM-DD`; null: in force. */
  readonly valid_to_on: string | null;
  /** The band holds calls with more context tokens than this; the base band (0) also holds calls with none. */
  readonly context_over_tokens: number;
  /** The band holds calls with at most this many context tokens; null: no bound. */
  readonly context_up_to_tokens: number | null;
  readonly service_tier: ServiceTier;
  /** USD per million tokens, as are the next five. */
  readonly uncached_input_usd: Decimal;
  readonly cache_read_usd: Decimal;
  readonly cache_write_5m_usd: Decimal;
  readonly cache_write_1h_usd: Decimal;
  readonly output_usd: Decimal;
  /** Null: reasoning is inside the output price. Else reasoning tokens cost this and the rest of the output `output_usd`. */
  readonly reasoning_usd: Decimal | null;
  /** USD per request, not per million. Null: unknown. */
  readonly web_search_usd: Decimal | null;
  /** Times the price of uncached input and output when the log says `speed: fast`. Null: none published. */
  readonly fast_multiplier: Decimal | null;
  /** Times the price of uncached input and output, by the place of inference that the log names. */
  readonly geo_multipliers: Readonly<Record<string, Decimal>>;
  readonly max_input_tokens: number | null;
  /** Classes that a fallback rule filled. */
  readonly derived: readonly DerivedClass[];
  readonly source: PriceSource;
}

/** What makes two rows the same place in the list: model, band and tier. */
export function formatRowKey(row: PriceRow): string {
  return `${row.model}|${row.context_over_tokens}|${row.service_tier}`;
}

/** Whether two rows charge the same: every price, multiplier and band limit; dates, source and provenance aside. */
export function hasSamePrices(left: PriceRow, right: PriceRow): boolean {
  return (
    TOKEN_CLASSES.every((name) => left[`${name}_usd`] === right[`${name}_usd`]) &&
    left.reasoning_usd === right.reasoning_usd &&
    left.web_search_usd === right.web_search_usd &&
    left.context_up_to_tokens === right.context_up_to_tokens &&
    left.fast_multiplier === right.fast_multiplier &&
    formatMultipliers(left.geo_multipliers) === formatMultipliers(right.geo_multipliers)
  );
}

/** `us:1.1;eu:1.2`, by name; the form used in files. */
export function formatMultipliers(multipliers: Readonly<Record<string, Decimal>>): string {
  return Object.keys(multipliers)
    .sort()
    .map((name) => `${name}:${multipliers[name]}`)
    .join(';');
}

/** By model, then band, tier and date; by code unit, so that every machine sorts alike. */
export function comparePriceRows(left: PriceRow, right: PriceRow): number {
  if (left.model !== right.model) return left.model < right.model ? -1 : 1;
  if (left.context_over_tokens !== right.context_over_tokens) {
    return left.context_over_tokens - right.context_over_tokens;
  }
  const tiers = SERVICE_TIERS.indexOf(left.service_tier) - SERVICE_TIERS.indexOf(right.service_tier);
  if (tiers !== 0) return tiers;
  return left.valid_from_on < right.valid_from_on ? -1 : left.valid_from_on > right.valid_from_on ? 1 : 0;
}
