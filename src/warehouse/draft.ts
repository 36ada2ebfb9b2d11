import { constants, copyFileSync, existsSync } from 'node:fs';
import { withSignal } from './abortable.ts';
import { atExit } from './at-exit.ts';
import type { Connection } from './connection.ts';
import { warehouseStamp } from './file-stamp.ts';
import { createEmpty, openOnce } from './open.ts';
import { draftPath, removeDraft, takePlace } from './take-place.ts';

/**
 * A copy of a warehouse, written unseen until it takes the warehouse's place, which is held meanwhile: others find it locked
 * and as it was.
 */
export interface Draft {
  readonly connection: Connection;
  /** Puts a copy of what is committed in the warehouse's place; the draft goes on. */
  readonly show: () => Promise<void>;
  /** Puts the draft itself there, and ends; false where that is not allowed, and the warehouse is as it was. */
  readonly finish: () => Promise<boolean>;
  /** Leaves the warehouse as it was shown last, and ends; also where `finish` threw. */
  readonly discard: () => void;
}

export interface DraftOptions {
  /** What the warehouse's stamp was when it was looked at; left out: it may be anything. */
  readonly stamp?: string | undefined;
  /** Ends what runs on the draft. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Begins a draft of a warehouse, which is made where there is none. Undefined where it has changed meanwhile or a copy cannot be made:
 * then it can be written where it is. Throws `busy` when another process holds it.
 */
export async function openDraft(file: string, { stamp, signal }: DraftOptions): Promise<Draft | undefined> {
  if (!existsSync(file)) await createEmpty(file);
  const before = warehouseStamp(file);
  // Rows in its log of writes would not be in the copy.
  if ((stamp !== undefined && stamp !== before) || existsSync(`${file}.wal`)) return undefined;
  const path = draftPath(file, 'loading');
  const shown = draftPath(file, 'shown');
  // Before the warehouse is opened: to close any file ends the locks that the process has on it.
  if (!copied(file, path)) return undefined;
  const remove = (): void => {
    removeDraft(path);
    removeDraft(shown);
  };
  const stay = atExit(remove);
  let held: Connection | undefined;
  const letGo = (): void => {
    held?.close();
    remove();
    stay();
  };
  try {
    held = await openOnce({ file, mode: 'write' });
    if (warehouseStamp(file) !== before) {
      letGo();
      return undefined;
    }
    const connection = withSignal(await openOnce({ file: path, mode: 'write' }), signal);
    return {
      connection,
      show: async () => {
        // Windows renames over no open file, and to let it go would let others write what this draft does not hold.
        if (process.platform === 'win32') return;
        await connection.execute('checkpoint');
        if (!copied(path, shown)) return;
        const next = await openOnce({ file: shown, mode: 'write' });
        if (tookPlace(shown, file)) {
          held?.close();
          held = next;
        } else next.close();
      },
      finish: async () => {
        // To close does so too, but tells nobody when there is no room for it: rows would stay in the draft's own log.
        await connection.execute('checkpoint');
        connection.close();
        if (process.platform === 'win32') {
          held?.close();
          held = undefined;
        }
        const isDone = tookPlace(path, file);
        letGo();
        return isDone;
      },
      discard: () => {
        connection.close();
        letGo();
      },
    };
  } catch (error) {
    letGo();
    throw error;
  }
}

/**
 * Whether a file could be put in the warehouse's place; else it is removed. A warehouse that can be written may not always be
 * replaced: a single file mounted into a container, say.
 */
function tookPlace(path: string, file: string): boolean {
  try {
    takePlace(path, file);
    return true;
  } catch {
    removeDraft(path);
    return false;
  }
}

/** Whether there is a copy now: there may be no room for one, or no right to make a file. */
function copied(from: string, to: string): boolean {
  try {
    removeDraft(to);
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
    return true;
  } catch {
    removeDraft(to);
    return false;
  }
}
