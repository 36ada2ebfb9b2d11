import { publicViews, storedViews, viewsInOrder } from '../catalog/contract.ts';
import { sqlFile, sqlFilesBelow } from '../catalog/sql-files.ts';
import { findDependencies } from '../catalog/sql-names.ts';
import { cellColumns } from './cell-rows.ts';
import { LAKE_TABLES, type LakeTable } from './layout.ts';

/** Views of the contract that are a table of the lake, column by column. */
const AS_PUBLISHED: Readonly<Record<string, LakeTable>> = {
  'v1.sessions': 'sessions',
  'v1.turns': 'turns',
  'v1.llm_calls': 'llm_calls',
  'v1.tool_calls': 'tool_calls',
  'v1.gaps': 'gaps',
};

/** Columns that a lake holds in another form than the contract. */
const RESTORED: Readonly<Record<string, string>> = {
  host: 'host_name as host',
  input_hash: 'cast(input_hash as ubigint) as input_hash',
  result_hash: 'cast(result_hash as ubigint) as result_hash',
};

export interface TeamViews {
  /** Statements that make the views of the contract over the schema `lake`, each after those that it reads. */
  readonly statements: readonly string[];
  /** Views of the contract that a lake cannot give. */
  readonly missing: ReadonlySet<string>;
}

/**
 * The contract over a lake: what hosts publish as it is; each other view by the SQL that it has in a warehouse, where what
 * that reads is there. A view that needs what no host publishes is left out, so that asking it is an error and no wrong answer.
 */
export function teamViews(): TeamViews {
  const own = new Map(
    sqlFilesBelow('sql/team').map((path) => [nameOf(path), { name: nameOf(path), sql: sqlFile(path) }]),
  );
  for (const [name, table] of Object.entries(AS_PUBLISHED))
    own.set(name, { name, sql: asPublished(name, table) });
  const shipped = [...viewsInOrder(), ...storedViews()]
    .map((view) => ({ name: `${view.schema}.${view.name}`, sql: view.sql }))
    .filter(({ name }) => !own.has(name));
  const known = new Map([...shipped.map((view) => [view.name, view] as const), ...own]);
  const statements: string[] = [
    'create schema raw',
    'create schema mart',
    'create schema internal',
    'create schema v1',
  ];
  const state = new Map<string, boolean>();
  const isThere = (name: string): boolean => {
    const decided = state.get(name);
    if (decided !== undefined) return decided;
    const view = known.get(name);
    state.set(name, view === undefined && name.startsWith('lake.'));
    if (view === undefined) return name.startsWith('lake.');
    const isComplete = findDependencies(view.sql).every(isThere);
    if (isComplete) statements.push(`create view ${name} as\n${view.sql}\n`);
    state.set(name, isComplete);
    return isComplete;
  };
  const missing = publicViews().filter(({ name }) => !isThere(`v1.${name}`));
  return { statements, missing: new Set(missing.map(({ name }) => name)) };
}

/** `sql/team/v1/waste_calls.sql` defines `v1.waste_calls`. */
const nameOf = (path: string): string => path.slice('sql/team/'.length, -'.sql'.length).replace('/', '.');

function asPublished(name: string, table: LakeTable): string {
  const columns = publicViews().find((view) => `v1.${view.name}` === name)?.columns ?? [];
  return `select ${columns.map((column) => RESTORED[column.name] ?? column.name).join(', ')} from lake.${table}`;
}

/**
 * Statements that make the schema `lake` over tables without rows, so that views over it can be made: DuckDB looks at what a
 * view reads when it is made, and to look at thousands of files for each of forty views takes seconds.
 */
export const emptyLake = (): readonly string[] => [
  'create schema landing',
  'create schema cells',
  'create schema lake',
  sqlFile('sql/lake/tables.sql'),
  ...LAKE_TABLES.map((table) => `create view cells.${table} as from landing.${table}`),
  ...ownerStatements(),
];

/** Statements that put files in the place of the empty tables: the rows that count, each session's by its owner. */
export const filledLake = (files: Readonly<Record<LakeTable, string>>): readonly string[] => [
  ...LAKE_TABLES.map((table) => `create or replace view cells.${table} as ${everyCell(table, files[table])}`),
  ...ownerStatements(),
];

const ownerStatements = (): readonly string[] => [
  `create or replace table lake.owners as ${sqlFile('sql/lake/owners.sql')}`,
  ...LAKE_TABLES.map((table) => `create or replace view lake.${table} as ${ownedRows(table)}`),
];

/** The empty table first: it names and types the columns that cells of an older minor version lack. */
export const everyCell = (table: LakeTable, files: string): string =>
  files === '' ? `from landing.${table}` : `from landing.${table} union all by name from ${files}`;

/**
 * Statements that leave out what stands in several sessions but for where it counts. They are run where there is any of it:
 * hosts whose files do not hang together have none, and need not look for it in every question.
 */
export const lakeWithoutRepeats = (): readonly string[] => [
  `insert into lake.repeats ${sqlFile('sql/lake/repeated_turns.sql')}`,
  ...LAKE_TABLES.filter((table) => table !== 'sessions').map(
    (table) =>
      `create or replace view lake.${table} as ${ownedRows(table)}${(REPEATS[table] ?? []).map(notRepeated).join('')}`,
  ),
  `create table lake.mended_sessions as ${sqlFile('sql/lake/mended_sessions.sql')}`,
  `create or replace view lake.sessions as ${ownedRows('sessions')}
    and not exists (select 1 from lake.mended_sessions as mended where mended.session_id = facts.session_id)
union all by name
from lake.mended_sessions`,
];

/** What repeats of a table are known by: the kind of fact, and the column that names it. */
const REPEATS: Partial<Record<LakeTable, readonly (readonly [kind: string, column: string])[]>> = {
  turns: [['turn', 'turn_id']],
  llm_calls: [['llm_call', 'llm_call_id']],
  tool_calls: [['tool_call', 'tool_call_id']],
  gaps: [['turn', 'turn_id']],
  findings: [
    ['llm_call', `case when facts.finding_kind <> 'anomaly' then facts.llm_call_id end`],
    ['tool_call', `case when facts.finding_kind <> 'anomaly' then facts.tool_call_id end`],
  ],
};

const notRepeated = ([kind, column]: readonly [string, string]): string => `
    and not exists (
        select 1
        from lake.repeats as repeats
        where
            repeats.fact_kind = '${kind}'
            and repeats.session_id = facts.session_id
            and repeats.fact_id = ${column.startsWith('case') ? column : `facts.${column}`}
    )`;

function ownedRows(table: LakeTable): string {
  const columns = ['day', 'host', ...cellColumns(table).map(({ name }) => name)].map(
    (name) => `facts.${name} as ${name}`,
  );
  return `select ${columns.join(', ')}
from cells.${table} as facts
where exists (
    select 1 from lake.owners as owners where owners.session_id = facts.session_id and owners.host = facts.host
)`;
}
