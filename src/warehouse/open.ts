import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdtempSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AgenttraceError } from '../model/errors.ts';
import { type Connection, connect, type Settings } from './connection.ts';
import { explainFullDisk } from './full-disk.ts';
import { makeFolder } from './make-folder.ts';
import { NEW_FILE } from './new-file.ts';
import { removeOldDrafts } from './take-place.ts';
import { findTemplate } from './template.ts';

export interface OpenOptions {
  /** Path of a DuckDB file, or `:memory:`. */
  readonly file: string;
  readonly mode: 'write' | 'read';
}

/**
 * How DuckDB is run: one thread and little memory, since a load has its own workers and answers are small; big
 * transactions go straight to the file rather than through the log first. What is not committed yet counts as empty when a
 * statement is planned, and an asof join of so few rows would be a nested loop. The compressions left out take long to try and
 * save nothing here.
 */
const SETTINGS: Settings = {
  threads: '1',
  preserve_insertion_order: 'false',
  memory_limit: '160MB',
  enable_external_file_cache: 'false',
  checkpoint_threshold: '100KB',
  asof_loop_join_threshold: '0',
  disabled_compression_methods: 'zstd,dict_fsst',
};

/** What an answer may take: the joins of a session's page over many agents need more than a load, which goes in portions. */
export const ANSWER_MEMORY = '512MB';

/** Opens a warehouse once. Throws `busy` when another process holds it, and says what else is wrong with the file. */
export async function openOnce({ file, mode }: OpenOptions): Promise<Connection> {
  if (file === ':memory:') return openScratch();
  refuseOther(file);
  const settings = { ...SETTINGS, ...spillSettings() };
  try {
    if (mode === 'read')
      return await connect(file, { ...settings, access_mode: 'READ_ONLY', memory_limit: ANSWER_MEMORY });
    if (!existsSync(file)) await createEmpty(file);
    const before = identityOf(file);
    const connection = await connect(file, settings);
    if (identityOf(file) !== before) {
      connection.close();
      // Another process put its own file there between the opening and the lock. What is written to the old one, nobody would see.
      throw busyError(file, IN_USE);
    }
    removeOldDrafts(file);
    return connection;
  } catch (error) {
    throw explainOpening(error, { file, mode });
  }
}

const NO_DATABASE = {
  code: 'bad_input',
  message: 'This file is no DuckDB database. It was left as it is.',
  hint: 'Name another file with --warehouse FILE, or move this one away.',
} as const;

/** DuckDB would wait for what never comes from a pipe, and take other databases for its own work. */
function refuseOther(file: string): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isFile()) throw new AgenttraceError({ ...NO_DATABASE, source: file });
  const bytes = Buffer.alloc(MAGIC_AT + MAGIC.length);
  let length: number;
  try {
    const fd = openSync(file, 'r');
    try {
      length = readSync(fd, bytes, 0, bytes.length, 0);
    } finally {
      closeSync(fd);
    }
  } catch {
    // DuckDB says what is wrong.
    return;
  }
  if (length > 0 && bytes.toString('latin1', MAGIC_AT, length) !== MAGIC)
    throw new AgenttraceError({ ...NO_DATABASE, source: file });
}

/** How a DuckDB file begins, after a checksum. */
const MAGIC = 'DUCK';
const MAGIC_AT = 8;

const identityOf = (file: string): bigint => statSync(file, { bigint: true }).ino;

/** Opens DuckDB over nothing, to attach a warehouse to. */
export const openBare = (): Promise<Connection> =>
  connect(':memory:', { ...SETTINGS, ...spillSettings(), memory_limit: ANSWER_MEMORY });

/** Made only when a big load spills, and removed as any scratch of a process that is gone. */
const spillSettings = (): Settings => ({ temp_directory: join(tmpdir(), `agenttrace-${process.pid}-spill`) });

/**
 * Opens a warehouse for one process alone, gone when it is closed: a private file in the folder of temporary files, since
 * a copy of the template is made in no time, and memory is left for the work.
 */
async function openScratch(): Promise<Connection> {
  const open = (folder: string): Promise<Connection> =>
    openOnce({ file: join(folder, 'warehouse.duckdb'), mode: 'write' });
  return { ...(await openInside(open)), file: ':memory:' };
}

/** Opens something in a private folder, which goes when it is closed, or cannot be opened. */
async function openInside(open: (folder: string) => Promise<Connection>): Promise<Connection> {
  const folder = mkdtempSync(join(tmpdir(), `agenttrace-${process.pid}-`));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const connection = await open(folder);
    const close = (): void => {
      connection.close();
      remove();
    };
    return { ...connection, close };
  } catch (error) {
    remove();
    throw error;
  }
}

/**
 * Makes a warehouse without a log that appears whole or not at all, and is its owner's alone, as the agents' logs are.
 *
 * DuckDB makes the file first and locks and fills it then: of several processes that begin at once, one may find it
 * empty, hold the lock while it says that this is no database, and so keep the others from filling it.
 */
export async function createEmpty(file: string): Promise<void> {
  try {
    await makeEmpty(file);
  } catch (error) {
    throw explainOpening(error, { file, mode: 'write' });
  }
}

