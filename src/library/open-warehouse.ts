import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { OpenUpToDateOptions } from '../ingest/open-up-to-date.ts';
import { AgenttraceError } from '../model/errors.ts';
import type { ResultSet } from '../model/result.ts';
import { COST_MODES, findTimeZone } from '../model/settings.ts';
import type { Connection, SqlValue } from '../warehouse/connection.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { checkRows, toRows } from './rows.ts';
import { runLoad } from './run-load.ts';
import type {
  CallOptions,
  Parameters,
  QueryOptions,
  ReportAnswer,
  ReportOptions,
  StatementOptions,
  Warehouse,
  WarehouseOptions,
} from './warehouse.ts';

/** What the library takes from the process, read when a warehouse is opened and not before. */
export interface Surroundings
  extends Required<Pick<OpenUpToDateOptions, 'home' | 'env' | 'platform' | 'cwd' | 'host' | 'userName'>> {
  /** The warehouse when none is named. */
  readonly defaultFile: string;
  /** Folder of the user's price list. */
  readonly priceFolder: string;
  /** Name of a temporary folder's beginning. */
  readonly temporaryPrefix: string;
}

const TIMEOUT_MS = 60_000;
const WAIT_MS = 30_000;

/** Opens a warehouse. No file is touched until the first call. */
export function openWith(surroundings: Surroundings, options: WarehouseOptions): Warehouse {
  const settings = settingsOf(options);
  const place = placeOf(surroundings, options.file);
  let closed: Promise<void> | undefined;

  /** Runs the work when the file is free, and the caller has not given up. */
  const inTurn = <T>({ signal }: CallOptions, work: () => Promise<T>): Promise<T> => {
    if (closed !== undefined) return Promise.reject(closedError());
    return oneAtATime(place.key(), async () => {
      signal?.throwIfAborted();
      return work();
    });
  };

  const reading = <T>(call: CallOptions, work: (connection: Connection) => Promise<T>): Promise<T> =>
    inTurn(call, async () => {
      const connection = await openToRead(place.file, call);
      try {
        const { applySettings } = await import('../report/run-report.ts');
        await applySettings(connection, settings);
        return await work(connection);
      } finally {
        connection.close();
      }
    });

  const select = async (
    connection: Connection,
    { sql, into, ...statement }: StatementOptions & { readonly sql: string; readonly into?: string },
  ): Promise<ResultSet> => {
    const { enterSandbox } = await import('../warehouse/sandbox.ts');
    const { selectSealed } = await import('../warehouse/sealed-select.ts');
    await enterSandbox(connection, { isInMemory: false });
    try {
      return await selectSealed(connection, {
        sql,
        parameters: sqlValues(statement.parameters),
        timeoutMs: statement.timeoutMs ?? TIMEOUT_MS,
        ...(statement.signal === undefined ? {} : { signal: statement.signal }),
        ...(into === undefined ? {} : { into }),
      });
    } catch (error) {
      throw explained(error, statement);
    }
  };

  const query = async (
    sql: string,
    given: StatementOptions & { readonly row?: QueryOptions<unknown>['row'] } = {},
  ): Promise<readonly unknown[]> => {
    const { row, ...statement } = given;
    const rows = toRows(await reading(statement, (connection) => select(connection, { sql, ...statement })));
    return row === undefined ? rows : checkRows(rows, row);
  };

  return {
    file: place.file,
    load: (given = {}) =>
      inTurn(given, () => runLoad({ surroundings, file: place.file, waitMs: WAIT_MS }, given)),
    query: query as Warehouse['query'],
    queryArrow: (sql, statement = {}) =>
      reading(statement, async (connection) => {
        const { exportArrow } = await import('../warehouse/arrow-stream.ts');
        await select(connection, { sql, into: 'answer', ...statement });
        return exportArrow(connection, 'answer');
      }),
    report: (name, given = {}) =>
      reading(given, (connection) => runNamed(connection, { name, given, cwd: surroundings.cwd })),
    reports: async ({ folders = [] } = {}) => {
      const { listReports } = await import('../report/find-report.ts');
      return listReports(await reportFolders(folders, surroundings.cwd)).flatMap(
        ({ report, path, isHidden }) =>
          report === null || isHidden
            ? []
            : [
                {
                  name: report.name,
                  title: report.title,
                  summary: report.summary,
                  parameters: report.parameters,
                  file: path,
                },
              ],
      );
    },
    close: () => {
      closed ??= oneAtATime(place.key(), async () => place.remove());
      return closed;
    },
  };
}

