import { randomBytes } from 'node:crypto';
import { readProperty, writeProperty } from '../ingest/properties.ts';
import type { Connection } from '../warehouse/connection.ts';

/** Who publishes: what the warehouse says, held against the machine it is on. */
export interface HostIdentity {
  readonly hostId: string;
  /** Whether the id is new and must be kept: `keepHostId`. */
  readonly isNew: boolean;
  /** The id of the warehouse that this one is a copy of; null: it is none. */
  readonly copiedFrom: string | null;
}

/**
 * The id of the host that this warehouse publishes as: random, made once.
 *
 * A warehouse that was made on another machine is a copy. Under the other's id the two would overwrite each other's cells,
 * so it gets one of its own.
 */
export async function identifyHost(connection: Connection, machine: string): Promise<HostIdentity> {
  const known = await readProperty(connection, 'host_id');
  const madeOn = await readProperty(connection, 'host_machine');
  if (known !== undefined && madeOn === machine) return { hostId: known, isNew: false, copiedFrom: null };
  return { hostId: randomBytes(8).toString('hex'), isNew: true, copiedFrom: known ?? null };
}

/** Keeps a new id in the warehouse, open for writing. */
export async function keepHostId(
  connection: Connection,
  { hostId, machine }: { readonly hostId: string; readonly machine: string },
): Promise<void> {
  await connection.transaction(async () => {
    await writeProperty(connection, 'host_id', hostId);
    await writeProperty(connection, 'host_machine', machine);
  });
}