async function makeEmpty(file: string): Promise<void> {
  makeFolder(dirname(file), 0o700);
  const draft = `${file}.${process.pid}.new`;
  rmSync(draft, { force: true });
  try {
    const template = findTemplate();
    if (template === undefined) (await connect(draft, NEW_FILE)).close();
    else copyFileSync(template, draft);
    chmodSync(draft, 0o600);
    linkSync(draft, file);
  } catch (error) {
    // Another process was first, or the disk knows no links.
    if (!existsSync(file) && existsSync(draft) && isNodeError(error)) renameSync(draft, file);
    else if (!existsSync(file)) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

const isNodeError = (error: unknown): boolean => error instanceof Error && 'code' in error;

/**
 * Opens what a warehouse held when its writer last finished, while that writer still holds the file.
 */
export const openSnapshot = (file: string): Promise<Connection> =>
  openInside((folder) => {
    const copy = join(folder, 'snapshot.duckdb');
    return copyWhole(file, { copy, open: () => openOnce({ file: copy, mode: 'read' }) });
  });

/**
 * Copies a warehouse while its writer holds it, and opens the copy.
 *
 * DuckDB never overwrites a block that the header in force points to, so a copy is whole if the headers did not change
 * while it was made; otherwise another is made.
 */
export async function copyWhole<T>(
  file: string,
  { copy, open }: { readonly copy: string; readonly open: () => Promise<T> },
): Promise<T> {
  try {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const before = readHeaders(file);
      copyFileSync(file, copy);
      rmSync(`${copy}.wal`, { force: true });
      if (existsSync(`${file}.wal`)) copyFileSync(`${file}.wal`, `${copy}.wal`);
      if (before.equals(readHeaders(file))) return await open();
    }
  } catch (error) {
    if (error instanceof AgenttraceError) throw busyError(file, { ...NO_SNAPSHOT, cause: error });
    throw error;
  }
  throw busyError(file, NO_SNAPSHOT);
}

/** DuckDB's file header and its two alternating database headers. */
function readHeaders(file: string): Buffer {
  const fd = openSync(file, 'r');
  try {
    const headers = Buffer.alloc(3 * 4096);
    readSync(fd, headers, 0, headers.length, 0);
    return headers;
  } finally {
    closeSync(fd);
  }
}

interface Busy {
  readonly message: string;
  readonly hint: string;
  readonly cause?: unknown;
}

const IN_USE: Busy = {
  message: 'Another process is using the warehouse.',
  hint: 'Try again when it is done.',
};

const NO_SNAPSHOT: Busy = {
  message: 'Another process is writing the warehouse, and there is nothing to answer from yet.',
  hint: 'Try again when it is done, or name another file with --warehouse FILE.',
};

const busyError = (file: string, busy: Busy): AgenttraceError =>
  new AgenttraceError({ code: 'busy', source: file, ...busy });

/** Turns the driver's words about opening a file into what a person can act on; the file was left as it is. */
export function explainOpening(error: unknown, { file, mode }: OpenOptions): unknown {
  if (error instanceof AgenttraceError) return error;
  const words = error instanceof Error ? error.message : String(error);
  const details = { source: file, cause: error };
  if (/lock/i.test(words) && /conflicting|could not set lock|being used by another process/i.test(words)) {
    return busyError(file, { ...IN_USE, cause: error });
  }
  if (/not a valid DuckDB database file/i.test(words)) {
    return new AgenttraceError({ ...details, ...NO_DATABASE });
  }
  if (/version number|storage version|newer version/i.test(words)) {
    return new AgenttraceError({
      ...details,
      code: 'bad_input',
      message: `This file was written by another version of DuckDB. It was left as it is. ${words}`,
      hint: 'Update agenttrace, or name another file with --warehouse FILE.',
    });
  }
  const full = explainFullDisk(error, { warehouse: file });
  if (full !== error) return full;
  if (mode === 'read' && /permission denied|cannot open file|operation not permitted/i.test(words)) {
    return new AgenttraceError({
      ...details,
      code: 'failed',
      message: 'The warehouse cannot be read.',
      hint: 'Check who may read the file, or name another one with --warehouse FILE.',
    });
  }
  if (isNodeError(error) && !existsSync(file)) {
    return new AgenttraceError({
      ...details,
      code: 'failed',
      message: `The warehouse cannot be made here: ${words.replace(/^E[A-Z]+: |,.*$/gs, '')}.`,
      hint: 'Name another file with --warehouse FILE.',
    });
  }
  if (/permission denied|read-only|cannot open file|operation not permitted/i.test(words)) {
    return new AgenttraceError({
      ...details,
      code: 'failed',
      message: `The warehouse cannot be opened for writing. It was left as it is. ${words}`,
      hint: 'Make it writable, answer from what it holds with --no-refresh, or name another file with --warehouse FILE.',
    });
  }
  if (/corrupt|checksum|serialization|deserializ/i.test(words)) {
    return new AgenttraceError({
      ...details,
      code: 'bad_input',
      message: `The warehouse is damaged. It was left as it is. ${words}`,
      hint: 'Move it away and load the logs again: agenttrace load.',
    });
  }
  return new AgenttraceError({
    ...details,
    code: 'bad_input',
    message: `The warehouse cannot be opened. It was left as it is. ${words}`,
    hint: 'Name another file with --warehouse FILE, or move this one away and load the logs again.',
  });
}
