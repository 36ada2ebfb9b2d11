import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createBookResolver } from '../prices/price-book.ts';
import type { PriceRow } from '../prices/price-row.ts';
import type { Resolver } from '../prices/resolve.ts';
import { connect } from '../warehouse/connection.ts';
import { applyMigrations, pendingMigrations } from '../warehouse/migrate.ts';
import { priceBookOf, readPriceTexts } from './price-texts.ts';
import { storePriceRows } from './store-prices.ts';

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

interface NamesFile {
  readonly fingerprint: string;
  readonly listedOn: string;
  readonly rows: readonly PriceRow[];
}

const TABLE = 'prices.parquet';
const NAMES = 'price-names.json';

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

/** Makes the files, for the build. Only rows in force at the standard tier decide how a name is resolved. */
export async function writeShippedPrices(folder: string): Promise<void> {
  const texts = readPriceTexts(undefined);
  const book = priceBookOf(texts);
  mkdirSync(folder, { recursive: true });
  const connection = await connect(':memory:');
  await applyMigrations(connection, await pendingMigrations(connection));
  await storePriceRows(connection, book);
  const table = join(folder, TABLE).replaceAll("'", "''");
  await connection.execute(
    `copy (from raw.model_prices order by price_no) to '${table}' (format parquet, compression zstd)`,
  );
  connection.close();
  const rows = book.rows.filter((row) => row.valid_to_on === null && row.service_tier === 'standard');
  const file: NamesFile = { fingerprint: texts.fingerprint, listedOn: book.listed_on, rows };
  writeFileSync(join(folder, NAMES), JSON.stringify(file));
}

/** A file of the build: beside this one once bundled, in `dist` when run from the sources. */
function built(name: string): string | undefined {
  return [new URL(name, import.meta.url), new URL(`../../dist/${name}`, import.meta.url)]
    .map((url) => fileURLToPath(url))
    .find((path) => existsSync(path));
}
