import { publicViews } from '../catalog/contract.ts';
import { checkTags, namedText, parseHeader, singleTag } from '../catalog/header.ts';
import { sqlFile, sqlFilesBelow } from '../catalog/sql-files.ts';
import type { View, ViewColumn } from '../catalog/view.ts';

/** A table of the star schema. */
export interface StarTable {
  readonly name: string;
  /** A fact lies in one file a day, a dimension in one file. */
  readonly kind: 'fact' | 'dimension';
  /** One sentence: what a row is. */
  readonly title: string;
  /** Columns that together name a row. */
  readonly grain: readonly string[];
  readonly columns: readonly ViewColumn[];
  /** SELECT over the warehouse; it may read the temporary table `chosen_sessions`. */
  readonly sql: string;
  /** Of a fact, the column whose day (UTC) it is filed under; null: it has no time. */
  readonly dayColumn: string | null;
  /** Order of rows in a file; with the grain it is total. */
  readonly order: readonly string[];
  /** How rows are chosen: by the session they belong to, by the source they name, or not at all. */
  readonly chosenBy: 'session_id' | 'source_id' | null;
  /** Whether it is exported only on request. */
  readonly isOptional: boolean;
  /** The public view that it is, whose columns it has; null: it is of the star schema alone. */
  readonly view: View | null;
}

type Extra = Partial<Pick<StarTable, 'order' | 'chosenBy' | 'isOptional'>>;

/** Every table, facts first: sources leave by what the facts name. */
export function starTables(): readonly StarTable[] {
  return [
    fact('llm_calls', 'started_at', { order: ['session_id', 'started_at'] }),
    fact('tool_calls', 'called_at', { order: ['session_id', 'called_at'] }),
    fact('turns', 'started_at', { order: ['session_id', 'turn_number'] }),
    fact('events', 'occurred_at', { order: ['session_id', 'sequence_number'], isOptional: true }),
    fact('gaps', 'started_at'),
    fact('context_growth', 'started_at', { order: ['session_id', 'started_at', 'call_number'] }),
    fact('retries', 'failed_at', { order: ['session_id', 'failed_at'] }),
    fact('loops', 'started_at', { order: ['session_id', 'started_at'] }),
    fact('anomalies', 'occurred_at'),
    fact('waste_calls', 'started_at', { order: ['session_id', 'started_at'] }),
    fact('file_changes', 'occurred_at', { order: ['session_id', 'occurred_at', 'source_id', 'source_line'] }),
    fact('api_errors', 'occurred_at', { order: ['session_id', 'occurred_at'] }),
    fact('compactions', 'occurred_at', { order: ['session_id', 'occurred_at'] }),
    fact('rate_limits', 'occurred_at', { order: ['session_id', 'occurred_at'] }),
    fact('rejects', null, { chosenBy: 'source_id' }),
    viewTable('sessions', { kind: 'dimension', dayColumn: null }),
    viewTable('sources', { kind: 'dimension', dayColumn: null, chosenBy: 'source_id' }),
    viewTable('agents', { kind: 'dimension', dayColumn: null, chosenBy: null }),
    viewTable('model_prices', { kind: 'dimension', dayColumn: null, chosenBy: null }),
    ...sqlFilesBelow('sql/export/dimensions').map(ownTable),
  ];
}

/**
 * The day that rows without a time are filed under. Hive's own word for NULL would do for some engines; pandas cannot read it
 * beside other days.
 */
export const NO_DAY = '1970-01-01';

/** The file of a fact's day, or of a dimension, below the folder of the export. */
export const starPath = ({ kind, name }: Pick<StarTable, 'kind' | 'name'>, day: string | null): string =>
  kind === 'fact' ? `facts/${name}/day=${day ?? NO_DAY}/part.parquet` : `dimensions/${name}.parquet`;

const fact = (name: string, dayColumn: string | null, extra: Extra = {}): StarTable =>
  viewTable(name, { kind: 'fact', dayColumn, ...extra });

function viewTable(
  name: string,
  { kind, dayColumn, ...extra }: Pick<StarTable, 'kind' | 'dayColumn'> & Extra,
): StarTable {
  const view = publicViews().find((candidate) => candidate.name === name);
  if (view === undefined) throw new Error(`no view ${name}`);
  const path = `sql/export/additions/${name}.sql`;
  const addition = sqlFilesBelow('sql/export/additions').includes(path) ? readDocument(path) : undefined;
  const added = addition?.columns ?? [];
  const listed = [
    ...view.columns.map((column) => `known."${column.name}"`),
    ...added.map((column) => `added."${column.name}"`),
  ].join(', ');
  const joined =
    addition === undefined
      ? ''
      : `\nleft join (\n${addition.sql}\n) as added on ${addition.grain.map((key) => `added."${key}" is not distinct from known."${key}"`).join(' and ')}`;
  return {
    name,
    kind,
    title: view.title,
    grain: view.grain,
    columns: [...view.columns, ...added],
    sql: `select ${listed} from v1.${name} as known${joined}`,
    dayColumn,
    order: extra.order ?? view.grain,
    chosenBy: extra.chosenBy === undefined ? 'session_id' : extra.chosenBy,
    isOptional: extra.isOptional ?? false,
    view,
  };
}

function ownTable(path: string): StarTable {
  const document = readDocument(path);
  return {
    ...document,
    name: path.replace(/^.*\/|\.sql$/g, ''),
    kind: 'dimension',
    dayColumn: null,
    order: document.grain,
    chosenBy: null,
    isOptional: false,
    view: null,
  };
}

function readDocument(path: string): Pick<StarTable, 'title' | 'grain' | 'columns' | 'sql'> {
  const document = parseHeader(path, sqlFile(path));
  checkTags(document, ['grain', 'column']);
  return {
    title: document.title,
    grain: (singleTag(document, 'grain')?.text ?? '').split(/[\s,]+/).filter((name) => name !== ''),
    columns: document.tags
      .filter(({ name }) => name === 'column')
      .map((tag) => {
        const { name, text } = namedText(path, tag);
        return { name, description: text };
      }),
    sql: document.sql,
  };
}
