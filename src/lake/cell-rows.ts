import { createHash } from 'node:crypto';
import { sqlFile } from '../catalog/sql-files.ts';
import { quoteText } from '../catalog/sql-names.ts';
import { type Disclosure, protectColumns } from '../export/protected-columns.ts';
import type { Connection } from '../warehouse/connection.ts';
import type { LakeTable } from './layout.ts';

/** Views of which rows leave, each as `opened_<view>`: with what may be disclosed and NULL for the rest. */
const OPENED = [
  'sessions',
  'turns',
  'llm_calls',
  'tool_calls',
  'anomalies',
  'retries',
  'loops',
  'waste_calls',
  'gaps',
] as const;

/** A column of a lake's table, as `sql/lake/tables.sql` defines it. */
export interface LakeColumn {
  readonly name: string;
  readonly type: string;
}

/** Columns of a cell's file: those of the table but for its folders. */
export function cellColumns(table: LakeTable): readonly LakeColumn[] {
  const definition = new RegExp(`create table landing\\.${table} \\(([\\s\\S]*?)\\n\\);`).exec(
    sqlFile('sql/lake/tables.sql'),
  );
  const lines = (definition?.[1] ?? '').matchAll(/^ {4}([a-z_0-9]+) (.+?)(?: not null)?,?$/gm);
  return [...lines]
    .map(([, name = '', type = '']) => ({ name, type }))
    .filter(({ name }) => name !== 'day' && name !== 'host');
}

/** Defines what the tables of a lake are made from, on a connection to a warehouse. */
export async function openViews(connection: Connection, disclosure: Disclosure): Promise<void> {
  // Costs as the hosts count them, days in UTC: the same whoever publishes.
  await connection.execute(`set TimeZone = 'UTC'`);
  await connection.execute(`set variable cost_mode = 'auto'`);
  for (const view of OPENED) {
    const columns = await protectColumns(connection, { view, disclosure });
    const list = columns.map(({ name, type, sql }) => `${sql ?? `cast(null as ${type})`} as "${name}"`);
    await connection.execute(
      `create or replace temp view opened_${view} as select ${list.join(', ')} from v1.${view}`,
    );
  }
  await connection.execute(
    `create or replace temp table session_days as ${sqlFile('sql/lake/session_days.sql')}`,
  );
}

/** The rows of one day of a table: how many, and a sum by which they are known again. */
export interface DayRows {
  readonly day: string;
  readonly rows: number;
  readonly digest: string;
}

/** Fills `cell_rows` with a table's rows of all days, in the order of the cells; what each day holds. */
export async function fillCellRows(
  connection: Connection,
  { table, shape }: { readonly table: LakeTable; readonly shape: string },
): Promise<readonly DayRows[]> {
  const columns = cellColumns(table).map(({ name, type }) => `cast(${name} as ${type}) as ${name}`);
  await connection.execute(
    `create or replace temp table cell_rows as select day, ${columns.join(', ')} from (${sqlFile(`sql/lake/cells/${table}.sql`)})`,
  );
  const { rows } = await connection.query(`
    select
        cast(day as varchar) as day,
        count(*) as row_count,
        cast(sum(cast(hash(cell_rows) as hugeint)) as varchar) || ':' || cast(bit_xor(hash(cell_rows)) as varchar) as sums,
    from cell_rows
    group by day
    order by day`);
  return rows.map(([day, count, sums]) => ({
    day: String(day),
    rows: Number(count),
    digest: digestOf(`${shape} ${table} ${String(count)} ${String(sums)}`),
  }));
}

/** Writes the rows of one day as the file of its cell; equal rows give equal bytes. */
export async function copyCell(
  connection: Connection,
  { table, day, file }: { readonly table: LakeTable; readonly day: string; readonly file: string },
): Promise<void> {
  const names = cellColumns(table).map(({ name }) => name);
  await connection.execute(
    `copy (select ${names.join(', ')} from cell_rows where day = date ${quoteText(day)} order by rowid)
    to ${quoteText(file)} (format parquet, compression zstd)`,
  );
}

/** Names what the rows are made by: with another, every cell is written anew. */
export const shapeOf = (parts: readonly string[]): string =>
  digestOf([sqlFile('sql/lake/tables.sql'), ...parts].join('\n'));

/** Of a day without rows. */
export const emptyDigest = (table: LakeTable, shape: string): string => digestOf(`${shape} ${table} 0`);

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
