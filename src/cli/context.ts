import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Discovery } from '../ingest/discover.ts';
import type { RefreshSummary } from '../ingest/refresh.ts';
import { AgenttraceError } from '../model/errors.ts';
import type { Connection } from '../warehouse/connection.ts';
import { warehouseStamp } from '../warehouse/file-stamp.ts';
import { note } from './note.ts';
import type { OpenedTeam } from './open-lake.ts';
import { configFolder, defaultWarehouse } from './places.ts';
import { programStamp } from './program-stamp.ts';
import { showProgress } from './progress.ts';
import type { Invocation } from './spec.ts';

/** The open warehouse that answers a command, and what bringing it up to date found. */
export interface Prepared {
  readonly connection: Connection;
  /** Null with `--no-refresh`, and when another process holds the file. */
  readonly summary: RefreshSummary | null;
  /** Path of the file, or `:memory:`. */
  readonly file: string;
  /** With `--team`: the lake that answers in the place of a warehouse. */
  readonly team?: OpenedTeam;
  /** The stamp of the file as it answers here; undefined where another one has taken its place. */
  readonly stamp: () => Promise<string | undefined>;
  readonly close: () => void;
}

export interface PrepareOptions {
  /** Logs to read rather than the known places. */
  readonly paths?: readonly string[];
  /** Stop after the newest logs of this size. */
  readonly newestBytes?: number;
  /** The logs of the home, where they were looked for already. */
  readonly discovery?: Discovery;
  /** Open the file once more, read-only, when the load is done. */
  readonly isReadOnly?: boolean;
}

export const WAIT_MS = 30_000;

/** Opens the warehouse that the options ask for and brings it up to date, unless they say not to. */
export async function prepareWarehouse(
  invocation: Invocation,
  wanted: PrepareOptions = {},
): Promise<Prepared> {
  const { runtime, options } = invocation;
  if (options.team !== undefined) return everyones(invocation, { wanted, team: options.team });
  const folders = [...options.folders, ...(wanted.paths ?? [])].map((path) =>
    resolve(runtime.workingFolder, path),
  );
  if (options.isDemo && folders.length > 0) {
    throw new AgenttraceError({
      code: 'usage',
      message: '--demo reads the shipped example and no other folder.',
    });
  }
  const missing = folders.find((folder) => !existsSync(folder));
  if (missing !== undefined) {
    throw new AgenttraceError({
      code: 'no_input',
      message: 'There is no such file or folder.',
      source: missing,
      hint: 'agenttrace doctor lists where logs are looked for.',
    });
  }
  if (folders.length > 0 && !options.isRefreshing) {
    throw new AgenttraceError({
      code: 'usage',
      message: '--no-refresh reads no log, and a folder or file names logs to read.',
      hint: 'Leave out one of the two.',
    });
  }
  const file = warehouseFile(invocation, folders.length > 0);
  if (!options.isRefreshing && file !== ':memory:') return asItIs(invocation, file);
  const opened = await refreshed({ invocation, wanted, folders, file });
  if (folders.length > 0 && file !== ':memory:') await sayOthers(invocation, opened, folders);
  return opened;
}

/** A file that is kept answers with all that it holds. */
async function sayOthers(
  invocation: Invocation,
  { connection, file }: Prepared,
  folders: readonly string[],
): Promise<void> {
  const { rows } = await connection.query(
    `select count(*) from v1.sources
    where not list_bool_or([path = folder or starts_with(path, folder || '/') for folder in $folders::json::varchar[]])`,
    { folders: JSON.stringify(folders) },
  );
  const count = Number(rows[0]?.[0] ?? 0);
  if (count === 0) return;
  const logs = count === 1 ? 'one log' : `${count.toLocaleString('en-US')} logs`;
  await note(
    invocation,
    `${file} holds ${logs} from elsewhere, which count as well. Without --warehouse only what is below DIR or PATH does.`,
  );
}

/** The lake of a team, in the place of a warehouse. */
async function everyones(
  invocation: Invocation,
  { wanted, team }: { readonly wanted: PrepareOptions; readonly team: string },
): Promise<Prepared> {
  if ((wanted.paths ?? []).length > 0) {
    throw new AgenttraceError({
      code: 'usage',
      message: 'A path names logs to read; with --team the lake alone answers.',
      hint: 'Leave out the path, or --team.',
    });
  }
  const { openLake } = await import('./open-lake.ts');
  const opened = await openLake(invocation, team);
  return prepared(invocation, {
    connection: opened.connection,
    summary: null,
    file: ':memory:',
    team: opened,
  });
}

/** The file that the options name; memory where only some logs are asked for and no file is. */
export function warehouseFile({ runtime, options }: Invocation, hasFolders: boolean): string {
  if (options.warehouse !== undefined) return resolve(runtime.workingFolder, options.warehouse);
  return hasFolders || options.isDemo ? ':memory:' : defaultWarehouse(runtime);
}

interface Load {
  readonly invocation: Invocation;
  readonly wanted: PrepareOptions;
  readonly folders: readonly string[];
  readonly file: string;
}

