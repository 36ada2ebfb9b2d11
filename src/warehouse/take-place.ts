import { chmodSync, chownSync, readdirSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isAlive } from './is-alive.ts';

const KINDS = ['loading', 'shown', 'rewritten'] as const;

/** A path beside a warehouse for a file that is to take its place; a link to the warehouse may lie elsewhere. */
export const draftPath = (file: string, kind: (typeof KINDS)[number]): string =>
  `${realpathSync(file)}.${process.pid}.${kind}`;

/** Removes such a file, with its log of writes. */
export function removeDraft(path: string): void {
  rmSync(path, { force: true });
  rmSync(`${path}.wal`, { force: true });
}

/** Puts a whole file in the place of another, with its permissions and owner; a link to that goes on leading there. */
export function takePlace(draft: string, file: string): void {
  const place = realpathSync(file);
  const { mode, uid, gid } = statSync(place);
  chmodSync(draft, mode & 0o777);
  if (uid !== statSync(draft).uid) chownSync(draft, uid, gid);
  renameSync(draft, place);
}

const DRAFT = new RegExp(`^\\.(\\d+)\\.(?:${KINDS.join('|')})(?:\\.wal)?$`);

/** Removes what processes that are gone left beside a warehouse. */
export function removeOldDrafts(file: string): void {
  const place = realpathSync(file);
  const name = basename(place);
  for (const entry of readdirSync(dirname(place))) {
    const pid = entry.startsWith(name) ? DRAFT.exec(entry.slice(name.length))?.[1] : undefined;
    if (pid === undefined || Number(pid) === process.pid || isAlive(Number(pid))) continue;
    try {
      rmSync(join(dirname(place), entry), { force: true });
    } catch {
      // Another user's, in a folder of both.
    }
  }
}
