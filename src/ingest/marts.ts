import { createHash } from 'node:crypto';
import { sqlFile, sqlFilesBelow } from '../catalog/sql-files.ts';
import type { Connection } from '../warehouse/connection.ts';
import { startChanges } from './forget-rows.ts';

const MARTS = [
  'replays',
  'outranked',
  'event_copies',
  'turns',
  'llm_calls',
  'tool_calls',
  'sessions',
  'gaps',
  'retries',
  'loops',
  'contexts',
  'waste_calls',
  'anomalies',
  'findings',
  'session_waits',
  'scores',
] as const;

const martFiles = (): readonly string[] => sqlFilesBelow('sql/marts');

/** Names this version of the rules behind the marts. */
export function martsSha256(): string {
  const hash = createHash('sha256');
  for (const path of [
    ...martFiles(),
    ...sqlFilesBelow('sql/stored'),
    ...sqlFilesBelow('sql/macros'),
    'sql/seeds/secret_rules.csv',
  ])
    hash.update(sqlFile(path));
  return hash.digest('hex');
}

export interface MartsOptions {
  /** Whether so much changed that memory is given back in between. */
  readonly isBig?: boolean;
  /** How far it is, from 0 to 1. */
  readonly onProgress?: (ratio: number) => void;
}

/** Brings the marts up to date with the changes noted so far, and begins a new list of changes. */
export async function updateMarts(connection: Connection, options: MartsOptions = {}): Promise<void> {
  await updateFacts(connection, options);
  await updateFindings(connection, options);
}

/** The last of the marts that say what happened; those after it judge that. */
const LAST_FACTS = 'sql/marts/09_sessions.sql';

/** The first step of it: what happened. What it leaves for the second lasts as long as the connection. */
export async function updateFacts(connection: Connection, options: MartsOptions): Promise<void> {
  await runMarts(connection, { ...options, isChosen: (path) => path <= LAST_FACTS });
}

/** The second: how what happened is judged. */
export async function updateFindings(connection: Connection, options: MartsOptions): Promise<void> {
  await runMarts(connection, { ...options, isChosen: (path) => path > LAST_FACTS });
  await startChanges(connection);
}

interface RunOptions extends MartsOptions {
  readonly isChosen: (path: string) => boolean;
}

async function runMarts(
  connection: Connection,
  { isBig = false, onProgress, isChosen }: RunOptions,
): Promise<void> {
  const paths = martFiles();
  for (const [index, path] of paths.entries()) {
    if (!isChosen(path)) continue;
    await connection.execute(sqlFile(path));
    if (isBig) await connection.releaseMemory();
    onProgress?.((index + 1) / paths.length);
  }
}

/** Logs whose marts are made in one go. */
const PORTION_BYTES = 512_000_000;

/** Makes the marts anew from the raw tables, in portions. */
export async function rebuildMarts(connection: Connection): Promise<void> {
  await connection.execute(MARTS.map((mart) => `delete from mart.${mart};`).join('\n'));
  const { rows } = await connection.query(
    `select list(source_no) from (
        select source_no, sum(size_bytes) over (order by source_no) // ${PORTION_BYTES} as portion from raw.sources
    ) group by portion order by portion`,
  );
  for (const [sourceNos] of rows) {
    if (!Array.isArray(sourceNos)) continue;
    await connection.execute(`insert into changed_sources select unnest([${sourceNos.join(', ')}]), true`);
    await updateMarts(connection, { isBig: true });
  }
}
