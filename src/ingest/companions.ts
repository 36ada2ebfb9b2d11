import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { SourceForm } from '../model/reader.ts';

/** Names the state of the files that belong to a source, as a stat sees them; null where there can be none. */
export type CompanionHash = (form: SourceForm | undefined, path: string) => bigint | null;

/** For one look at all sources: of a file that belongs to many, one stat is enough. */
export function createCompanionHash(): CompanionHash {
  const states = new Map<string, string>();
  return (form, path) => {
    if (form?.companions === undefined && form?.neighbours === undefined) return null;
    let text = '';
    for (const file of form.companions?.(path) ?? []) text += `${basename(file)}\0${stateOf(file)}\0`;
    for (const file of form.neighbours?.(path).files ?? []) {
      const state = states.get(file) ?? stateOf(file);
      states.set(file, state);
      text += `${state}\0`;
    }
    return text === '' ? null : hashOf(text);
  };
}

/** Names what the neighbours of a source say of it; null where they say nothing. */
export function toldHash(form: SourceForm | undefined, path: string): bigint | null {
  const said = form?.neighbours?.(path).say();
  return said === undefined ? null : hashOf(JSON.stringify(said));
}

/** A database's empty journal is as good as none, and so is what stands in a folder that may not be entered. */
function stateOf(file: string): string {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats === undefined || stats.size === 0 ? '' : `${stats.size} ${stats.mtimeMs}`;
  } catch {
    return '';
  }
}

const hashOf = (text: string): bigint => createHash('md5').update(text).digest().readBigUInt64LE();
