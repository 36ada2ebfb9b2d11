/** Makes the text of the shipped price list from a list in LiteLLM's format: what scripts/build-prices.mjs runs. */
import { diffPrices, formatPriceChange } from './diff-prices.ts';
import { type FeedWarning, parsePriceList } from './feed.ts';
import { mergePrices } from './merge-prices.ts';
import { formatPriceFile, loadSeed } from './price-file.ts';
import { omitDerivedTiers } from './service-tiers.ts';

export interface SeedRequest {
  /** The list's JSON text. */
  readonly list: string;
  /** The list's date, `YYYY-MM-DD`. */
  readonly listedOn: string;
  /** The text of the seed so far; null: this list is the first. */
  readonly before: string | null;
}

export interface MadeSeed {
  readonly text: string;
  /** Lines of prices in the file. */
  readonly rowCount: number;
  readonly warnings: readonly FeedWarning[];
  /** What the new list changes, in words. */
  readonly changes: readonly string[];
}

const ORIGIN = 'model_prices_and_context_window.json of LiteLLM (github.com/BerriAI/litellm)';
const LICENCE = 'MIT, Copyright (c) 2023 Berri AI; the notice is in LICENSE';

export function buildSeed({ list, listedOn, before }: SeedRequest): MadeSeed {
  const listed = parsePriceList(list, { source: 'seed' });
  const seed = before === null ? null : loadSeed(before);
  const rows = seed === null ? listed.rows : mergePrices(seed, { listed_on: listedOn, rows: listed.rows });
  const text = formatPriceFile({ listed_on: listedOn, origin: ORIGIN, licence: LICENCE, rows });
  return {
    text,
    rowCount: omitDerivedTiers(rows).length,
    warnings: listed.warnings,
    changes: seed === null ? [] : diffPrices(seed.rows, listed.rows).map(formatPriceChange),
  };
}
