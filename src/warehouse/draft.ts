import { constants, copyFileSync, existsSync, rmSync } from 'node:fs';
import { atExit } from './at-exit.ts';
import type { Connection } from './connection.ts';
import { warehouseStamp } from './file-stamp.ts';
import { createEmpty, explainOpening, openOnce } from './open.ts';
import { draftPath, takePlace } from './take-place.ts';

/**
 * A copy of a warehouse, written unseen until it takes the warehouse's place, which is held meanwhile: others find it locked
 * and as it was.
 */
export interface Draft {
  /** To the draft; the caller's to close before the draft ends. */
  readonly connection: Connection;
  /** Puts a copy of what is committed in the warehouse's place; the draft goes on. */
  readonly show: () => Promise<void>;
  /** Puts the draft itself there, and lets go of it; false where that is not allowed, and the warehouse is as it was. */
  readonly finish: () => boolean;
  /** Leaves the warehouse as it was shown last. */
  readonly discard: () => void;
}

export interface DraftOptions {
  /** What the warehouse's stamp was when it was looked at; left out: it may be anything. */
  readonly stamp?: string;
}

/**
 * Begins a draft of a warehouse, which is made where there is none. Undefined where it has changed meanwhile or a copy cannot be made:
 * then it can be written where it is. Throws `busy` when another process holds it.
 */
export async function openDraft(file: string, { stamp }: DraftOptions): Promise<Draft | undefined> {
  if (!existsSync(file)) await createExplained(file);
  const before = warehouseStamp(file);
  // Rows in its log of writes would not be in the copy.
  if ((stamp !== undefined && stamp !== before) || existsSync(`${file}.wal`)) return undefined;
  const path = draftPath(file, 'loading');
  // Before the warehouse is opened: to close any file ends the locks that the process has on it.
  if (!copied(file, path)) return undefined;
  let holder: Connection | undefined;
  let connection: Connection;
  try {
    holder = await openOnce({ file, mode: 'write' });
    if (warehouseStamp(file) !== before) {
      holder.close();
      remove(path);
      return undefined;
    }
    connection = await openOnce({ file: path, mode: 'write' });
  } catch (error) {
    holder?.close();
    remove(path);
    throw error;
  }
  let held = holder;
  const stay = atExit(() => remove(path));
  return {
    connection,
    show: async () => {
      // Windows renames over no open file, and to let it go would let others write what this draft does not hold.
      if (process.platform === 'win32') return;
      const shown = draftPath(file, 'shown');
      await connection.execute('checkpoint');
      if (!copied(path, shown)) return;
      const next = await openOnce({ file: shown, mode: 'write' });
      if (tookPlace(shown, file)) {
        held.close();
        held = next;
      } else next.close();
    },
    finish: () => {
      if (process.platform === 'win32') held.close();
      const isDone = tookPlace(path, file);
      stay();
      if (process.platform !== 'win32') held.close();
      return isDone;
    },
    discard: () => {
      held.close();
      remove(path);
      stay();
    },
  };
}

async function createExplained(file: string): Promise<void> {
  try {
    await createEmpty(file);
  } catch (error) {
    throw explainOpening(error, file);
  }
}

/**
 * Whether a file could be put in the warehouse's place; else it is gone. A warehouse that can be written may not always be
 * replaced: a single file mounted into a container, say.
 */
function tookPlace(path: string, file: string): boolean {
  try {
    takePlace(path, file);
    return true;
  } catch {
    remove(path);
    return false;
  }
}

/** Whether there is a copy now: there may be no room for one, or no right to make a file. */
function copied(from: string, to: string): boolean {
  try {
    rmSync(to, { force: true });
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
    return true;
  } catch {
    remove(to);
    return false;
  }
}

function remove(path: string): void {
  rmSync(path, { force: true });
  rmSync(`${path}.wal`, { force: true });
}
