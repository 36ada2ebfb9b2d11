import { join } from 'node:path';
import { definePseudonyms, keyName, pseudonymOf } from '../export/pseudonyms.ts';
import { AgenttraceError } from '../model/errors.ts';
import type { Cell } from '../model/result.ts';
import type { Connection } from '../warehouse/connection.ts';
import { type CellFile, listCells, removeDrafts, sumFile } from './cell-files.ts';
import { copyCell, type DayRows, emptyDigest, fillCellRows, openViews, shapeOf } from './cell-rows.ts';
import {
  type CellRecord,
  type HostRecord,
  type HostSources,
  readHostRecord,
  writeHostRecord,
} from './host-record.ts';
import { ensureLake } from './lake-contract.ts';
import { CELL_FILE, cellFolder, hostFile, LAKE_CONTRACT, LAKE_TABLES, type LakeTable } from './layout.ts';
import { writeWhole } from './write-whole.ts';

export interface PublishOptions {
  /** A warehouse that is up to date; read, not written. No SQL from outside may run on it afterwards. */
  readonly connection: Connection;
  /** Folder of the lake; made where it is none. */
  readonly lake: string;
  readonly hostId: string;
  /** Name of the machine and of its user, as people know them. */
  readonly hostName: string | null;
  readonly userName: string | null;
  /** Masked commands, failures and paths of files too. */
  readonly hasContent: boolean;
  /** Key under which names leave as pseudonyms. */
  readonly pseudonymKey?: Buffer;
  /** Version of the program. */
  readonly program: string;
  readonly now: Date;
  readonly onProgress?: (progress: PublishProgress) => void;
}

export interface PublishProgress {
  readonly table: LakeTable;
  readonly tablesDone: number;
  readonly cellsWritten: number;
}

export interface PublishSummary {
  readonly hostId: string;
  readonly generation: number;
  /** Whether the lake was as it should be, and nothing was written. */
  readonly isUnchanged: boolean;
  readonly writtenCount: number;
  /** Of the written: cells that have no row any more. */
  readonly emptiedCount: number;
  readonly keptCount: number;
  readonly rowCount: number;
  readonly bytes: number;
  readonly writtenBytes: number;
}

interface PublishedTable {
  readonly cells: readonly CellRecord[];
  readonly written: readonly CellRecord[];
}

/**
 * Publishes this host's facts into a lake: each cell that differs is replaced as a whole, then the record of the host.
 *
 * Killed at any point, each cell is the old or the new one, and readers see which are not those of the record; publishing
 * again completes it. Where nothing changed, nothing is written.
 */
