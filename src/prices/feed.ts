/**
 * Reads a price list in LiteLLM's format: one JSON object, one entry per model, USD per single token.
 *
 * An entry that cannot be used is left out with a reason; it never spoils its neighbours, and a price that looks wrong
 * is no price. Source of the rules: the list's own field names, and docs/prices.md.
 */
import { z } from 'zod';
import { AgenttraceError } from '../model/errors.ts';
import { isAgentModel } from './agent-models.ts';
import { divideHalfUp, formatDecimal, parseDecimal, USD_PLACES } from './decimal.ts';
import {
  comparePriceRows,
  type DerivedClass,
  FIRST_VALID_ON,
  type PriceClass,
  type PriceRow,
  type PriceSource,
  type ServiceTier,
} from './price-row.ts';
import { completeRow, type PublishedRates, type RowFrame } from './published-rates.ts';
import { addDerivedTiers, halve } from './service-tiers.ts';

export interface FeedWarning {
  readonly model: string;
  readonly reason: string;
}

export interface PriceList {
  /** Complete rows, in order, in force from {@link FIRST_VALID_ON}; merging gives them their dates. */
  readonly rows: readonly PriceRow[];
  /** Entries of models worth pricing that could not be used. */
  readonly warnings: readonly FeedWarning[];
}

export interface FeedOptions {
  readonly source?: PriceSource;
  /** Which entries to read, by key and seller; {@link isAgentModel} unless said otherwise. */
  readonly keep?: (model: string, provider: string) => boolean;
}

const RATE_KEYS = {
  uncached_input: ['input_cost_per_token'],
  output: ['output_cost_per_token'],
  cache_read: ['cache_read_input_token_cost', 'input_cost_per_token_cache_hit'],
  cache_write_5m: ['cache_creation_input_token_cost'],
  // "above_1hr" names the one-hour time to live, not a surcharge for duration.
  cache_write_1h: ['cache_creation_input_token_cost_above_1hr'],
  reasoning: ['output_cost_per_reasoning_token'],
} as const satisfies Partial<Record<PriceClass, readonly string[]>>;
type RatedClass = keyof typeof RATE_KEYS;
const RATED_CLASSES = Object.keys(RATE_KEYS) as RatedClass[];

const TIER_SUFFIXES = { standard: '', priority: '_priority', flex: '_flex', batch: '_batches' } as const;

/** A price per token as the list writes it: a number, a string, or nothing. */
const Rate = z.union([z.number(), z.string(), z.null()]).optional();
const Count = z.union([z.number(), z.string(), z.null()]).optional().catch(undefined);

const Entry = z.looseObject({
  litellm_provider: z.string(),
  mode: z.string(),
  max_input_tokens: Count,
  provider_specific_entry: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  search_context_cost_per_query: z
    .looseObject({ search_context_size_medium: Rate })
    .nullish()
    .catch(undefined),
  tiered_pricing: z.array(z.looseObject({ range: z.tuple([z.number(), z.number()]) })).nullish(),
});
type Entry = z.infer<typeof Entry>;

const PER_TOKEN_PLACES = USD_PLACES + 6; // 10^-9 USD per million tokens = 10^-15 USD per token
const ONE_USD_PER_TOKEN = 10n ** BigInt(PER_TOKEN_PLACES);

const LIST_HINT =
  'It is one JSON object: names of models with their prices, as in model_prices_and_context_window.json of LiteLLM.';

/** Reads the text of a price list. Throws where it is not one JSON object at all. */
export function parsePriceList(text: string, options: FeedOptions = {}): PriceList {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new AgenttraceError({
      code: 'bad_input',
      message: 'The price list is not JSON.',
      hint: LIST_HINT,
      cause,
    });
  }
  const entries = z.record(z.string(), z.unknown()).safeParse(document);
  if (!entries.success) {
    throw new AgenttraceError({
      code: 'bad_input',
      message: 'The price list is not a JSON object with one entry per model.',
      hint: LIST_HINT,
    });
  }
  const keep = options.keep ?? isAgentModel;
  const rows: PriceRow[] = [];
  const warnings: FeedWarning[] = [];
  for (const [model, value] of Object.entries(entries.data)) {
    if (model === 'sample_spec' || value === null) continue;
    const entry = Entry.safeParse(value);
    if (!entry.success) {
      const seller = z.looseObject({ litellm_provider: z.string() }).safeParse(value);
      const isKept = seller.success && keep(model, seller.data.litellm_provider);
      if (isKept) warnings.push({ model, reason: formatIssues(entry.error) });
      continue;
    }
    if (entry.data.mode !== 'chat' && entry.data.mode !== 'responses') continue;
    if (!keep(model, entry.data.litellm_provider)) continue;
    const made = readEntry(model, entry.data, options.source ?? 'list');
    if (typeof made === 'string') warnings.push({ model, reason: made });
    else rows.push(...made);
  }
  return { rows: [...addDerivedTiers(rows)].sort(comparePriceRows), warnings };
}

