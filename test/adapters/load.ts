/** Loading logs into a real DuckDB and reading back what the public views say, for tests. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'libsql';
import { findLogs } from '../../src/ingest/find-logs.ts';
import { refresh } from '../../src/ingest/refresh.ts';
import { type Cell, isDecimal } from '../../src/model/result.ts';
import type { Connection } from '../../src/warehouse/connection.ts';
import { openOnce } from '../../src/warehouse/open.ts';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const FIXTURE_HOME = join(ROOT, 'fixtures', 'home');
/** Folders next to the repository that a checkout elsewhere does not have; tests that need them skip. */
export const CORPUS = join(ROOT, '..', 'shared', 'corpus');
export const GENERATOR = join(ROOT, '..', 'shared', 'bench', 'gen.mjs');

/** Where an agent keeps its logs below the home, for samples that begin there rather than at the home. */
export const AGENT_FOLDERS = { 'claude-code': '.claude', codex: '.codex' } as const;
export type Agent = keyof typeof AGENT_FOLDERS;

const NOW = new Date('2026-11-30T12:00:00Z');

/** A new folder, removed with all others when the run ends (test/build.ts). */
export const temporaryFolder = (): string =>
  mkdtempSync(join(process.env.AGENTTRACE_TEST_FOLDER ?? tmpdir(), 'agenttrace-test-'));

export interface LoadOptions {
  readonly newestBytes?: number;
  readonly priceFolder?: string;
  /** Commits each step, as where nobody sees the warehouse before it is whole. */
  readonly inSteps?: boolean;
}

/** Brings the warehouse up to date with the home, or with the named files and folders alone; how many logs are left. */
export async function load(
  connection: Connection,
  home: string,
  paths?: readonly string[],
  { newestBytes, priceFolder, inSteps = false }: LoadOptions = {},
): Promise<number> {
  const { notLoadedCount } = await refresh({
    connection,
    home,
    env: {},
    now: NOW,
    host: 'test-host',
    userName: 'dev',
    ...(paths === undefined ? {} : { paths }),
    ...(newestBytes === undefined ? {} : { newestBytes }),
    ...(priceFolder === undefined ? {} : { priceFolder }),
    ...(inSteps ? { unseen: { show: async () => undefined } } : {}),
  });
  return notLoadedCount;
}

/** A warehouse without a log, gone when it is closed. */
export const newWarehouse = (): Promise<Connection> => openOnce({ file: ':memory:', mode: 'write' });

/** Loads into a fresh warehouse, hands it over, and closes and removes it whatever happens. */
async function withWarehouse<T>(
  home: string,
  loads: readonly (readonly string[] | undefined)[],
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await newWarehouse();
  try {
    for (const paths of loads) await load(connection, home, paths);
    return await use(connection);
  } finally {
    connection.close();
  }
}

export const withHome = <T>(home: string, use: (connection: Connection) => Promise<T>): Promise<T> =>
  withWarehouse(home, [undefined], use);

/** One load per entry of `loads`, in that order, into one warehouse. */
export const withLoads = <T>(
  home: string,
  loads: readonly (readonly string[])[],
  use: (connection: Connection) => Promise<T>,
): Promise<T> => withWarehouse(home, loads, use);

/**
 * A sample as it would stand on disk: a database is kept as the statements that make it (`state.db.sql` makes `state.db`).
 */
export function copySample(source: string, target: string): void {
  copyInto(source, target);
  for (const script of filesBelow(target).filter((path) => path.endsWith('.sql'))) {
    const file = script.slice(0, -'.sql'.length);
    rmSync(file, { force: true });
    const database = new Database(file);
    database.exec(readFileSync(script, 'utf8'));
    database.close();
    rmSync(script);
  }
}

/** The logs that a refresh of this home would read. */
export const logsOf = (home: string): readonly string[] =>
  findLogs({ home, env: {} })
    .files.map(({ path }) => path)
    .sort();

/** Regular files below a folder, sorted, as full paths. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Logs below a folder: what an adapter would read. */
export const logsBelow = (folder: string): readonly string[] =>
  filesBelow(folder).filter((path) => path.endsWith('.jsonl') || path.endsWith('.jsonl.zst'));

export function copyInto(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  cpSync(source, target, { recursive: true, preserveTimestamps: true });
}

export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** A cell as JSON can hold it. Numbers of the tests are far below 2^53. */
export function plain(cell: Cell): Plain {
  if (typeof cell === 'bigint') return Number(cell);
  if (cell === null || typeof cell !== 'object') return cell;
  if (isDecimal(cell)) return Number(cell.decimal);
  if (Array.isArray(cell)) return cell.map((item: Cell) => plain(item));
  return Object.fromEntries(Object.entries(cell).map(([key, item]) => [key, plain(item)]));
}

export type Row = Readonly<Record<string, Plain>>;

export async function rowsOf(connection: Connection, sql: string): Promise<readonly Row[]> {
  const { columns, rows } = await connection.query(sql);
  return rows.map((row) =>
    Object.fromEntries(row.map((cell, index) => [columns[index]?.name ?? '', plain(cell)])),
  );
}

export async function onlyValue(connection: Connection, sql: string): Promise<Plain> {
  const { rows } = await connection.query(sql);
  return plain(rows[0]?.[0] ?? null);
}