/** Checked at once: DuckDB would refuse a time zone at the first question, and no one a cost mode. */
function settingsOf({ timeZone = 'UTC', costMode = 'auto' }: WarehouseOptions) {
  const wrong = (message: string, hint: string): AgenttraceError =>
    new AgenttraceError({ code: 'usage', message, hint });
  const found = findTimeZone(timeZone);
  if (found === undefined)
    throw wrong(
      `timeZone knows no “${timeZone}”.`,
      'Use a name such as UTC, Europe/Berlin or America/New_York.',
    );
  if (!COST_MODES.includes(costMode))
    throw wrong(`costMode has no “${costMode}”.`, `Choose from ${COST_MODES.join(', ')}.`);
  return { timeZone: found, costMode };
}

interface Place {
  readonly file: string;
  /** The file by the name that all who mean it share. */
  readonly key: () => string;
  readonly remove: () => void;
}

function placeOf({ cwd, defaultFile, temporaryPrefix }: Surroundings, given: string | undefined): Place {
  if (given === ':memory:') {
    const folder = mkdtempSync(temporaryPrefix);
    const file = join(folder, 'warehouse.duckdb');
    return { file, key: () => file, remove: () => rmSync(folder, { recursive: true, force: true }) };
  }
  const file = resolve(cwd, given ?? defaultFile);
  return { file, key: () => (existsSync(file) ? realpathSync(file) : file), remove: () => undefined };
}

async function openToRead(file: string, { signal }: CallOptions): Promise<Connection> {
  if (!existsSync(file)) {
    throw new AgenttraceError({
      code: 'no_input',
      message: 'There is no warehouse yet.',
      source: file,
      hint: 'await warehouse.load() makes it.',
    });
  }
  const { whileBusy } = await import('../warehouse/busy.ts');
  const { openOnce, openSnapshot } = await import('../warehouse/open.ts');
  const attempt = async (): Promise<Connection> => {
    signal?.throwIfAborted();
    return openOnce({ file, mode: 'read' });
  };
  const connection = (await whileBusy(attempt, { waitMs: WAIT_MS })) ?? (await openSnapshot(file));
  const { pendingMigrations } = await import('../warehouse/migrate.ts');
  try {
    const pending = await pendingMigrations(connection);
    if (pending.length === 0) return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
  connection.close();
  throw new AgenttraceError({
    code: 'bad_input',
    message: 'This warehouse is of an older agenttrace and must be brought up to date first.',
    source: file,
    hint: 'await warehouse.load() does it.',
  });
}

async function reportFolders(folders: readonly string[], cwd: string) {
  const { reportPlaces } = await import('../report/report-places.ts');
  return reportPlaces({ given: folders.map((folder) => resolve(cwd, folder)) });
}

async function runNamed(
  connection: Connection,
  { name, given, cwd }: { readonly name: string; readonly given: ReportOptions; readonly cwd: string },
): Promise<ReportAnswer> {
  const { findReport } = await import('../report/find-report.ts');
  const { runSealedReport } = await import('../report/run-report.ts');
  const found = findReport(name, await reportFolders(given.folders ?? [], cwd));
  if (found === undefined) {
    throw new AgenttraceError({
      code: 'usage',
      message: `There is no report “${name}”.`,
      hint: 'await warehouse.reports() lists them.',
    });
  }
  const { report } = found;
  try {
    const result = await runSealedReport(
      { connection, report, values: sqlValues(given.parameters) },
      {
        isInMemory: false,
        timeoutMs: given.timeoutMs ?? TIMEOUT_MS,
        ...(given.signal === undefined ? {} : { signal: given.signal }),
      },
    );
    const labels = new Map(report.columns.map((column) => [column.name, column.label]));
    return {
      name: report.name,
      title: report.title,
      columns: result.columns.map((column) => ({ ...column, label: labels.get(column.name) ?? column.name })),
      rows: toRows(result),
    };
  } catch (error) {
    throw explained(error, given, found.origin === 'shipped' ? undefined : report.path);
  }
}

/** Values as the driver takes them. */
const sqlValues = (parameters: Parameters = {}): Readonly<Record<string, SqlValue>> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      value instanceof Date ? value.toISOString() : value,
    ]),
  );

/** DuckDB's words as an error to act on; what the caller broke off is left as the caller's reason. */
function explained(error: unknown, { signal }: CallOptions, source?: string): unknown {
  if (signal?.aborted === true && error === signal.reason) return error;
  if (error instanceof AgenttraceError) return error.code === 'failed' ? lateError(error) : error;
  const words = error instanceof Error ? error.message : String(error);
  return new AgenttraceError({
    code: 'bad_sql',
    message: words.replace(/^Failed to extract statements: /, ''),
    hint: 'docs/schema.md and agenttrace schema have the views and their columns.',
    ...(source === undefined ? {} : { source }),
    cause: error,
  });
}

const lateError = ({ message, cause }: AgenttraceError): AgenttraceError =>
  new AgenttraceError({
    code: 'failed',
    message,
    hint: 'Give it longer with timeoutMs, or ask for less.',
    cause,
  });

const closedError = (): AgenttraceError =>
  new AgenttraceError({ code: 'usage', message: 'This warehouse is closed.', hint: 'Open it again.' });
