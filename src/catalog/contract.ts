import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { AgenttraceError } from '../model/errors.ts';
import { parseReport, type Report } from './report.ts';
import { sqlFile, sqlFilesBelow } from './sql-files.ts';
import { quoteText } from './sql-names.ts';
import { parseView, type View } from './view.ts';

/** Header of `v1.contract`, which has no file: its rows are the headers of all others. */
const CONTRACT_HEADER = `-- The views of this schema, each with its version and the sum of its SQL.
--
-- A figure is reproducible when the view that gave it has the same sha256.
-- @version 1
-- @since   0.1.0
-- @grain   name
-- @column  name     The view.
-- @column  version  Goes up when the meaning of the view changes.
-- @column  sha256   SHA-256 of the view's SQL text, in hexadecimal.
-- @column  grain    Columns that together name a row, parted by commas.
-- @column  since    Release that brought the view.
-- @example select name, version from contract order by name
`;

let cachedViews: readonly View[] | undefined;

/** Every view, private and public, each after those that it reads. */
export function viewsInOrder(): readonly View[] {
  cachedViews ??= withContract(
    [...sqlFilesBelow('sql/internal'), ...sqlFilesBelow('sql/v1')]
      .filter((path) => path.endsWith('.sql'))
      .map((path) => parseView(path, sqlFile(path))),
  );
  return cachedViews;
}

/** Views whose rows a warehouse keeps as tables of marts, made anew by each load for what it changed. */
export const storedViews = (): readonly View[] =>
  sqlFilesBelow('sql/stored').map((path) => parseView(path, sqlFile(path)));

/** The views of the public contract, in name order. */
export function publicViews(): readonly View[] {
  return viewsInOrder()
    .filter((view) => view.schema === 'v1')
    .toSorted((a, b) => compareText(a.name, b.name));
}

/** The files of the reports of a kind, in name order. */
export const reportPaths = (kind: 'reports' | 'fleet' | 'gates'): readonly string[] =>
  sqlFilesBelow(`sql/${kind}`);

/** The name of the report that a file of that path holds. */
export const reportName = (path: string): string => basename(path, '.sql');

const parsedReports = new Map<string, Report>();

/** The report of one of the program's own files, parsed once. */
export function reportAt(path: string): Report {
  const report = parsedReports.get(path) ?? parseReport(path, sqlFile(path));
  parsedReports.set(path, report);
  return report;
}

/** The shipped reports, in name order. */
export const shippedReports = (): readonly Report[] => reportPaths('reports').map(reportAt);

/** Reports over a team's lake, in name order: in the SQL that other engines run too. */
export const fleetReports = (): readonly Report[] => reportPaths('fleet').map(reportAt);

/** One shipped report; undefined where there is none of that name. */
export function shippedReport(name: string): Report | undefined {
  const path = `sql/reports/${name}.sql`;
  return reportPaths('reports').includes(path) ? reportAt(path) : undefined;
}

/** What a gate of that name asks; its file has a report's header. */
export function shippedGate(name: string): Report {
  return reportAt(`sql/gates/${name}.sql`);
}

/** Every gate, in name order. */
export const shippedGates = (): readonly Report[] => reportPaths('gates').map(reportAt);

/** Sorts views so that each comes after those that it reads; among equals by name. Throws for a cycle or a gap. */
export function sortViews(views: readonly View[]): readonly View[] {
  const byName = new Map(views.map((view) => [qualified(view), view]));
  const sorted: View[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (name: string, readers: readonly string[]): void => {
    if (/^(raw|mart)\./.test(name) || state.get(name) === 'done') return;
    const view = byName.get(name);
    const trail = [...readers, name].join(' → ');
    if (view === undefined) throw invalid(`${name} is read, but no file defines it (${trail}).`);
    if (state.get(name) === 'open') throw invalid(`views read each other in a circle: ${trail}.`);
    state.set(name, 'open');
    for (const dependency of view.dependencies) visit(dependency, [...readers, name]);
    state.set(name, 'done');
    sorted.push(view);
  };
  for (const name of [...byName.keys()].sort(compareText)) visit(name, []);
  return sorted;
}

/**
 * The statements that put the contract into a warehouse, replacing an older one: schemas and views.
 *
 * They may be joined by `;` and run as one script, inside a transaction.
 */
export function contractSql(): readonly string[] {
  const views = viewsInOrder();
  return [
    'drop schema if exists v1 cascade',
    'drop schema if exists internal cascade',
    'create schema internal',
    'create schema v1',
    ...views.map((view) => `create view ${qualified(view)} as\n${view.sql}\n`),
  ];
}

/**
 * The statements that attach the headers to views and columns, for tools that show a database's comments.
 */
export function commentSql(): readonly string[] {
  return publicViews().flatMap((view) => [
    `comment on view ${qualified(view)} is ${quoteText(view.title)}`,
    ...view.columns.map(
      ({ name, description }) => `comment on column ${qualified(view)}.${name} is ${quoteText(description)}`,
    ),
  ]);
}

/** Names this version of the contract: it changes with any view, comment or order. */
export function contractSha256(): string {
  return sha256([...contractSql(), ...commentSql()].join(';\n'));
}

const qualified = (view: View): string => `${view.schema}.${view.name}`;

/** The views in order, with `v1.contract` made from them. */
function withContract(views: readonly View[]): readonly View[] {
  const path = 'sql/v1/contract.sql';
  const own = parseView(path, `${CONTRACT_HEADER}select 1`);
  const rows = [...views.filter((view) => view.schema === 'v1'), own]
    .toSorted((a, b) => compareText(a.name, b.name))
    .map((view) => {
      const sum = view.name === own.name ? sha256(CONTRACT_HEADER) : sha256(view.sql);
      return `    (${[quoteText(view.name), view.version, quoteText(sum), quoteText(view.grain.join(', ')), quoteText(view.since)].join(', ')})`;
    });
  const sql = `select name, version, sha256, grain, since\nfrom (\n    values\n${rows.join(',\n')}\n) as views(name, version, sha256, grain, since)`;
  return sortViews([...views, { ...own, sql }]);
}

function invalid(message: string): AgenttraceError {
  return new AgenttraceError({
    code: 'bug',
    message,
    hint: 'Report this with the version: agenttrace --version.',
  });
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
