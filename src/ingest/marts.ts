import { createHash } from 'node:crypto';
import { sqlFile, sqlFilesBelow } from '../catalog/sql-files.ts';
import type { Connection } from '../warehouse/connection.ts';

const MARTS = ['replays', 'event_copies', 'turns', 'llm_calls', 'tool_calls', 'sessions'] as const;

const martFiles = (): readonly string[] => sqlFilesBelow('sql/marts');

/** Names this version of the rules behind the marts. */
export function martsSha256(): string {
  const hash = createHash('sha256');
  for (const path of [...martFiles(), ...sqlFilesBelow('sql/macros')]) hash.update(sqlFile(path));
  return hash.digest('hex');
}

/** Brings the marts up to date with the sources in `changed_sources` and the keys in the `touched_` tables. */
export async function updateMarts(connection: Connection, onStep?: (path: string) => void): Promise<void> {
  for (const path of martFiles()) {
    await connection.execute(sqlFile(path));
    onStep?.(path);
  }
}

/** Empties the marts and marks every source as changed, so that the next update makes them anew from the raw tables. */
export async function resetMarts(connection: Connection): Promise<void> {
  await connection.execute(
    `${MARTS.map((mart) => `delete from mart.${mart};`).join('\n')}
    delete from changed_sources;
    insert into changed_sources select source_no from raw.sources;`,
  );
}
