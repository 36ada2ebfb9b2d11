import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { SourceForm } from '../model/reader.ts';

/** Names the state of the neighbours that belong to a source, as a stat sees them; null where its form has none. */
export function companionHash(form: SourceForm | undefined, path: string): bigint | null {
  if (form?.companions === undefined) return null;
  const hash = createHash('md5');
  for (const companion of form.companions(path)) {
    const stats = statSync(companion, { throwIfNoEntry: false });
    // A database's empty journal is as good as none.
    const state = stats === undefined || stats.size === 0 ? '' : `${stats.size} ${stats.mtimeMs}`;
    hash.update(`${basename(companion)}\0${state}\0`);
  }
  return hash.digest().readBigUInt64LE();
}
