import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createBookResolver } from '../prices/price-book.ts';
import type { PriceRow } from '../prices/price-row.ts';
import type { Resolver } from '../prices/resolve.ts';

/**
 * The shipped price list, made ready when the program is built: its table as Parquet, and what names are looked up by.
 *
 * Making the book takes longer than loading a day's logs; nearly everyone uses the list as it was shipped.
 */
export interface ShippedPrices {
  readonly table: string;
  readonly listedOn: string;
  readonly resolver: () => Resolver;
}

export interface NamesFile {
  readonly fingerprint: string;
  readonly listedOn: string;
  readonly rows: readonly PriceRow[];
}

export const TABLE = 'prices.parquet';
export const NAMES = 'price-names.json';

/** What was made at build time, if it was made of these very prices. */
export function readShippedPrices(fingerprint: string): ShippedPrices | undefined {
  const names = built(NAMES);
  if (names === undefined) return undefined;
  const text = readFileSync(names, 'utf8');
  if (!text.startsWith(`{"fingerprint":"${fingerprint}"`)) return undefined;
  const { listedOn, rows } = JSON.parse(text) as NamesFile;
  return {
    table: join(dirname(names), TABLE),
    listedOn,
    resolver: () => createBookResolver({ listed_on: listedOn, rows, aliases: {}, hash: '', warnings: [] }),
  };
}

/** A file of the build: beside this one once bundled, in `dist` when run from the sources. */
function built(name: string): string | undefined {
  return [new URL(name, import.meta.url), new URL(`../../dist/${name}`, import.meta.url)]
    .map((url) => fileURLToPath(url))
    .find((path) => existsSync(path));
}