export async function publish(options: PublishOptions): Promise<PublishSummary> {
  const { connection, lake, hostId, hasContent, pseudonymKey, now } = options;
  ensureLake(lake);
  const before = readHostRecord(lake, hostId);
  const pseudonymName = pseudonymKey === undefined ? null : keyName(pseudonymKey);
  refuseOtherNames(lake, { before, pseudonymName });
  removeDrafts(lake, hostId);
  if (pseudonymKey !== undefined) await definePseudonyms(connection, pseudonymKey);
  await openViews(connection, { hasContent, hasPseudonyms: pseudonymKey !== undefined });
  const shape = shapeOf([String(hasContent), pseudonymName ?? '']);
  const lying = listCells(lake, hostId);
  const tables: PublishedTable[] = [];
  let cellsWritten = 0;
  for (const [index, table] of LAKE_TABLES.entries()) {
    const say = (): void => options.onProgress?.({ table, tablesDone: index, cellsWritten });
    say();
    const known = before?.cells.filter((cell) => cell.table === table) ?? [];
    const files = lying.filter((cell) => cell.table === table);
    const onWritten = (): void => {
      cellsWritten += 1;
      say();
    };
    tables.push(await publishTable({ connection, lake, hostId, table, shape, known, files, onWritten }));
  }
  await connection.execute('drop table if exists cell_rows');
  const cells = tables.flatMap((table) => table.cells);
  const written = tables.flatMap((table) => table.written);
  const record: Omit<HostRecord, 'generation' | 'published_at'> = {
    host_id: hostId,
    name: shown(options.hostName, 'host', pseudonymKey),
    user_name: shown(options.userName, 'user', pseudonymKey),
    contract: LAKE_CONTRACT,
    program: options.program,
    has_content: hasContent,
    pseudonym_key: pseudonymName,
    sources: await readSourceTotals(connection, pseudonymKey),
    cells: [...cells],
  };
  const isUnchanged = written.length === 0 && before !== undefined && isSame(before, record);
  const generation = isUnchanged ? before.generation : (before?.generation ?? 0) + 1;
  if (!isUnchanged) await writeHostRecord(lake, { ...record, generation, published_at: now.toISOString() });
  return {
    hostId,
    generation,
    isUnchanged,
    writtenCount: written.length,
    emptiedCount: written.filter(({ rows }) => rows === 0).length,
    keptCount: cells.length - written.length,
    rowCount: cells.reduce((sum, { rows }) => sum + rows, 0),
    bytes: cells.reduce((sum, { bytes }) => sum + bytes, 0),
    writtenBytes: written.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

interface TableWork {
  readonly connection: Connection;
  readonly lake: string;
  readonly hostId: string;
  readonly table: LakeTable;
  readonly shape: string;
  readonly known: readonly CellRecord[];
  readonly files: readonly CellFile[];
  readonly onWritten: () => void;
}

/** Every day that has rows, had rows by the record, or has a file, whoever left it. */
async function publishTable(work: TableWork): Promise<PublishedTable> {
  const { connection, table, shape } = work;
  const days = await fillCellRows(connection, { table, shape });
  const byDay = new Map(days.map((rows) => [rows.day, rows]));
  const known = new Map(work.known.map((cell) => [cell.day, cell]));
  const files = new Map(work.files.map((cell) => [cell.day, cell]));
  const cells: CellRecord[] = [];
  const written: CellRecord[] = [];
  for (const day of [...new Set([...byDay.keys(), ...known.keys(), ...files.keys()])].sort()) {
    const rows = byDay.get(day) ?? { day, rows: 0, digest: emptyDigest(table, shape) };
    const kept = keptCell(rows, { known: known.get(day), file: files.get(day) });
    const cell = kept ?? (await writeCell(work, rows));
    cells.push(cell);
    if (kept !== undefined) continue;
    written.push(cell);
    work.onWritten();
  }
  return { cells, written };
}

/** The cell as the record has it, if its rows are the same and its file is what was written then. */
function keptCell(
  { digest }: DayRows,
  { known, file }: { readonly known: CellRecord | undefined; readonly file: CellFile | undefined },
): CellRecord | undefined {
  if (known === undefined || file === undefined || known.digest !== digest) return undefined;
  return sumFile(file.path)?.sha256 === known.sha256 ? known : undefined;
}

async function writeCell(
  { connection, lake, hostId, table }: TableWork,
  { day, rows, digest }: DayRows,
): Promise<CellRecord> {
  const path = join(cellFolder(lake, { table, day, hostId }), CELL_FILE);
  await writeWhole(path, (draft) => copyCell(connection, { table, day, file: draft }));
  const sum = sumFile(path);
  if (sum === undefined) throw new Error(`the cell ${path} is gone`);
  return { table, day, rows, bytes: sum.bytes, sha256: sum.sha256, digest };
}

/** Plain names beside pseudonyms would give away who is who. */
function refuseOtherNames(
  lake: string,
  {
    before,
    pseudonymName,
  }: { readonly before: HostRecord | undefined; readonly pseudonymName: string | null },
): void {
  if (before === undefined || before.pseudonym_key === null || before.pseudonym_key === pseudonymName) return;
  const source = hostFile(lake, before.host_id);
  throw new AgenttraceError({
    code: 'bad_input',
    message:
      pseudonymName === null
        ? 'This host published under pseudonyms; without the key its names would become plain to everyone.'
        : 'This host published under another key of pseudonyms; with this one it would be a stranger to itself.',
    source,
    hint: 'Give the key again with --pseudonyms KEYFILE. To change it on purpose, remove that file first.',
  });
}

const shown = (value: string | null, kind: 'host' | 'user', key: Buffer | undefined): string | null =>
  value === null || key === undefined ? value : pseudonymOf(key, { kind, value });

async function readSourceTotals(connection: Connection, key: Buffer | undefined): Promise<HostSources[]> {
  const { rows } = await connection.query(`
    select agent, host, user_name, source_count, vanished_count, size_bytes, line_count, reject_count, last_loaded_at
    from v1.source_totals
    order by agent, host, user_name`);
  return rows.map(([agent, host, userName, sources, vanished, bytes, lines, rejects, loadedAt]) => ({
    agent: String(agent),
    host: shown(textOf(host), 'host', key),
    user_name: shown(textOf(userName), 'user', key),
    source_count: Number(sources),
    vanished_count: Number(vanished),
    size_bytes: Number(bytes),
    line_count: Number(lines),
    reject_count: Number(rejects),
    last_loaded_at: textOf(loadedAt),
  }));
}

const textOf = (cell: Cell | undefined): string | null => (typeof cell === 'string' ? cell : null);

/** Whether a new record would say what the old one does, times of publishing and loading apart. */
function isSame(before: HostRecord, now: Omit<HostRecord, 'generation' | 'published_at'>): boolean {
  const timeless = ({ sources, ...facts }: Partial<HostRecord>): string => {
    const { generation: _generation, published_at: _at, ...lasting } = facts;
    const counts = sources?.map(({ last_loaded_at: _loadedAt, ...count }) => count);
    return JSON.stringify(Object.entries({ ...lasting, counts }).sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  return timeless(before) === timeless(now);
}
