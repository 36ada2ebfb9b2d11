import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { AgenttraceError } from '../model/errors.ts';
import type { Connection } from '../warehouse/connection.ts';
import { flushFile } from '../warehouse/flush-file.ts';
import { makeFolder } from '../warehouse/make-folder.ts';
import { warehouseFile } from './context.ts';
import { FILE_SUFFIXES } from './format-choice.ts';
import { note } from './note.ts';
import type { Format } from './options.ts';
import type { Invocation } from './spec.ts';
import { systemError } from './system-error.ts';

/** A file to be written as a whole: into a temporary neighbour that takes its name when it is complete. */
export interface OutputFile {
  readonly path: string;
  readonly temporary: string;
  readonly isReplacing: boolean;
  /** Gives the complete neighbour its name. */
  readonly finish: () => Promise<void>;
  /** Removes the neighbour, whatever state it is in. */
  readonly discard: () => void;
}

export interface OutputRequest {
  readonly format: Format;
  /** Names a file inside a folder: `agenttrace-<stem>-<time>.<suffix>`. */
  readonly stem: string;
  /** Where known logs are listed; absent where no warehouse is open. */
  readonly connection?: Connection;
  /** Folders of agents, whose files are logs even when they are not loaded. */
  readonly logFolders?: readonly string[];
}

/** The file that `-o` names, checked; undefined without `-o`. Nothing is written yet. */
export async function openOutputFile(
  invocation: Invocation,
  request: OutputRequest,
): Promise<OutputFile | undefined> {
  const { runtime, options } = invocation;
  if (options.output === undefined) return undefined;
  const named = resolve(runtime.workingFolder, options.output);
  const isFolder = /[\\/]$/.test(options.output) || lstat(named)?.isDirectory() === true;
  const path = isFolder ? newName(named, { ...request, now: runtime.now }) : named;
  const stat = lstat(path);
  if (stat !== undefined && !stat.isFile()) {
    throw refusal(path, 'This is not a regular file, so it is not written to.');
  }
  if (stat !== undefined) await refuseLogs(path, { invocation, request });
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  const discard = (): void => rmSync(temporary, { force: true });
  tryOut({ path, temporary });
  const forget = runtime.onAbort(discard);
  return {
    path,
    temporary,
    isReplacing: stat !== undefined,
    discard: () => {
      forget();
      discard();
    },
    finish: async () => {
      if (stat !== undefined) chmodSync(temporary, Number(stat.mode) & 0o777);
      flushFile(temporary);
      renameSync(temporary, path);
      forget();
      await note(invocation, stat === undefined ? `wrote ${path}` : `replaced ${path}`);
    },
  };
}

/** Throws where no file can be made, before any work is done for it. */
function tryOut({ path, temporary }: Pick<OutputFile, 'path' | 'temporary'>): void {
  try {
    makeFolder(dirname(path));
    writeFileSync(temporary, '', { flag: 'wx' });
    rmSync(temporary);
  } catch (error) {
    throw asked(error, path);
  }
}

/** The error with the file that was asked for, rather than its neighbour. */
function asked(error: unknown, path: string): unknown {
  const known = systemError(error);
  return known === undefined
    ? error
    : new AgenttraceError({
        code: known.code,
        message: `The file cannot be written. ${known.message}`,
        source: path,
        hint: 'Name another file with -o.',
        cause: error,
      });
}

/** Writes text or bytes to the file, or to stdout where there is none. */
export async function writeOutput(
  { runtime }: Invocation,
  { file, data }: { readonly file: OutputFile | undefined; readonly data: string | Uint8Array },
): Promise<void> {
  if (file === undefined) return runtime.stdout.write(data);
  try {
    writeFileSync(file.temporary, data, { flag: 'wx' });
    await file.finish();
  } catch (error) {
    file.discard();
    throw asked(error, file.path);
  }
}

/** The same for what comes in pieces, one of which is held at a time. */
export async function writePieces(
  { runtime }: Invocation,
  {
    file,
    pieces,
  }: { readonly file: OutputFile | undefined; readonly pieces: AsyncIterable<string | Uint8Array> },
): Promise<void> {
  if (file === undefined) {
    for await (const piece of pieces) if (piece.length > 0) await runtime.stdout.write(piece);
    return;
  }
  try {
    const handle = openSync(file.temporary, 'wx');
    try {
      for await (const piece of pieces) writeFileSync(handle, piece);
    } finally {
      closeSync(handle);
    }
    await file.finish();
  } catch (error) {
    file.discard();
    throw asked(error, file.path);
  }
}

const lstat = (path: string): ReturnType<typeof lstatSync> | undefined =>
  lstatSync(path, { throwIfNoEntry: false });

interface NameParts {
  readonly format: Format;
  readonly stem: string;
  readonly now: Date;
}

function newName(folder: string, { format, stem, now }: NameParts): string {
  const time = now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  for (let number = 1; ; number += 1) {
    const name = `agenttrace-${stem}-${time}${number === 1 ? '' : `-${number}`}${FILE_SUFFIXES[format]}`;
    const path = join(folder, name);
    if (!existsSync(path)) return path;
  }
}

/** An existing file is replaced only when it is neither evidence nor the warehouse. */
async function refuseLogs(
  path: string,
  { invocation, request }: { readonly invocation: Invocation; readonly request: OutputRequest },
): Promise<void> {
  const real = realpathSync(path);
  const warehouses = [warehouseFile(invocation, false), invocation.options.warehouse]
    .filter((file) => file !== undefined && file !== ':memory:')
    .flatMap((file) => [resolve(invocation.runtime.workingFolder, String(file)), realOf(String(file))]);
  if ([path, real].some((name) => warehouses.some((file) => name === file || name === `${file}.wal`))) {
    throw refusal(path, 'This is the warehouse, so it is not written over.');
  }
  const isBelow = (folder: string): boolean => real.startsWith(`${realOf(folder)}${sep}`);
  const isLog =
    (request.logFolders ?? []).some(isBelow) ||
    (request.connection !== undefined && (await isSource(request.connection, [path, real])));
  if (isLog) throw refusal(path, 'This is a log of an agent, so it is not written over.');
}

async function isSource(connection: Connection, paths: readonly string[]): Promise<boolean> {
  const { rows } = await connection.query('select 1 from v1.sources where path in ($given, $real) limit 1', {
    given: paths[0] ?? '',
    real: paths[1] ?? '',
  });
  return rows.length > 0;
}

function realOf(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

function refusal(path: string, message: string): AgenttraceError {
  return new AgenttraceError({ code: 'usage', message, source: path, hint: 'Name another file with -o.' });
}
