/** Where the command line meets opening and loading. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Connection, connect } from '../warehouse/connection.ts';

export { type RefreshProgress, type RefreshSummary, refresh } from '../ingest/refresh.ts';
export { installSchema, planSchema } from '../ingest/schema.ts';

export interface OpenOptions {
  /** Path of a DuckDB file, or `:memory:`. */
  readonly file: string;
  readonly mode: 'write' | 'read';
  readonly waitMs: number;
  readonly onWait: () => void;
}

export interface OpenedWarehouse {
  readonly connection: Connection;
  /** Whether another process holds the file, and this is what it held before. */
  readonly isSnapshot: boolean;
}

/** A stand-in until src/warehouse/open.ts exists: no back-off, no snapshot. To be replaced by a re-export of it. */
export async function openWarehouse({ file, mode }: OpenOptions): Promise<OpenedWarehouse> {
  if (file !== ':memory:' && !existsSync(file)) mkdirSync(dirname(file), { recursive: true });
  const connection = await connect(file, mode === 'read' ? { access_mode: 'READ_ONLY' } : {});
  return { connection, isSnapshot: false };
}
