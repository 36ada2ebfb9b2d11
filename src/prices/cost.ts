/**
 * The cost of one call, in exact integer arithmetic: the reference against which the SQL is tested, and what `explain` shows.
 *
 * Per class: cost = tokens × price × multiplier, rounded half up to nine places of a USD. The multiplier (fast mode,
 * place of inference) applies to uncached input and output, not to cache classes or web searches.
 */
import { divideHalfUp, fromNano, toNano } from './decimal.ts';
import {
  type PriceClass,
  type PriceRow,
  type ServiceTier,
  TOKEN_CLASSES,
  type TokenClass,
} from './price-row.ts';
import { parseServiceTier } from './service-tiers.ts';

/** What of a call decides its price. Token classes are exclusive; reasoning is a part of output. */
export interface PricedCall {
  readonly tokens: { readonly [name in TokenClass]?: number } & { readonly reasoning?: number | null };
  /** Web search requests. */
  readonly web_search_count?: number;
  /** All tokens sent, cached or not. Absent: the sum of the input classes. */
  readonly context_tokens?: number | null;
  readonly service_tier?: string | null;
  readonly speed?: string | null;
  readonly inference_geo?: string | null;
  /** `YYYY-MM-DD`. Absent: the price in force. */
  readonly called_on?: string | null;
  /** `call`, or a sum over several calls: these are priced in the base band. */
  readonly granularity?: string | null;
}

export interface CostLine {
  readonly token_class: PriceClass;
  /** Tokens; for web search: requests. */
  readonly tokens: number;
  /** For web search: USD per million requests, so that one formula serves all. */
  readonly usd_per_million: string;
  readonly multiplier: string;
  readonly cost_usd: string;
}

const NO_PLACE: ReadonlySet<string> = new Set(['', 'global', 'not_available']);
const NANO = 1_000_000_000n;
const MILLION = 1_000_000n;

/** All tokens sent: uncached, read from the cache and written to it. */
export function sumContextTokens(tokens: PricedCall['tokens']): number {
  return (
    (tokens.uncached_input ?? 0) +
    (tokens.cache_read ?? 0) +
    (tokens.cache_write_5m ?? 0) +
    (tokens.cache_write_1h ?? 0)
  );
}

/**
 * The row that prices a call, among the rows of its model: valid on its day, of its tier, of its band. The band holds for
 * the whole call: at its bound the lower one, one token more the higher one. Null: no row is valid then.
 */
export function pickRow(rows: readonly PriceRow[], call: PricedCall): PriceRow | null {
  const tier: ServiceTier = parseServiceTier(call.service_tier);
  const isAggregate = (call.granularity ?? 'call') !== 'call';
  const context = isAggregate ? 0 : (call.context_tokens ?? sumContextTokens(call.tokens));
  const valid = rows.filter((row) =>
    call.called_on
      ? row.valid_from_on <= call.called_on && (row.valid_to_on === null || call.called_on < row.valid_to_on)
      : row.valid_to_on === null,
  );
  const band = valid.filter(
    (row) =>
      (row.context_over_tokens === 0 || context > row.context_over_tokens) &&
      (row.context_up_to_tokens === null || context <= row.context_up_to_tokens),
  );
  return (
    band.find((row) => row.service_tier === tier) ??
    band.find((row) => row.service_tier === 'standard') ??
    null
  );
}

/** How many times the price input and output cost: fast mode × place of inference, as far as the row has them. */
export function readMultiplier(call: PricedCall, row: PriceRow): bigint {
  const fast = call.speed === 'fast' && row.fast_multiplier !== null ? toNano(row.fast_multiplier) : NANO;
  const place = (call.inference_geo ?? '').toLowerCase();
  const usual = NO_PLACE.has(place) ? undefined : row.geo_multipliers[place];
  return divideHalfUp(fast * (usual === undefined ? NANO : toNano(usual)), NANO);
}

/** The cost of each class that the call used, in the order of the price columns. */
export function priceCall(call: PricedCall, row: PriceRow): readonly CostLine[] {
  const multiplier = readMultiplier(call, row);
  const output = call.tokens.output ?? 0;
  const reasoning = row.reasoning_usd === null ? 0 : Math.min(call.tokens.reasoning ?? 0, output);
  const lines: CostLine[] = [];
  const add = (item: { name: PriceClass; tokens: number; usd: bigint; times: bigint }): void => {
    if (item.tokens === 0) return;
    const cost = divideHalfUp(BigInt(item.tokens) * item.usd * item.times, MILLION * NANO);
    lines.push({
      token_class: item.name,
      tokens: item.tokens,
      usd_per_million: fromNano(item.usd),
      multiplier: fromNano(item.times),
      cost_usd: fromNano(cost),
    });
  };
  for (const name of TOKEN_CLASSES) {
    const isMultiplied = name === 'uncached_input' || name === 'output';
    const tokens = name === 'output' ? output - reasoning : (call.tokens[name] ?? 0);
    add({ name, tokens, usd: toNano(row[`${name}_usd`]), times: isMultiplied ? multiplier : NANO });
  }
  if (row.reasoning_usd !== null) {
    add({ name: 'reasoning', tokens: reasoning, usd: toNano(row.reasoning_usd), times: multiplier });
  }
  if (row.web_search_usd !== null) {
    const perMillion = toNano(row.web_search_usd) * MILLION;
    add({ name: 'web_search', tokens: call.web_search_count ?? 0, usd: perMillion, times: NANO });
  }
  return lines;
}

/** The call's cost: the exact sum of its lines. */
export function sumCost(lines: readonly CostLine[]): string {
  return fromNano(lines.reduce((sum, line) => sum + toNano(line.cost_usd), 0n));
}
