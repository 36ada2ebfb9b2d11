import { readFileSync } from 'node:fs';
import { builtFile } from '../catalog/built-file.ts';
import { createBookResolver } from '../prices/price-book.ts';
import type { PriceRow } from '../prices/price-row.ts';
import type { Resolver } from '../prices/resolve.ts';

export interface NamesFile {
  readonly fingerprint: string;
  readonly listedOn: string;
  readonly rows: readonly PriceRow[];
}

export const NAMES = 'price-names.json';

/**
 * What names of models are looked up by, made ready when the program is built, if it was made of these very prices.
 *
 * Making the book takes longer than loading a day's logs; nearly everyone uses the list as it was shipped.
 */
export function readShippedNames(fingerprint: string): Resolver | undefined {
  const names = builtFile(NAMES);
  if (names === undefined) return undefined;
  const text = readFileSync(names, 'utf8');
  if (!text.startsWith(`{"fingerprint":"${fingerprint}"`)) return undefined;
  const { listedOn, rows } = JSON.parse(text) as NamesFile;
  return createBookResolver({ listed_on: listedOn, rows, aliases: {}, hash: '', warnings: [] });
}
