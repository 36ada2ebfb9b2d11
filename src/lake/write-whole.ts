import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { flushFile } from '../warehouse/flush-file.ts';
import { makeFolder } from '../warehouse/make-folder.ts';

/** How the names of temporary neighbours end; whoever meets one leaves it out. */
export const DRAFT_SUFFIX = '.tmp';

let draftCount = 0;

/** Puts a file in its place whole: written beside it, flushed, renamed. Killed at any point, the old or the new one is there. */
export async function writeWhole(
  path: string,
  write: (draft: string) => Promise<void> | void,
): Promise<void> {
  makeFolder(dirname(path));
  draftCount += 1;
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}-${draftCount}${DRAFT_SUFFIX}`);
  try {
    await write(draft);
    flushFile(draft);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  flushFolder(dirname(path));
}

/** The rename itself; some platforms and file systems cannot flush a folder. */
function flushFolder(path: string): void {
  try {
    const fd = openSync(path, 'r');
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    // Then the file system decides when.
  }
}
