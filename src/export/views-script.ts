import { publicViews, storedViews, viewsInOrder } from '../catalog/contract.ts';
import { parseHeader } from '../catalog/header.ts';
import { sqlFile, sqlFilesBelow } from '../catalog/sql-files.ts';
import { findDependencies, quoteText } from '../catalog/sql-names.ts';
import type { View } from '../catalog/view.ts';
import type { ProtectedColumn } from './protected-columns.ts';
import { type StarTable, starTables } from './star-tables.ts';

export interface ExportedTable {
  readonly table: StarTable;
  readonly columns: readonly ProtectedColumn[];
}

export interface ScriptRequest {
  readonly tables: readonly ExportedTable[];
  readonly costMode: string;
  readonly version: string;
}

/** Variable that names the folder of the export; without it, the working folder is it. */
const FOLDER = 'agenttrace_folder';

/**
 * The script by which a plain DuckDB has the public views over the files of an export.
 *
 * A view that is a table of the export reads its files. Every other one is defined by the very SQL of the warehouse: what it reads
 * there of private tables stands in schemas of the same name, told from the export by public ids (`sql/export`).
 */
export function viewsScript({ tables, costMode, version }: ScriptRequest): string {
  const stored = new Set(starTables().map(({ name }) => name));
  const derived = derivedViews();
  const exported = new Set(tables.map(({ table }) => table.name));
  const absent = publicViews().filter(({ name }) => stored.has(name) && !exported.has(name));
  return `${[
    head(version, costMode),
    SCHEMAS.map((name) => `create schema if not exists ${name};`).join('\n'),
    ...tables.map(({ table }) => starView(table)),
    ...privateViews(derived.flatMap(({ dependencies }) => dependencies)),
    ...tables.filter(({ table }) => table.view !== null).map(storedView),
    ...derived.map(({ name, title, sql }) => createView(`v1.${name}`, title, sql)),
    ...absent.map(({ name }) => `-- v1.${name} is not here: its rows were not asked for.`),
    "set search_path = 'v1,star';",
  ]
    .join('\n\n')
    .replaceAll(`coalesce(getvariable('cost_mode'), 'auto')`, quoteText(costMode))}\n`;
}

/** Public views that are no table of an export, each after those that it reads. */
export function derivedViews(): readonly View[] {
  const stored = new Set(starTables().map(({ name }) => name));
  return viewsInOrder().filter(({ schema, name }) => schema === 'v1' && !stored.has(name));
}

/** The folder of the export, for the views on a connection. */
export const setFolder = (folder: string): string => `set variable ${FOLDER} = ${quoteText(folder)}`;

const SCHEMAS = ['star', 'raw', 'mart', 'internal', 'v1'];

const head = (version: string, costMode: string): string =>
  `-- The public views of agenttrace ${version} over the Parquet files beside this script, for DuckDB 1.3 or newer.
--
-- In this folder:  duckdb -init views.sql
-- From anywhere:   set variable ${FOLDER} = '/path/to/this/folder', then .read /path/to/this/folder/views.sql
--
-- v1.* are the public views, star.* the files with their column \`day\` (1970-01-01: no time); raw, mart and internal are what the views are made of.
-- Load it into a database of its own, since it replaces views of these schemas. Days are cut in the time zone of the
-- connection, such as set TimeZone = 'UTC'. Costs are those of the cost mode \`${costMode}\`.`;

const createView = (name: string, title: string, sql: string): string =>
  `-- ${title}\ncreate or replace view ${name} as\n${sql};`;

/** A table as its files have it, with the day of its partition. */
function starView({ kind, name, title }: StarTable): string {
  // The path is a pattern: what has a meaning in one stands for itself in brackets.
  const root = `regexp_replace(coalesce(getvariable('${FOLDER}'), '.'), '([*?[])', '[\\1]', 'g')`;
  return createView(
    `star.${name}`,
    title,
    kind === 'fact'
      ? `from read_parquet(\n    ${root} || '/facts/${name}/*/*.parquet',\n    hive_partitioning = true,\n    hive_types = {'day': date}\n)`
      : `from read_parquet(${root} || '/dimensions/${name}.parquet')`,
  );
}

/** A public view over its table: the contract's columns, NULL for those that were left out. */
function storedView({ table: { name, title, view }, columns }: ExportedTable): string {
  const lines = columns
    .filter((column) => view?.columns.some((known) => known.name === column.name))
    .map(({ name: column, type, sql }) => {
      if (sql === null) return `cast(null as ${type}) as ${column}`;
      return type === 'DECIMAL(20,0)' ? `cast(${column} as ubigint) as ${column}` : column;
    });
  return createView(`v1.${name}`, title, `select\n    ${lines.join(',\n    ')},\nfrom star.${name}`);
}

/** Definitions of the private tables and views of these names and of all that they read, each after what it reads. */
function privateViews(names: readonly string[]): readonly string[] {
  const definitions = new Map<string, string>();
  const define = (name: string): void => {
    if (definitions.has(name) || !/^(raw|mart|internal)\./.test(name)) return;
    const { title, sql } = privateView(name);
    for (const dependency of findDependencies(sql)) define(dependency);
    definitions.set(name, createView(name, title, sql));
  };
  for (const name of names) define(name);
  return [...definitions.values()];
}

/** What stands in for a private table or view; one without a stand-in is defined as in the warehouse. */
function privateView(name: string): { readonly title: string; readonly sql: string } {
  const path = `sql/export/${name.replace('.', '/')}.sql`;
  if (sqlFilesBelow('sql/export').includes(path)) return parseHeader(path, sqlFile(path));
  const view = [...viewsInOrder(), ...storedViews()].find(
    (candidate) => `${candidate.schema}.${candidate.name}` === name,
  );
  if (view === undefined) throw new Error(`a view reads ${name}, for which ${path} should stand in`);
  return view;
}
