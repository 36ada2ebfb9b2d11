import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '../warehouse/connection.ts';
import { applyMigrations, pendingMigrations } from '../warehouse/migrate.ts';
import { priceBookOf, readPriceTexts } from './price-texts.ts';
import { NAMES, type NamesFile, TABLE } from './shipped-prices.ts';
import { storePriceRows } from './store-prices.ts';

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
