import { createHash } from 'node:crypto';
import { quoteText } from '../catalog/sql-names.ts';
import type { Connection } from '../warehouse/connection.ts';
import { type Disclosure, type ProtectedColumn, protectColumns, selectList } from './protected-columns.ts';
import { NO_DAY, type StarTable, starPath } from './star-tables.ts';

/** Rows of one file to be. */
export interface Cell {
  /** Below the folder of the export. */
  readonly path: string;
  /** The day (UTC), of rows without a time `NO_DAY`; null: a dimension. */
  readonly day: string | null;
  readonly rowCount: number;
  /** Sum over the rows and their schema, in any order: equal sums, equal rows. */
  readonly digest: string;
}

export interface StagedTable {
  readonly columns: readonly ProtectedColumn[];
  /** In order of days; at least one, so that a table without rows has a file to tell its columns. */
  readonly cells: readonly Cell[];
}

/** How files are written. What changes here changes all of them. */
const WRITER = 'format parquet, compression zstd, parquet_version v1';

/**
 * Puts the chosen rows of a table into the temporary table `staged_rows`, protected and in order, and says what files they make.
 *
 * The temporary tables `chosen_sessions` and `named_sources` must be there; sources that facts name are added to the latter.
 */
export async function stageTable(
  connection: Connection,
  { table, disclosure }: { readonly table: StarTable; readonly disclosure: Disclosure },
): Promise<StagedTable> {
  await connection.execute(`
    create or replace temp table chosen_rows as
    select star_table.*
    from (
${table.sql}
    ) as star_table
    ${CHOOSERS[table.chosenBy ?? 'all']}`);
  const columns = (
    await protectColumns(connection, { view: table.name, relation: 'chosen_rows', disclosure })
  ).map(portable);
  const kept = columns.filter(({ sql }) => sql !== null);
  const noDay = table.kind === 'fact' ? `date '${NO_DAY}'` : 'cast(null as date)';
  const day =
    table.dayColumn === null
      ? noDay
      : `coalesce(cast("${table.dayColumn}" at time zone 'UTC' as date), ${noDay})`;
  if (table.chosenBy === 'session_id' && columns.some(({ name }) => name === 'source_id'))
    await connection.execute(
      'insert into named_sources select distinct source_id from chosen_rows where source_id is not null',
    );
  await connection.execute(`
    create or replace temp table staged_rows as
    select day as staged_day, * exclude (day)
    from (select ${day} as day, ${selectList(kept)} from chosen_rows)
    order by ${['day', ...orderOf(table, kept)].map((name) => `${name} nulls last`).join(', ')}`);
  await connection.execute('drop table chosen_rows');
  const names = kept.map(({ name }) => `"${name}"`).join(', ');
  const { rows } = await connection.query(`
    select staged_day, count(*), sum(cast(hash(${names}) as hugeint))::varchar, bit_xor(hash(${names}))::varchar
    from staged_rows
    group by staged_day
    order by staged_day nulls last`);
  const schema = kept.map(({ name, type }) => `${name} ${type}`).join(', ');
  const cellOf = (date: string | null, rowCount: number, sums: readonly string[]): Cell => ({
    path: starPath(table, date),
    day: date,
    rowCount,
    digest: createHash('sha256')
      .update([WRITER, schema, orderOf(table, kept).join(), String(rowCount), ...sums].join('\n'))
      .digest('hex'),
  });
  const cells = rows.map(([date, count, sum, xor]) =>
    cellOf(date === null || date === undefined ? null : String(date), Number(count), [
      String(sum),
      String(xor),
    ]),
  );
  return {
    columns,
    cells: cells.length === 0 ? [cellOf(table.kind === 'fact' ? NO_DAY : null, 0, [])] : cells,
  };
}

/** Few engines read unsigned numbers of 64 bits: in files they are decimals. */
const portable = (column: ProtectedColumn): ProtectedColumn =>
  column.type === 'UBIGINT' && column.sql !== null
    ? { ...column, type: 'DECIMAL(20,0)', sql: `cast(${column.sql} as decimal(20, 0))` }
    : column;

/** Writes the rows of a cell of the staged table as Parquet. */
export async function writeCell(
  connection: Connection,
  { cell, file }: { readonly cell: Cell; readonly file: string },
): Promise<void> {
  const day = cell.day === null ? 'staged_day is null' : `staged_day = date '${cell.day}'`;
  await connection.execute(
    `copy (select * exclude (staged_day) from staged_rows where ${day}) to ${quoteText(file)} (${WRITER})`,
  );
}

const CHOOSERS = {
  session_id: 'semi join chosen_sessions using (session_id)',
  source_id: 'semi join named_sources using (source_id)',
  all: '',
} as const;

/** The order of rows: what the table says, its grain, and where a part of that is left out, every column. */
function orderOf({ order, grain }: StarTable, kept: readonly ProtectedColumn[]): readonly string[] {
  const names = kept.map(({ name }) => name);
  const isWhole = grain.every((name) => names.includes(name));
  const wanted = [...order, ...grain].filter((name) => names.includes(name));
  return [...new Set([...wanted, ...(isWhole ? [] : names)])].map((name) => `"${name}"`);
}
