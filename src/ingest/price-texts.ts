import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sqlFile } from '../catalog/sql-files.ts';
import { AgenttraceError } from '../model/errors.ts';
import type { Overrides } from '../prices/overrides.ts';
import { assemblePriceBook, type PriceBook } from '../prices/price-book.ts';
import { loadSeed, parsePriceFile } from '../prices/price-file.ts';
import { RESOLVER_VERSION } from '../prices/resolve.ts';
import { PRICE_LIST, PRICE_OVERRIDES, PRICE_SEED } from './price-places.ts';

export interface PriceTexts {
  readonly seed: string;
  readonly list: string | undefined;
  readonly overrides: string | undefined;
  /** Equal texts, read by an equal program, price every call alike. */
  readonly fingerprint: string;
  readonly folder: string | undefined;
}

/** Reads what the prices are made of, without making them. */
export function readPriceTexts(folder: string | undefined): PriceTexts {
  const seed = sqlFile(PRICE_SEED);
  const list = folder === undefined ? undefined : readIfThere(join(folder, PRICE_LIST));
  const overrides = folder === undefined ? undefined : readIfThere(join(folder, PRICE_OVERRIDES));
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([RESOLVER_VERSION, seed, list ?? null, overrides ?? null]))
    .digest('hex');
  return { seed, list, overrides, fingerprint, folder };
}

let lastBook: { readonly fingerprint: string; readonly book: PriceBook } | undefined;

/** Makes the book of the prices in force; made once as long as its texts stay. */
export async function priceBookOf(texts: PriceTexts): Promise<PriceBook> {
  if (lastBook?.fingerprint !== texts.fingerprint) {
    lastBook = { fingerprint: texts.fingerprint, book: await makeBook(texts) };
  }
  return lastBook.book;
}

async function makeBook({ seed, list, overrides, folder }: PriceTexts): Promise<PriceBook> {
  return assemblePriceBook({
    seed: loadSeed(seed),
    list: list === undefined ? null : parsePriceFile(list, join(folder ?? '', PRICE_LIST)),
    overrides: overrides === undefined ? null : await readOverrides(overrides, folder),
  });
}

/** Few have prices of their own: what checks them is loaded for them alone. */
async function readOverrides(text: string, folder: string | undefined): Promise<Overrides> {
  const { parseOverrides } = await import('../prices/overrides.ts');
  return parseOverrides(text, join(folder ?? '', PRICE_OVERRIDES));
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new AgenttraceError({
      code: 'bad_input',
      message: 'The prices could not be read.',
      source: path,
      hint: 'Make the file readable, or remove it to use the shipped prices.',
      cause: error,
    });
  }
}