async function refreshed({ invocation, wanted, folders, file }: Load): Promise<Prepared> {
  const { runtime, options } = invocation;
  const { openUpToDate } = await import('../ingest/open-up-to-date.ts');
  const progress = showProgress({ runtime, isQuiet: options.isQuiet });
  const opened = await openUpToDate({
    file,
    waitMs: WAIT_MS,
    onWait: () => sayWaiting(invocation),
    home: options.isDemo ? runtime.demoHome : runtime.home,
    env: options.isDemo ? {} : runtime.env,
    platform: runtime.platform,
    cwd: options.isDemo ? runtime.demoHome : runtime.workingFolder,
    now: runtime.now,
    host: options.isDemo ? 'demo' : runtime.host,
    userName: options.isDemo ? 'demo' : runtime.userName,
    ...(folders.length > 0 ? { paths: folders } : {}),
    ...(wanted.newestBytes === undefined ? {} : { newestBytes: wanted.newestBytes }),
    ...(wanted.discovery === undefined ? {} : { discovery: wanted.discovery }),
    ...(options.isDemo ? {} : { priceFolder: configFolder(runtime) }),
    program: programStamp(),
    onProgress: progress.update,
  }).finally(progress.stop);
  const { summary } = opened;
  if (opened.isSnapshot)
    await note(invocation, 'Another agenttrace is loading: this answer is from before it began.');
  if (summary !== null) await sayTroubles(invocation, summary);
  if (wanted.isReadOnly !== true || opened.isReadOnly || file === ':memory:') {
    return prepared(invocation, { ...opened, file });
  }
  opened.connection.close();
  return prepared(invocation, { connection: await openToRead(invocation, file), summary, file });
}

async function asItIs(invocation: Invocation, file: string): Promise<Prepared> {
  if (!existsSync(file)) {
    throw new AgenttraceError({
      code: 'no_input',
      message: 'There is no warehouse yet.',
      source: file,
      hint: 'agenttrace load makes it; so does any command without --no-refresh.',
    });
  }
  const connection = await openToRead(invocation, file);
  const { planSchema } = await import('../ingest/schema.ts');
  const { migrations, isContractOld } = await planSchema(connection);
  if (migrations.length > 0) {
    throw new AgenttraceError({
      code: 'bad_input',
      message: 'This warehouse is of an older agenttrace and must be brought up to date first.',
      source: file,
      hint: 'agenttrace load does it.',
    });
  }
  if (isContractOld)
    await note(
      invocation,
      'The views are those of another agenttrace; agenttrace load brings them up to date.',
    );
  return prepared(invocation, { connection, summary: null, file });
}

/** Opens the file beside any other reader; while a writer holds it, waits, and then reads what it held before. */
async function openToRead(invocation: Invocation, file: string): Promise<Connection> {
  const { whileBusy } = await import('../warehouse/busy.ts');
  const { openOnce, openSnapshot } = await import('../warehouse/open.ts');
  const opened = await whileBusy(() => openOnce({ file, mode: 'read' }), {
    waitMs: WAIT_MS,
    onWait: () => sayWaiting(invocation),
  });
  if (opened !== undefined) return opened;
  await note(invocation, 'Another agenttrace is loading: this answer is from before it began.');
  return openSnapshot(file);
}

type PreparedParts = Pick<Prepared, 'connection' | 'summary' | 'file' | 'team'> & {
  /** What the file was before it was opened, where it was opened to be read. */
  readonly stamp?: string;
};

/** Ctrl-C breaks off a running statement first: the process cannot end while one runs. */
function prepared(
  { runtime }: Invocation,
  { connection, summary, file, team, stamp }: PreparedParts,
): Prepared {
  const forget = runtime.onAbort(connection.interrupt);
  return {
    connection,
    summary,
    file,
    ...(team === undefined ? {} : { team }),
    stamp: () => stampOf({ connection, file, stamp }),
    close: () => {
      forget();
      connection.close();
      // A load compiles much that the next answer does without.
      if ((summary?.bytesRead ?? 0) === 0) runtime.keepCode('long');
    },
  };
}

async function stampOf({
  connection,
  file,
  stamp,
}: {
  readonly connection: Connection;
  readonly file: string;
  readonly stamp: string | undefined;
}): Promise<string | undefined> {
  if (stamp !== undefined) return warehouseStamp(file) === stamp ? stamp : undefined;
  try {
    // What is left to write would be written when it is closed, and others may write from then on.
    await connection.execute('checkpoint');
    return warehouseStamp(file);
  } catch {
    return undefined;
  }
}

export function sayWaiting({ runtime, options }: Invocation): void {
  if (!options.isQuiet && runtime.stderr.isTerminal) {
    void runtime.stderr.write('Another agenttrace is writing the warehouse; waiting up to 30 s …\n');
  }
}

/** What a load could not read is said once, briefly; doctor has it whole. */
async function sayTroubles(invocation: Invocation, summary: RefreshSummary): Promise<void> {
  const unreadable = summary.unreadable.length;
  if (unreadable > 0) {
    const first = summary.unreadable[0];
    await note(
      invocation,
      `${unreadable === 1 ? 'One log' : `${unreadable.toLocaleString('en-US')} logs`} could not be read in full (${first?.path}: ${first?.message.replace(/\.$/, '')}). See agenttrace doctor.`,
    );
  }
  if (summary.notLoadedCount > 0) {
    await note(
      invocation,
      `${summary.notLoadedCount.toLocaleString('en-US')} older logs are not loaded yet. agenttrace load brings them in.`,
    );
  }
}
