import { join } from 'node:path';
import { adapters } from '../../adapters/index.ts';
import { quoteText } from '../catalog/sql-names.ts';
import type { Connection } from '../warehouse/connection.ts';
import { ANSWER_MEMORY, openOnce } from '../warehouse/open.ts';
import { type CellFile, listCells } from './cell-files.ts';
import { checkCells, isWhole, type LakeHost, lakeNotes } from './check-cells.ts';
import { checkLake } from './lake-contract.ts';
import { CELL_FILE, factsFolder, LAKE_TABLES, type LakeTable, tableFolder } from './layout.ts';
import { lakeViews, teamViews } from './team-views.ts';

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
export async function openTeam(lake: string): Promise<Team> {
  checkLake(lake);
  const cells = listCells(lake);
  const hosts = checkCells(lake, cells);
  const unreadable = new Set(hosts.flatMap((host) => host.unreadable.map(({ path }) => path)));
  const readable = cells.filter(({ path }) => !unreadable.has(path));
  const connection = await openOnce({ file: ':memory:', mode: 'write' });
  try {
    await connection.limitMemory(ANSWER_MEMORY);
    await connection.execute('set parquet_metadata_cache = true');
    const files = Object.fromEntries(
      LAKE_TABLES.map((table) => [table, filesOf(lake, { table, readable, isAll: unreadable.size === 0 })]),
    ) as Record<LakeTable, string>;
    const { statements, missing } = teamViews();
    await connection.execute(lakeViews(files).join(';\n'));
    await describeHosts(connection, hosts);
    await connection.execute(statements.join(';\n'));
    return { connection, hosts, notes: lakeNotes(hosts), missing, readFolder: factsFolder(lake) };
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** SQL that reads the cells of a table: by a pattern, or one by one where some must be left out; empty: there is none. */
function filesOf(
  lake: string,
  {
    table,
    readable,
    isAll,
  }: { readonly table: LakeTable; readonly readable: readonly CellFile[]; readonly isAll: boolean },
): string {
  const cells = readable.filter((cell) => cell.table === table);
  if (cells.length === 0) return '';
  const pattern = join(globSafe(tableFolder(lake, table)), 'day=*', 'host=*', CELL_FILE);
  const files = isAll
    ? quoteText(pattern)
    : `[${cells.map(({ path }) => quoteText(globSafe(path))).join(', ')}]`;
  return `read_parquet(${files}, hive_partitioning = true, hive_types = {'day': date, 'host': varchar}, union_by_name = true)`;
}

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
