import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AgenttraceError } from '../model/errors.ts';
import { isAlive } from '../warehouse/is-alive.ts';
import { makeFolder } from '../warehouse/make-folder.ts';
import { MANIFEST, type ManifestFile, readManifestFiles, replaceText } from './manifest.ts';
import { isOwnPlace } from './sync-files.ts';

/** Lies in the folder while an export writes it: whose process, and every file that it may have begun. */
const JOURNAL = 'unfinished.json';

/** A folder that an export may write. */
export interface ClaimedFolder {
  /** Files of the last whole export. */
  readonly files: readonly ManifestFile[];
  /** Files that an export broken off may have left behind. */
  readonly unfinished: readonly string[];
  /** Notes files before they are written, so that the next export knows them as its own. */
  readonly announce: (paths: readonly string[]) => void;
  /** The export is whole. */
  readonly release: () => void;
}

/**
 * Claims a folder for one export: a new or empty one, or one with a manifest of ours. Any other is left as it is.
 *
 * A second export into the same folder is refused as busy while the first one runs.
 */
export function claimFolder(folder: string): ClaimedFolder {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isDirectory()) {
    throw new AgenttraceError({
      code: 'usage',
      message: 'This is not a folder.',
      source: folder,
      hint: 'An export is a folder of files: name a new one.',
    });
  }
  const files = readManifestFiles(folder);
  const journal = join(folder, JOURNAL);
  const hasJournal = existsSync(journal);
  if (hasJournal && !isOwnJournal(journal))
    throw occupied(folder, `This folder has an ${JOURNAL} that is not that of an export.`);
  if (stat !== undefined && files === undefined && !hasJournal && readdirSync(folder).length > 0)
    throw occupied(folder, `This folder has files and no ${MANIFEST} of an export.`);
  const before = hasJournal ? readJournal(journal) : { pid: 0, paths: [] };
  if (before.pid !== process.pid && isAlive(before.pid)) throw busy(folder, journal);
  makeFolder(folder);
  const paths = new Set(before.paths);
  const write = (): void =>
    void replaceText(journal, `${JSON.stringify({ pid: process.pid, paths: [...paths] })}\n`);
  if (hasJournal) write();
  else takeFolder(journal, folder);
  return {
    files: files ?? [],
    unfinished: before.paths,
    announce: (added) => {
      const size = paths.size;
      for (const path of added) paths.add(path);
      if (paths.size > size) write();
    },
    release: () => rmSync(journal, { force: true }),
  };
}

/** Of two exports that begin at once, one makes the file. */
function takeFolder(journal: string, folder: string): void {
  try {
    writeFileSync(journal, `${JSON.stringify({ pid: process.pid, paths: [] })}\n`, { flag: 'wx' });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? busy(folder, journal) : error;
  }
}

const busy = (folder: string, journal: string): AgenttraceError =>
  new AgenttraceError({
    code: 'busy',
    message: 'Another agenttrace is exporting to this folder.',
    source: folder,
    hint: `Try again when it is done. If there is none, remove ${journal}.`,
  });

const occupied = (folder: string, what: string): AgenttraceError =>
  new AgenttraceError({
    code: 'bad_input',
    message: `${what} It was left as it is.`,
    source: folder,
    hint: 'Name a new or empty folder.',
  });

/** How a journal begins; one that was killed before it was filled is empty. */
const isOwnJournal = (file: string): boolean => {
  if (!statSync(file).isFile()) return false;
  const text = readFileSync(file, 'utf8');
  return text === '' || text.startsWith('{"pid":');
};

function readJournal(file: string): { readonly pid: number; readonly paths: readonly string[] } {
  try {
    const { pid, paths } = JSON.parse(readFileSync(file, 'utf8')) as { pid: unknown; paths: unknown };
    return { pid: Number(pid) || 0, paths: Array.isArray(paths) ? paths.map(String).filter(isOwnPlace) : [] };
  } catch {
    // Killed before it was filled: nothing had been written yet.
    return { pid: 0, paths: [] };
  }
}
