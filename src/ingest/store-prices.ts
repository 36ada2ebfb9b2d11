import { sqlFile } from '../catalog/sql-files.ts';
import type { PriceBook } from '../prices/price-book.ts';
import type { Connection } from '../warehouse/connection.ts';
import { writeProperty } from './properties.ts';

/** Replaces the price table; what was resolved by the old one is forgotten. */
export async function storePrices(
  connection: Connection,
  { book, fingerprint }: { readonly book: PriceBook; readonly fingerprint: string },
): Promise<void> {
  await connection.execute('delete from raw.model_prices; delete from raw.model_names;');
  await connection.execute(sqlFile('sql/load/store_prices.sql'), { rows: JSON.stringify(book.rows) });
  await writeProperty(connection, 'price_fingerprint', fingerprint);
  await writeProperty(connection, 'price_listed_on', book.listed_on);
}
