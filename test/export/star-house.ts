/** Exporting a warehouse and reading the export back, for tests. */
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { publicViews } from '../../src/catalog/contract.ts';
import { type ExportSummary, exportStar, type StarRequest } from '../../src/export/export-star.ts';
import type { Manifest } from '../../src/export/manifest.ts';
import type { Cell } from '../../src/model/result.ts';
import { type Connection, connect } from '../../src/warehouse/connection.ts';
import { filesBelow } from '../adapters/load.ts';

export const NO_FILTER: StarRequest['filter'] = {
  agent: null,
  project: null,
  session: null,
  since: null,
  until: null,
};

/** Exports a warehouse; what is not said is as without a flag. */
export const exportHouse = (
  connection: Connection,
  folder: string,
  wanted: Partial<StarRequest> = {},
): Promise<ExportSummary> =>
  exportStar({
    connection,
    folder,
    filter: NO_FILTER,
    hasContent: false,
    hasEvents: false,
    hasAnswers: false,
    key: null,
    costMode: 'auto',
    version: '0.0.0',
    ...wanted,
  });

/** A DuckDB of its own with the views of an export. */
export async function openExport(folder: string, zone = 'UTC'): Promise<Connection> {
  const connection = await connect(':memory:', { threads: '1' });
  await connection.execute(`set TimeZone = '${zone}'`);
  await connection.execute(`set variable agenttrace_folder = '${folder}'`);
  await connection.execute(readFileSync(join(folder, 'views.sql'), 'utf8'));
  return connection;
}

/** What the warehouse says in its views, in a time zone, as `<folder>/<zone>/<view>.parquet`. */
export async function writeAnswers(
  connection: Connection,
  folder: string,
  {
    zone,
    views = publicViews().map(({ name }) => name),
  }: { readonly zone: string; readonly views?: readonly string[] },
): Promise<void> {
  const place = join(folder, zone.replace('/', '-'));
  mkdirSync(place, { recursive: true });
  await connection.execute(`set TimeZone = '${zone}'`);
  for (const name of views)
    await connection.execute(`copy (from v1.${name}) to '${join(place, name)}.parquet' (format parquet)`);
  await connection.execute(`set TimeZone = 'UTC'`);
}

/** Views of an export whose rows or columns differ from the answers, with how many do; and how many views were held. */
export async function compareViews(
  folder: string,
  answers: string,
  zone: string,
): Promise<{ readonly count: number; readonly differing: readonly string[] }> {
  const told = await openExport(folder, zone);
  const place = join(answers, zone.replace('/', '-'));
  const differing: string[] = [];
  const files = readdirSync(place);
  for (const file of files) {
    const view = basename(file, '.parquet');
    await told.execute(`create or replace temp table wanted as from read_parquet('${join(place, file)}')`);
    await told.execute(`create or replace temp table given as from v1.${view}`);
    const { rows } = await told.query(`
      select
        (select list(column_name || ' ' || column_type) from (describe wanted))
        <> (select list(column_name || ' ' || column_type) from (describe given)),
        (select count(*) from (from wanted except all from given)),
        (select count(*) from (from given except all from wanted))`);
    const [hasOtherColumns, missing, surplus] = rows[0] ?? [];
    if (hasOtherColumns === true || missing !== 0n || surplus !== 0n)
      differing.push(`${view}: columns differ ${hasOtherColumns}, ${missing} missing, ${surplus} too many`);
  }
  told.close();
  return { count: files.length, differing };
}

export const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;

/** Every file of a folder with its bytes and the time of its change. */
export const stateOf = (folder: string): ReadonlyMap<string, string> =>
  new Map(
    filesBelow(folder)
      .map(
        (file) =>
          [
            file.slice(folder.length + 1),
            `${statSync(file).mtimeMs} ${readFileSync(file, 'latin1')}`,
          ] as const,
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** Every text in the files of an export: values of columns, nested ones too. */
export async function textsOf(folder: string): Promise<readonly string[]> {
  const told = await openExport(folder);
  const texts: string[] = [];
  const collect = (cell: Cell | undefined): void => {
    if (typeof cell === 'string') texts.push(cell);
    else if (Array.isArray(cell)) cell.forEach(collect);
    else if (typeof cell === 'object' && cell !== null) Object.values(cell).forEach(collect);
  };
  for (const { name, kind } of manifestOf(folder).tables) {
    if (name === 'model_prices' || name === 'agents') continue;
    const { rows } = await told.query(`from ${kind === 'answer' ? 'v1' : 'star'}.${name}`);
    for (const row of rows) row.forEach(collect);
  }
  told.close();
  return texts;
}
