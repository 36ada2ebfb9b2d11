import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adapters } from '../../adapters/index.ts';
import { connect } from '../warehouse/connection.ts';
import { NEW_FILE } from '../warehouse/new-file.ts';
import { templateName } from '../warehouse/template.ts';
import { martsSha256 } from './marts.ts';
import { priceBookOf, readPriceTexts } from './price-texts.ts';
import { writeProperty } from './properties.ts';
import { installSchema, planSchema } from './schema.ts';
import { NAMES, type NamesFile } from './shipped-prices.ts';
import { storeAgents } from './store-agents.ts';
import { storePrices } from './store-prices.ts';

/** Makes, for the build, the warehouse that new ones begin as, and the names of the shipped prices; the names of both files. */
export async function makeShipped(folder: string): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const texts = readPriceTexts(undefined);
  const book = await priceBookOf(texts);
  const template = join(folder, templateName());
  const draft = `${template}.${process.pid}.tmp`;
  rmSync(draft, { force: true });
  const connection = await connect(draft, NEW_FILE);
  await connection.transaction(async () => {
    await installSchema(connection, await planSchema(connection));
    await storeAgents(connection, adapters);
    await storePrices(connection, { book, fingerprint: texts.fingerprint });
    await writeProperty(connection, 'marts_sha256', martsSha256());
  });
  connection.close();
  renameSync(draft, template);
  // Only rows in force at the standard tier decide how a name is resolved.
  const rows = book.rows.filter((row) => row.valid_to_on === null && row.service_tier === 'standard');
  const names: NamesFile = { fingerprint: texts.fingerprint, listedOn: book.listed_on, rows };
  writeFileSync(join(folder, NAMES), JSON.stringify(names));
  return [templateName(), NAMES];
}
