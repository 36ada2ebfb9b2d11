import { readFileSync } from 'node:fs';
import { loadSeed } from '../../src/prices/price-file.ts';
import type { PriceRow } from '../../src/prices/price-row.ts';

export const seedPath = new URL('../../sql/seeds/model_prices.csv', import.meta.url);
export const seedText = readFileSync(seedPath, 'utf8');
export const seed = loadSeed(seedText);

/** The seed's rows of one model. */
export function rowsOf(model: string): readonly PriceRow[] {
  return seed.rows.filter((row) => row.model === model);
}
