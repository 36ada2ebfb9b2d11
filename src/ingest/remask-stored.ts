/** Masking again what older rules let through: the logs that it came from may be gone. */
import { createHash } from 'node:crypto';
import { sqlFile } from '../catalog/sql-files.ts';
import type { Connection } from '../warehouse/connection.ts';
import { WRITTEN } from './mask-stored.ts';
import { dropIdleNames } from './model-names.ts';
import { listSecretRules } from './secret-rules.ts';

let known: string | undefined;

/** Names this version of the rules by which texts are masked. Looked at when the rules of the marts differ, which have their lists. */
export function maskingSha256(): string {
  if (known !== undefined) return known;
  const hash = createHash('sha256').update(sqlFile('sql/macros/secrets.sql'));
  hash.update(JSON.stringify([WRITTEN, listSecretRules()]));
  known = hash.digest('hex');
  return known;
}

/** Masks every stored text by the rules in force; how many texts changed. The macros are defined. */
export async function remaskStored(connection: Connection): Promise<number> {
  let count = 0;
  for (const [table, { macro, columns }] of Object.entries(WRITTEN))
    for (const column of columns) {
      const isOpen = `${column} is not null and ${macro}(${column}) <> ${column}`;
      const { rows } = await connection.query(`select count(*) from raw.${table} where ${isOpen}`);
      const found = Number(rows[0]?.[0] ?? 0);
      if (found > 0)
        await connection.execute(`update raw.${table} set ${column} = ${macro}(${column}) where ${isOpen}`);
      count += found;
    }
  if (count > 0) await dropIdleNames(connection);
  return count;
}
