import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { adapters } from '../../adapters/index.ts';
import { sqlFile } from '../catalog/sql-files.ts';
import { quoteText } from '../catalog/sql-names.ts';
import type { Connection } from '../warehouse/connection.ts';
import { openBare } from '../warehouse/open.ts';
import { type CellFile, hasOnlyCells, listCells } from './cell-files.ts';
import { cellColumns } from './cell-rows.ts';
import { checkCells, isWhole, type LakeHost, lakeNotes } from './check-cells.ts';
import { checkLake } from './lake-contract.ts';
import { CELL_FILE, factsFolder, LAKE_CONTRACT, LAKE_TABLES, type LakeTable, tableFolder } from './layout.ts';
import { emptyLake, everyCell, filledLake, lakeWithoutRepeats, teamViews } from './team-views.ts';

/** Everyone's facts, with the views of the contract over them. */
export interface Team {
  /** In memory; it reads the cells when a statement needs them. */
  readonly connection: Connection;
  readonly hosts: readonly LakeHost[];
  /** What whoever reads an answer has to know. */
  readonly notes: readonly string[];
  /** Views of the contract that a lake cannot give. */
  readonly missing: ReadonlySet<string>;
  /** The folder that statements read. */
  readonly readFolder: string;
}

/** Opens a lake for reading. Throws where the folder is none, or of another major version. */
export async function openTeam(folder: string): Promise<Team> {
  checkLake(folder);
  // What a sandbox lets through is held against real paths.
  const lake = realpathSync(folder);
  const cells = listCells(lake);
  const hosts = await tryCells(checkCells(lake, cells));
  const unreadable = new Set(hosts.flatMap((host) => host.unreadable.map(({ path }) => path)));
  const readable = cells.filter(({ path }) => !unreadable.has(path));
  const connection = await openBare();
  try {
    const files = Object.fromEntries(
      LAKE_TABLES.map((table) => [
        table,
        filesOf(lake, {
          table,
          readable,
          isAll: unreadable.size === 0 && hasOnlyCells(lake, table),
          isAlike: isAlike(hosts),
        }),
      ]),
    ) as Record<LakeTable, string>;
    const { statements, missing } = teamViews();
    await connection.execute(emptyLake().join(';\n'));
    await describeHosts(connection, hosts);
    await connection.execute([...statements, ...filledLake(files)].join(';\n'));
    if (hosts.length > 1) await leaveOutRepeats(connection);
    return { connection, hosts, notes: lakeNotes(hosts), missing, readFolder: factsFolder(lake) };
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** One session may repeat what another host has in another session: it counts once. */
async function leaveOutRepeats(connection: Connection): Promise<void> {
  await connection.execute(`create table lake.repeats as ${sqlFile('sql/lake/repeats.sql')}`);
  const { rows } = await connection.query('select 1 from lake.repeats limit 1');
  if (rows.length > 0) await connection.execute(lakeWithoutRepeats().join(';\n'));
}

/**
 * Reads every cell that is not as its host says, to find those that are damaged within: one of them would fail each question.
 * On a connection of its own, since some damage leaves a database unusable.
 */
async function tryCells(hosts: readonly LakeHost[]): Promise<readonly LakeHost[]> {
  if (hosts.every(({ other }) => other.length === 0)) return hosts;
  const connection = await openBare();
  try {
    await connection.execute(emptyLake().join(';\n'));
    const tried: LakeHost[] = [];
    for (const host of hosts) {
      const unreadable = [...host.unreadable];
      for (const cell of host.other.filter((other) => !unreadable.includes(other)))
        if (!(await isReadable(connection, cell))) unreadable.push(cell);
      tried.push({ ...host, unreadable });
    }
    return tried;
  } finally {
    connection.close();
  }
}

async function isReadable(connection: Connection, { table, path }: CellFile): Promise<boolean> {
  const columns = cellColumns(table).map(({ name, type }) => `cast(${name} as ${type}) as ${name}`);
  const rows = `select ${columns.join(', ')} from (${everyCell(table, readCells(quoteText(globSafe(path))))})`;
  try {
    await connection.query(`select bit_xor(hash(read)) from (${rows}) as read`);
    return true;
  } catch {
    return false;
  }
}

/** Whether every cell is what a host published by this very contract, so that all of a table have the same columns. */
const isAlike = (hosts: readonly LakeHost[]): boolean =>
  hosts.every(
    ({ record, other }) => record?.contract.version === LAKE_CONTRACT.version && other.length === 0,
  );

interface FilesToRead {
  readonly table: LakeTable;
  readonly readable: readonly CellFile[];
  /** Whether these are all the cells that there are. */
  readonly isAll: boolean;
  readonly isAlike: boolean;
}

/** SQL that reads the cells of a table: by a pattern, or one by one where some must be left out; empty: there is none. */
function filesOf(lake: string, { table, readable, isAll, isAlike }: FilesToRead): string {
  const cells = readable.filter((cell) => cell.table === table);
  if (cells.length === 0) return '';
  const pattern = join(globSafe(tableFolder(lake, table)), 'day=*', 'host=*', CELL_FILE);
  const files = isAll
    ? quoteText(pattern)
    : `[${cells.map(({ path }) => quoteText(globSafe(path))).join(', ')}]`;
  // To find columns by name every file is looked at before any is read.
  const union = isAlike ? '' : ', union_by_name = true';
  return readCells(`${files}${union}`);
}

const readCells = (files: string): string =>
  `read_parquet(${files}, hive_partitioning = true, hive_types = {'day': date, 'host': varchar})`;

/** A folder's own name may hold what is a pattern to DuckDB. */
const globSafe = (path: string): string => path.replace(/[*?[]/g, '[$&]');

/** What hosts say of themselves, as tables: `lake.hosts`, `lake.source_totals`, and the agents by name. */
async function describeHosts(connection: Connection, hosts: readonly LakeHost[]): Promise<void> {
  const recorded = hosts.map((host) => {
    const { hostId, record } = host;
    return {
      host: hostId,
      host_name: record?.name ?? null,
      user_name: record?.user_name ?? null,
      generation: record?.generation ?? null,
      published_at: record?.published_at ?? null,
      program: record?.program ?? null,
      has_content: record?.has_content ?? null,
      pseudonym_key: record?.pseudonym_key ?? null,
      cell_count: record?.cells.length ?? null,
      size_bytes: record?.cells.reduce((sum, { bytes }) => sum + bytes, 0) ?? null,
      other_cell_count: host.other.length + host.missing.length,
      is_whole: isWhole(host),
    };
  });
  const sources = hosts.flatMap(({ record }) => record?.sources ?? []);
  const agents = adapters.map(({ id, displayName }) => ({ agent: id, display_name: displayName }));
  await createTable(connection, { table: 'lake.hosts', rows: recorded, types: HOST_TYPES });
  await createTable(connection, { table: 'lake.source_totals', rows: sources, types: SOURCE_TYPES });
  await createTable(connection, { table: 'lake.agents', rows: agents, types: AGENT_TYPES });
}

const HOST_TYPES = {
  host: 'varchar',
  host_name: 'varchar',
  user_name: 'varchar',
  generation: 'bigint',
  published_at: 'timestamptz',
  program: 'varchar',
  has_content: 'boolean',
  pseudonym_key: 'varchar',
  cell_count: 'bigint',
  size_bytes: 'bigint',
  other_cell_count: 'bigint',
  is_whole: 'boolean',
};

const SOURCE_TYPES = {
  agent: 'varchar',
  host: 'varchar',
  user_name: 'varchar',
  source_count: 'bigint',
  vanished_count: 'bigint',
  size_bytes: 'bigint',
  line_count: 'bigint',
  reject_count: 'bigint',
  last_loaded_at: 'timestamptz',
};

const AGENT_TYPES = { agent: 'varchar', display_name: 'varchar' };

interface NewTable {
  readonly table: string;
  readonly rows: readonly object[];
  /** DuckDB's types by name, in order. */
  readonly types: Readonly<Record<string, string>>;
}

async function createTable(connection: Connection, { table, rows, types }: NewTable): Promise<void> {
  await connection.execute(
    `create table ${table} as
    select unnest(from_json(cast($rows as json), '[${JSON.stringify(types)}]'), recursive := true)`,
    { rows: JSON.stringify(rows) },
  );
}