/** The rows that one entry publishes, or why there are none. */
function readEntry(model: string, entry: Entry, source: PriceSource): readonly PriceRow[] | string {
  if (/[,"\r\n|]/.test(model)) return 'the key holds a comma, a quote, a bar or a line break';
  const frame = readFrame(model, entry, source);
  const webSearch = readWebSearch(entry);
  try {
    const rows = entry.tiered_pricing?.length
      ? readRanges({ entry, frame, webSearch })
      : readThresholds({ entry, frame, webSearch });
    if (rows.length === 0) return 'no price for input and output, or zero for a paid model';
    return rows;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

interface EntryParts {
  readonly entry: Entry;
  readonly frame: RowFrame;
  readonly webSearch: bigint | null;
}

/** `tiered_pricing`: one band per range [lo, hi], the last one open; a rate that a range lacks is the model's own. */
function readRanges({ entry, frame, webSearch }: EntryParts): readonly PriceRow[] {
  const ranges = [...(entry.tiered_pricing ?? [])].sort((left, right) => left.range[0] - right.range[0]);
  const own = readRates(entry);
  const rows: PriceRow[] = [];
  for (const [index, range] of ranges.entries()) {
    const inRange = readRates(range);
    const rates = Object.fromEntries(
      RATED_CLASSES.map((name) => [name, pickRate(inRange, { name }) ?? pickRate(own, { name })]),
    );
    const published = checkPaid({ ...rates, web_search: webSearch });
    if (published === null) return [];
    const band = {
      context_over_tokens: index === 0 ? 0 : Math.trunc(range.range[0]),
      context_up_to_tokens: index === ranges.length - 1 ? null : Math.trunc(range.range[1]),
    };
    rows.push(completeRow({ frame: { ...frame, ...band }, rates: published }));
  }
  return rows;
}

/** Flat prices with `_above_<N>k_tokens` bands and `_priority`, `_flex`, `_batches` tiers. */
function readThresholds({ entry, frame, webSearch }: EntryParts): readonly PriceRow[] {
  const rates = readRates(entry);
  const bands = [0, ...readBandLimits(rates)];
  const rows: PriceRow[] = [];
  for (const [index, over] of bands.entries()) {
    const band = { context_over_tokens: over, context_up_to_tokens: bands[index + 1] ?? null };
    const read = (tier: ServiceTier) =>
      checkPaid({
        ...Object.fromEntries(RATED_CLASSES.map((name) => [name, pickRate(rates, { name, over, tier })])),
        web_search: webSearch,
      });
    const standardRates = read('standard');
    if (standardRates === null) return [];
    const standard = completeRow({ frame: { ...frame, ...band }, rates: standardRates });
    rows.push(standard);
    for (const tier of ['priority', 'flex'] as const) {
      const tierRates = hasTier(rates, tier) ? read(tier) : null;
      if (tierRates)
        rows.push(completeRow({ frame: { ...frame, ...band, service_tier: tier }, rates: tierRates }));
    }
    if (hasTier(rates, 'batch')) rows.push(makeBatchRow(standard, rates));
  }
  return rows;
}

/** The batch row: what is published for this band, and half the standard price for every other class. */
function makeBatchRow(standard: PriceRow, rates: Rates): PriceRow {
  const derived = new Set<DerivedClass>(standard.derived);
  const over = standard.context_over_tokens;
  const price = (name: RatedClass): string | null => {
    const published = findRate(rates, { name, over, suffix: TIER_SUFFIXES.batch });
    if (published !== null && published > 0n) {
      derived.delete(name);
      return formatDecimal(published, USD_PLACES);
    }
    const usual = standard[`${name}_usd`];
    if (usual === null) return null;
    derived.add(name);
    return halve(usual);
  };
  return {
    ...standard,
    service_tier: 'batch',
    uncached_input_usd: price('uncached_input') ?? standard.uncached_input_usd,
    cache_read_usd: price('cache_read') ?? standard.cache_read_usd,
    cache_write_5m_usd: price('cache_write_5m') ?? standard.cache_write_5m_usd,
    cache_write_1h_usd: price('cache_write_1h') ?? standard.cache_write_1h_usd,
    output_usd: price('output') ?? standard.output_usd,
    reasoning_usd: price('reasoning'),
    derived: [...derived],
  };
}

/** Rates by their key in the list, in units of 10^-9 USD per million tokens. */
type Rates = ReadonlyMap<string, bigint>;

const RATE_KEY =
  /^(?:(?:input|output)_cost_per_token|output_cost_per_reasoning_token|cache_read_input_token_cost|cache_creation_input_token_cost(?:_above_1hr)?|input_cost_per_token_cache_hit)(?:_above_\d+k?_tokens)?(?:_priority|_flex|_batches)?$/;

function readRates(entry: Readonly<Record<string, unknown>>): Rates {
  const rates = new Map<string, bigint>();
  for (const [key, value] of Object.entries(entry)) {
    if (!RATE_KEY.test(key) || value === null || value === undefined) continue;
    const isText = typeof value === 'number' || typeof value === 'string';
    const rate = isText ? parseDecimal(value, PER_TOKEN_PLACES) : null;
    if (rate === null) throw new RangeError(`${key} is not a number: ${JSON.stringify(value)}`);
    if (rate < 0n) throw new RangeError(`${key} is negative: ${value}`);
    if (rate > ONE_USD_PER_TOKEN) throw new RangeError(`${key} is more than 1 USD per token: ${value}`);
    rates.set(key, rate);
  }
  return rates;
}

interface RateQuery {
  readonly name: RatedClass;
  /** The band's lower bound in tokens; 0 or absent: the base band. */
  readonly over?: number;
  readonly tier?: ServiceTier;
}

/** The rate of a class: of its band and tier, else of its band, else of its tier, else the base rate. */
function pickRate(rates: Rates, { name, over = 0, tier = 'standard' }: RateQuery): bigint | null {
  const suffix = TIER_SUFFIXES[tier];
  return (
    findRate(rates, { name, over, suffix }) ??
    findRate(rates, { name, over, suffix: '' }) ??
    findRate(rates, { name, over: 0, suffix }) ??
    findRate(rates, { name, over: 0, suffix: '' })
  );
}

interface RateKey {
  readonly name: RatedClass;
  readonly over: number;
  readonly suffix: string;
}

function findRate(rates: Rates, { name, over, suffix }: RateKey): bigint | null {
  const limits = over === 0 ? [''] : [`_above_${over / 1000}k_tokens`, `_above_${over}_tokens`];
  for (const key of RATE_KEYS[name]) {
    for (const limit of limits) {
      const rate = rates.get(`${key}${limit}${suffix}`);
      if (rate !== undefined) return rate;
    }
  }
  return null;
}

/** Lower bounds of the bands, ascending: what `input_cost_per_token_above_<N>k_tokens` names. */
function readBandLimits(rates: Rates): readonly number[] {
  const limits = new Set<number>();
  for (const key of rates.keys()) {
    const match = /^input_cost_per_token_above_(\d+)(k?)_tokens$/.exec(key);
    if (match) limits.add(Number(match[1]) * (match[2] === 'k' ? 1000 : 1));
  }
  return [...limits].sort((left, right) => left - right);
}

function hasTier(rates: Rates, tier: ServiceTier): boolean {
  return [...rates.keys()].some((key) => key.endsWith(TIER_SUFFIXES[tier]));
}

/** Zero or nothing for input or output is unknown, not free: null. */
function checkPaid(rates: { readonly [name in PriceClass]?: bigint | null }): PublishedRates | null {
  if (!rates.uncached_input || !rates.output) return null;
  return { ...rates, uncached_input: rates.uncached_input, output: rates.output };
}

function readFrame(model: string, entry: Entry, source: PriceSource): RowFrame {
  const multipliers = readMultipliers(entry);
  const { fast = null, ...geo } = multipliers;
  const maxInput = Number(entry.max_input_tokens ?? Number.NaN);
  return {
    model,
    provider: entry.litellm_provider,
    valid_from_on: FIRST_VALID_ON,
    valid_to_on: null,
    context_over_tokens: 0,
    context_up_to_tokens: null,
    service_tier: 'standard',
    fast_multiplier: fast,
    geo_multipliers: geo,
    max_input_tokens: Number.isSafeInteger(maxInput) && maxInput > 0 ? maxInput : null,
    source,
  };
}

/** The numbers of `provider_specific_entry`: `fast`, and places of inference such as `us`. */
function readMultipliers(entry: Entry): Readonly<Record<string, string>> {
  const multipliers: Record<string, string> = {};
  for (const [name, value] of Object.entries(entry.provider_specific_entry ?? {})) {
    if (typeof value !== 'number' || !/^[a-z][a-z0-9_-]*$/.test(name)) continue;
    const units = parseDecimal(value, USD_PLACES);
    if (units !== null && units > 0n) multipliers[name] = formatDecimal(units, USD_PLACES);
  }
  return multipliers;
}

/** USD per web search request at the medium context size, in units of 10^-9. */
function readWebSearch(entry: Entry): bigint | null {
  const medium = entry.search_context_cost_per_query?.search_context_size_medium;
  if (medium === null || medium === undefined) return null;
  const units = parseDecimal(medium, USD_PLACES);
  return units !== null && units > 0n && units <= divideHalfUp(ONE_USD_PER_TOKEN, 10n ** 6n) ? units : null;
}

function formatIssues(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'entry'}: ${issue.message}`).join('; ');
}
