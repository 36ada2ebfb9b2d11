/**
 * The user's own prices and names: a JSON file
 * `{"models": {"name": {"input": 3, "output": 15, …}}, "aliases": {"name": "price model"}}`,
 * USD per million tokens.
 */
import { z } from 'zod';
import { AgenttraceError } from '../model/errors.ts';
import { parseDecimal, USD_PLACES } from './decimal.ts';
import { FIRST_VALID_ON, type PriceRow } from './price-row.ts';
import { completeRow } from './published-rates.ts';
import { addDerivedTiers } from './service-tiers.ts';

const MOST_USD_PER_MILLION = 1_000_000; // 1 USD per token

const Usd = z
  .union([z.number(), z.string().regex(/^\d+(\.\d+)?$/, 'expected a price such as 3 or "0.3"')])
  .refine((value) => Number(value) >= 0 && Number(value) <= MOST_USD_PER_MILLION, {
    message: 'expected USD per million tokens, from 0 to 1000000',
  });

const ModelPrice = z.strictObject({
  input: Usd,
  output: Usd,
  cache_read: Usd.optional(),
  cache_write_5m: Usd.optional(),
  cache_write_1h: Usd.optional(),
});

const Name = z.string().regex(/^[^,"\r\n|]+$/, 'expected a name without comma, quote, bar or line break');

const OverridesFile = z.strictObject({
  models: z.record(Name, ModelPrice).optional(),
  aliases: z.record(z.string(), z.string().nullable()).optional(),
});

export interface Overrides {
  /** Complete rows with source `override`; each replaces every row of its model. */
  readonly rows: readonly PriceRow[];
  /** The price list's key by the user's name; null: no price, on purpose. */
  readonly aliases: Readonly<Record<string, string | null>>;
}

/** Reads the text of the user's file. `source` is its path, for errors. */
export function parseOverrides(text: string, source: string): Overrides {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw failOverrides(source, `it is not JSON: ${reason.replace(/\s+/g, ' ')}`);
  }
  const parsed = OverridesFile.safeParse(document);
  if (!parsed.success) {
    const reasons = parsed.error.issues.map((issue) => `${formatPath(issue.path)}: ${issue.message}`);
    throw failOverrides(source, reasons.join('; '));
  }
  const rows = Object.entries(parsed.data.models ?? {}).map(([model, price]) => makeRow(model, price));
  return { rows: addDerivedTiers(rows), aliases: parsed.data.aliases ?? {} };
}

/** The error for a file that cannot be used, with an example of what it should hold. */
export function failOverrides(source: string, reason: string): AgenttraceError {
  return new AgenttraceError({
    code: 'bad_input',
    message: `Your prices cannot be used: ${reason}.`,
    source,
    hint: 'Expected, in USD per million tokens: {"models": {"my-model": {"input": 3, "output": 15}}, "aliases": {"my-name": "claude-sonnet-4-5"}}',
  });
}

function makeRow(model: string, price: z.infer<typeof ModelPrice>): PriceRow {
  const read = (value: number | string | undefined): bigint | null =>
    value === undefined ? null : parseDecimal(value, USD_PLACES);
  return completeRow({
    frame: {
      model,
      provider: 'override',
      valid_from_on: FIRST_VALID_ON,
      valid_to_on: null,
      context_over_tokens: 0,
      context_up_to_tokens: null,
      service_tier: 'standard',
      fast_multiplier: null,
      geo_multipliers: {},
      max_input_tokens: null,
      source: 'override',
    },
    rates: {
      uncached_input: read(price.input) ?? 0n,
      cache_read: read(price.cache_read),
      cache_write_5m: read(price.cache_write_5m),
      cache_write_1h: read(price.cache_write_1h),
      output: read(price.output) ?? 0n,
    },
    isZeroPublished: true,
  });
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the file' : path.map(String).join('.');
}
