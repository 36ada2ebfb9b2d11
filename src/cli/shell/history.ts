import { appendFileSync, chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../../warehouse/make-folder.ts';

/** What was asked before, kept in a file that only its owner can read. */
export interface History {
  /** Newest first. */
  readonly entries: () => readonly string[];
  readonly add: (entry: string) => void;
}

export const MOST_ENTRIES = 2000;

/** Reads the history of a file; without one, what is asked is forgotten at the end. That it cannot be kept is no error. */
export function openHistory(file: string | undefined): History {
  let entries = file === undefined ? [] : readEntries(file);
  return {
    entries: () => entries,
    add: (entry) => {
      // A blank in front keeps a line out of it, as in other shells.
      if (entry.trim() === '' || entry.startsWith(' ') || entry === entries[0]) return;
      entries = [entry, ...entries.filter((other) => other !== entry)].slice(0, MOST_ENTRIES);
      if (file !== undefined) append(file, entry);
    },
  };
}

function readEntries(file: string): string[] {
  try {
    const lines = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    const kept = [...new Set(lines.reverse())].slice(0, MOST_ENTRIES);
    if (lines.length > 2 * MOST_ENTRIES) rewrite(file, kept);
    return kept;
  } catch {
    return [];
  }
}

/** Several shells at once each add lines; who finds many too many writes the newest anew. */
function rewrite(file: string, entries: readonly string[]): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${[...entries].reverse().join('\n')}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

function append(file: string, entry: string): void {
  try {
    const isNew = !existsSync(file);
    if (isNew) makeFolder(dirname(file), 0o700);
    appendFileSync(file, `${entry}\n`, { mode: 0o600 });
    if (!isNew) chmodSync(file, 0o600);
  } catch {
    // A folder that cannot be written costs the next shell its memory, and nothing else.
  }
}
