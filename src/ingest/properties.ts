import type { Connection } from '../warehouse/connection.ts';

export type PropertyName =
  | 'agents'
  | 'contract_sha256'
  | 'marts_sha256'
  | 'masking_sha256'
  | 'price_fingerprint'
  | 'price_listed_on'
  | 'host_id'
  | 'host_machine'
  | 'is_rewrite_due';

/** A fact about the warehouse itself; undefined when it was never written. */
export async function readProperty(connection: Connection, name: PropertyName): Promise<string | undefined> {
  const { rows } = await connection.query('select value from raw.properties where name = $name', { name });
  const value = rows[0]?.[0];
  return typeof value === 'string' ? value : undefined;
}

export async function writeProperty(
  connection: Connection,
  name: PropertyName,
  value: string,
): Promise<void> {
  await connection.execute('insert or replace into raw.properties values ($name, $value)', { name, value });
}