export async function viewNames(connection: Connection): Promise<readonly string[]> {
  const rows = await rowsOf(
    connection,
    `select view_name from duckdb_views() where schema_name = 'v1' and not internal order by view_name`,
  );
  return rows.map((row) => String(row.view_name));
}

/** Columns that tell when something was loaded, not what. */
const LOAD_TIMES = new Set(['first_loaded_at', 'last_loaded_at']);

/** A double to nine digits: sums of doubles depend on the order of the rows. */
const rounded = (value: Plain): Plain => {
  if (typeof value === 'number' && !Number.isInteger(value)) return Number(value.toPrecision(9));
  if (Array.isArray(value)) return value.map(rounded);
  return value;
};

/** Thousands of rows that no log changes: told by their number and a hash over all of them. */
const DUMPED: Readonly<Record<string, string>> = {
  model_prices:
    'select count(*) as row_count, bit_xor(hash(p))::varchar as rows_hash from v1.model_prices as p',
};

export type Dump = Readonly<Record<string, readonly string[]>>;

/** Every row of every public view in an order of its own: equal for equal warehouses. */
export async function dump(connection: Connection): Promise<Dump> {
  const views: Record<string, readonly string[]> = {};
  for (const view of await viewNames(connection)) {
    const rows = await rowsOf(connection, DUMPED[view] ?? `select * from v1."${view}"`);
    views[view] = rows
      .map((row) =>
        JSON.stringify(
          Object.entries(row)
            .filter(([name]) => !LOAD_TIMES.has(name))
            .map(([name, value]) => [name, rounded(value)]),
        ),
      )
      .sort();
  }
  return views;
}

/** A dump but for what loads leave on their sources: how much of one the last load read depends on how often it was read. */
export const withoutSources = (views: Dump): Dump => {
  const { sources: _, source_totals: __, ...others } = views;
  return others;
};

type DumpedRow = readonly (readonly [string, Plain])[];

/** What two dumps do not share, in lines a person can read; empty when they are equal. */
export function differences(left: Dump, right: Dump, limit = 12): readonly string[] {
  const lines = [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((view) => {
    const gone = withoutRows(left[view] ?? [], right[view] ?? []);
    const added = withoutRows(right[view] ?? [], left[view] ?? []);
    return rowDifferences(view, gone, added);
  });
  return lines.length > limit ? [...lines.slice(0, limit), `… ${lines.length - limit} more`] : lines;
}

function withoutRows(rows: readonly string[], others: readonly string[]): readonly DumpedRow[] {
  const counts = new Map<string, number>();
  for (const row of others) counts.set(row, (counts.get(row) ?? 0) + 1);
  return rows.flatMap((row) => {
    const count = counts.get(row) ?? 0;
    counts.set(row, count - 1);
    return count > 0 ? [] : [JSON.parse(row) as DumpedRow];
  });
}

/** Rows that share their first column are told by the columns in which they differ. */
function rowDifferences(
  view: string,
  gone: readonly DumpedRow[],
  added: readonly DumpedRow[],
): readonly string[] {
  const rest = [...added];
  const lines = gone.map((row) => {
    const key = JSON.stringify(row[0]);
    const twin = rest.findIndex((other) => JSON.stringify(other[0]) === key);
    if (twin < 0) return `${view} only left: ${JSON.stringify(row)}`;
    const [other] = rest.splice(twin, 1);
    const cells = row.flatMap(([name, value], index) => {
      const [before, after] = [JSON.stringify(value), JSON.stringify(other?.[index]?.[1])];
      return before === after ? [] : [`${name} ${before} → ${after}`];
    });
    return `${view} ${key}: ${cells.join(', ')}`;
  });
  return [...lines, ...rest.map((row) => `${view} only right: ${JSON.stringify(row)}`)];
}

export interface ModelTotals {
  readonly calls: number;
  readonly input: number;
  readonly read: number;
  readonly write: number;
  readonly output: number;
}

/** Token sums by model as the log names it; `?` where it names none. */
export async function totals(connection: Connection, where = 'true'): Promise<Record<string, ModelTotals>> {
  const rows = await rowsOf(
    connection,
    `select coalesce(model_raw, '?') as model,
        count(*) as calls,
        coalesce(sum(uncached_input_tokens), 0) as input,
        coalesce(sum(cache_read_tokens), 0) as read,
        coalesce(sum(cache_write_5m_tokens), 0) + coalesce(sum(cache_write_1h_tokens), 0) as write,
        coalesce(sum(output_tokens), 0) as output
    from v1.llm_calls where ${where} group by all order by all`,
  );
  return Object.fromEntries(
    rows.map((row) => [
      String(row.model),
      {
        calls: Number(row.calls),
        input: Number(row.input),
        read: Number(row.read),
        write: Number(row.write),
        output: Number(row.output),
      },
    ]),
  );
}

/** Path, size, modification time and inode of every file: what loading must leave alone. */
export function fingerprint(folder: string): readonly string[] {
  return filesBelow(folder).map((path) => {
    const { size, mtimeNs, ino, mode } = statSync(path, { bigint: true });
    return `${path} ${size} ${mtimeNs} ${ino} ${mode}`;
  });
}
