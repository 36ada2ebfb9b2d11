import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../warehouse/is-alive.ts';

const PREFIX = 'agenttrace-';

/** A private folder for staged parts, named after this process; those of processes that are gone are removed. */
export function makeScratch(): string {
  const folder = tmpdir();
  removeOldScratch(folder);
  return mkdtempSync(join(folder, `${PREFIX}${process.pid}-`));
}

/** The folder of temporary files is everyone's: what is not this user's, or cannot be removed, is left. */
function removeOldScratch(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : Number.NaN;
    if (!(pid > 0) || pid === process.pid || isAlive(pid)) continue;
    try {
      const path = join(folder, name);
      const stats = lstatSync(path);
      if (stats.isDirectory() && stats.uid === (process.getuid?.() ?? stats.uid)) removeScratch(path);
    } catch {
      // Another process removed it, or it is of no use to anyone.
    }
  }
}

export function removeScratch(folder: string): void {
  // A worker may be writing into it still.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}
