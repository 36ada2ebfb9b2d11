import type { ColumnDescription, ViewDescription } from '../model/view-description.ts';

/**
 * Statements of DuckDB that make an empty table for each view, with types and comments: the place for a copy. They
 * replace nothing that is there.
 */
export function schemaDdl(views: readonly ViewDescription[]): string {
  return [INTRODUCTION, ...views.map(tableDdl)].join('\n');
}

const INTRODUCTION = `-- Tables for a copy of agenttrace's views, with the types and meanings of their columns. Filled, for instance, so:
--   attach 'warehouse.duckdb' as warehouse (read_only);
--   insert into v1.sessions select * from warehouse.v1.sessions;
create schema if not exists v1;
`;

function tableDdl({ name, title, grain, version, columns }: ViewDescription): string {
  const definitions = columns.map((column) => `    ${column.name} ${column.type}`).join(',\n');
  const comment = `${title} One row per ${grain.join(', ')}. Version ${version}.`;
  return [
    `create table v1.${name} (\n${definitions}\n);`,
    `comment on table v1.${name} is ${quoteText(comment)};`,
    ...columns.map((column) => columnComment(name, column)),
    '',
  ].join('\n');
}

function columnComment(table: string, { name, unit, description }: ColumnDescription): string {
  const measured = unit === null ? '' : ` (${unit})`;
  return `comment on column v1.${table}.${name} is ${quoteText(`${description}${measured}`)};`;
}

const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
