import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Waits until a file's bytes are on the disk. */
export function flushFile(path: string): void {
  const handle = openSync(path, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
