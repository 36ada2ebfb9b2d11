import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../warehouse/is-alive.ts';

const PREFIX = 'agenttrace-';

/** A private folder for staged parts, named after this process; those of processes that are gone are removed. */
export function makeScratch(): string {
  const folder = tmpdir();
  for (const name of readdirSync(folder)) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : Number.NaN;
    if (pid > 0 && pid !== process.pid && !isAlive(pid)) removeScratch(join(folder, name));
  }
  return mkdtempSync(join(folder, `${PREFIX}${process.pid}-`));
}

export function removeScratch(folder: string): void {
  // A worker may be writing into it still.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}
