import { sqlFile } from '../catalog/sql-files.ts';
import type { PriceBook } from '../prices/price-book.ts';
import type { Connection } from '../warehouse/connection.ts';
import type { ShippedPrices } from './shipped-prices.ts';

/** Replaces the price table; what was resolved by the old one is forgotten. */
export async function storePrices(
  connection: Connection,
  { shipped, book }: { readonly shipped: ShippedPrices | undefined; readonly book: () => PriceBook },
): Promise<void> {
  await connection.execute('delete from raw.model_prices; delete from raw.model_names;');
  if (shipped === undefined) return storePriceRows(connection, book());
  await connection.execute(
    `insert into raw.model_prices from read_parquet('${shipped.table.replaceAll("'", "''")}')`,
  );
}

/** Adds the rows of a price book to an empty price table. */
export async function storePriceRows(connection: Connection, { rows }: PriceBook): Promise<void> {
  await connection.execute(sqlFile('sql/load/store_prices.sql'), { rows: JSON.stringify(rows) });
}
