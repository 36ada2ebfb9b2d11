import { chmodSync, constants, copyFileSync, mkdtempSync, rmSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseError } from './sqlite-error.ts';
import { databaseStamp, headOf } from './sqlite-state.ts';

export interface PrivateCopy {
  readonly path: string;
  readonly remove: () => void;
}

export interface CopiedDatabase {
  readonly path: string;
  readonly companion: '-wal' | '-journal';
  /** Most bytes to copy, 4 GB by default. */
  readonly limit?: number;
}

const GIGABYTE = 1024 ** 3;

/**
 * Copies a database and what must be applied to it to a folder that only this user can look into. It is gone after `remove`, at the
 * latest with the process or, if that is killed, at a later load.
 *
 * Throws `EBUSYDB` if either was written meanwhile, `ETOOLARGE`, `ENOSPC`.
 */
export function copyPrivately({ path, companion, limit = 4 * GIGABYTE }: CopiedDatabase): PrivateCopy {
  const bytes = statSync(path).size + statSync(path + companion).size;
  if (bytes > limit) {
    throw databaseError(
      'ETOOLARGE',
      `its agent left changes in ${companion} that are not yet applied, and ${inGigabytes(bytes)} are too many to copy; open the agent once and quit it, then load again`,
    );
  }
  const { bavail, bsize } = statfsSync(tmpdir());
  if (bavail * bsize < bytes) {
    throw databaseError('ENOSPC', `reading it takes ${inGigabytes(bytes)} in the temporary folder`);
  }
  // Named like a load's scratch folder: those of processes that are gone are removed by the next load.
  const folder = mkdtempSync(join(tmpdir(), `agenttrace-${process.pid}-`));
  const remove = (): void => {
    process.off('exit', remove);
    rmSync(folder, { recursive: true, force: true });
  };
  process.on('exit', remove);
  try {
    const to = join(folder, 'copy.db');
    const before = stateOf({ path, companion });
    for (const suffix of ['', companion]) {
      copyFileSync(path + suffix, to + suffix, constants.COPYFILE_FICLONE);
      chmodSync(to + suffix, 0o600);
    }
    if (stateOf({ path, companion }) !== before)
      throw databaseError('EBUSYDB', 'was changed while it was copied');
    return { path: to, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Pages that are appended to the companion during the copying do no harm; that it begins anew does. */
function stateOf({ path, companion }: CopiedDatabase): string {
  return `${databaseStamp(path)} ${headOf(path + companion)?.toString('hex', 0, 32)}`;
}

function inGigabytes(bytes: number): string {
  return `${(bytes / GIGABYTE).toFixed(1)} GB`;
}
