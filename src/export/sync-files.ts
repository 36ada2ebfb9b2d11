import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../warehouse/make-folder.ts';
import type { ManifestFile } from './manifest.ts';

export interface Fingerprint {
  readonly bytes: number;
  readonly sha256: string;
}

/** Size and SHA-256 of a file; undefined where there is none. */
export function fingerprint(path: string): Fingerprint | undefined {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  const bytes = readFileSync(path);
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Whether a file is what the manifest says of it. */
export function isIntact(folder: string, file: ManifestFile): boolean {
  const path = join(folder, file.path);
  if (statSync(path, { throwIfNoEntry: false })?.size !== file.bytes) return false;
  return fingerprint(path)?.sha256 === file.sha256;
}

/** Writes a file beside its place and moves it there, unless what is there has the same bytes. */
export async function replaceFile(
  path: string,
  write: (draft: string) => Promise<void>,
): Promise<Fingerprint & { readonly isWritten: boolean }> {
  const draft = `${path}.tmp`;
  makeFolder(dirname(path));
  await write(draft);
  const made = fingerprint(draft);
  if (made === undefined) throw new Error(`${draft} was not written`);
  const isWritten = fingerprint(path)?.sha256 !== made.sha256;
  if (isWritten) renameSync(draft, path);
  else rmSync(draft);
  return { ...made, isWritten };
}

/** Places that an export writes rows to: whatever a manifest says, nothing else is ever removed. */
const OWN_PLACE = /^(facts\/[a-z_]+\/day=[\w-]+\/part|(dimensions|answers)\/[a-z_]+)\.parquet$/;

export const isOwnPlace = (path: string): boolean => OWN_PLACE.test(path);

/** Removes files that an export wrote, what it left half done beside them, and folders that become empty; how many. */
export function removeFiles(folder: string, paths: Iterable<string>): number {
  let count = 0;
  for (const path of paths) {
    if (!isOwnPlace(path)) continue;
    const file = join(folder, path);
    rmSync(`${file}.tmp`, { force: true });
    if (existsSync(file)) {
      rmSync(file);
      count += 1;
    }
    for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
      const place = join(folder, parent);
      if (!existsSync(place)) continue;
      if (readdirSync(place).length > 0) break;
      rmdirSync(place);
    }
  }
  return count;
}
