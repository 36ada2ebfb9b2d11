/** The prices in force: what is shipped, a list loaded later, and the user's own, assembled in this order. */
import { createHash } from 'node:crypto';
import { mergePrices } from './merge-prices.ts';
import type { Overrides } from './overrides.ts';
import { formatPriceFile, type PriceFile } from './price-file.ts';
import { comparePriceRows, type PriceRow } from './price-row.ts';
import { createResolver, RESOLVER_VERSION, type Resolver } from './resolve.ts';

export interface PriceBook {
  /** The date of the newest list in it, `YYYY-MM-DD`. */
  readonly listed_on: string;
  /** Every tier of every band of every model, with dates, in order. */
  readonly rows: readonly PriceRow[];
  /** The user's own names. */
  readonly aliases: Readonly<Record<string, string | null>>;
  /** sha256 over rows, aliases and the resolver's version: equal books price every call alike. */
  readonly hash: string;
  /** What of the user's input has no effect, and why. */
  readonly warnings: readonly string[];
}

export interface PriceBookParts {
  readonly seed: PriceFile;
  /** The user's price file, written when a list was loaded. */
  readonly list?: PriceFile | null;
  readonly overrides?: Overrides | null;
}

/**
 * Assembles the book. Of the shipped and the user's file the newer one decides, by `listed_on`; the older one's rows
 * become history, and its further models stay. The user's own prices replace all rows of their model, at every date.
 */
export function assemblePriceBook({ seed, list, overrides }: PriceBookParts): PriceBook {
  const { rows: ownRows, aliases }: Overrides = overrides ?? { rows: [], aliases: {} };
  const own = new Set(ownRows.map((row) => row.model));
  const listed = list ? mergeFiles(seed, list) : seed;
  const rows = [
    ...listed.rows.filter((row) => !own.has(row.model)),
    ...ownRows.map((row) => ({ ...row, max_input_tokens: windowOf(row.model, listed.rows) })),
  ].sort(comparePriceRows);
  const models = new Set(rows.map((row) => row.model));
  const warnings = Object.entries(aliases)
    .filter(([, target]) => target !== null && !models.has(target))
    .map(
      ([name, target]) =>
        `aliases.${name}: the price list has no model named ${target}, so ${name} has no price`,
    );
  return { listed_on: listed.listed_on, rows, aliases, hash: hashBook(rows, aliases), warnings };
}

/** The context window that the list states of a model: whoever sets a price of their own says nothing of it. */
function windowOf(model: string, rows: readonly PriceRow[]): number | null {
  const windows = rows.flatMap((row) => (row.model === model ? (row.max_input_tokens ?? []) : []));
  return windows.length === 0 ? null : Math.max(...windows);
}

/** The file to keep after a list was loaded: all that was in force so far, and the list's changes from its date on. */
export function updatePriceFile(
  before: PriceFile,
  listed: Pick<PriceFile, 'listed_on' | 'origin' | 'rows'>,
): PriceFile {
  const isNewer = listed.listed_on >= before.listed_on;
  return {
    listed_on: isNewer ? listed.listed_on : before.listed_on,
    origin: isNewer ? listed.origin : before.origin,
    licence: before.licence,
    rows: mergePrices(before, listed),
  };
}

/** The shipped and the user's file as one; the user's holds the seed of its day and so its history. */
export function mergeFiles(seed: PriceFile, list: PriceFile): PriceFile {
  const isSeedNewer = seed.listed_on > list.listed_on;
  return {
    listed_on: isSeedNewer ? seed.listed_on : list.listed_on,
    origin: isSeedNewer ? seed.origin : list.origin,
    licence: seed.licence,
    rows: isSeedNewer ? mergePrices(list, seed) : addUnknownModels(list.rows, seed.rows),
  };
}

/** The resolver that knows the book's models and the user's names. */
export function createBookResolver(book: PriceBook): Resolver {
  const own = book.rows.filter((row) => row.source === 'override').map((row) => row.model);
  return createResolver({ rows: book.rows, overridden: new Set(own), aliases: book.aliases });
}

function addUnknownModels(rows: readonly PriceRow[], others: readonly PriceRow[]): readonly PriceRow[] {
  const known = new Set(rows.map((row) => row.model));
  return [...rows, ...others.filter((row) => !known.has(row.model))].sort(comparePriceRows);
}

function hashBook(rows: readonly PriceRow[], aliases: PriceBook['aliases']): string {
  const names = Object.entries(aliases).sort(([left], [right]) => (left < right ? -1 : 1));
  const text = formatPriceFile({ listed_on: '', origin: '', licence: '', rows });
  return createHash('sha256')
    .update(JSON.stringify([RESOLVER_VERSION, names]))
    .update(text)
    .digest('hex');
}
