import {
  type DuckDBDataChunk,
  type DuckDBPreparedStatement,
  type DuckDBResult,
  StatementType,
} from '@duckdb/node-api';
import { quoteName } from '../catalog/sql-names.ts';
import { AgenttraceError } from '../model/errors.ts';
import type { Cell, ResultColumn, ResultSet } from '../model/result.ts';
import { bindValues, refuseUnknownValues, type TextValues } from './bind-values.ts';
import { columnsOf, toCell } from './cells.ts';
import type { Connection } from './connection.ts';
import { parquetCopy } from './parquet-file.ts';
import { mayCallControls, refuseControls } from './refuse-controls.ts';
import { type StatementText, splitStatements } from './split-statements.ts';
import { sqlError } from './sql-error.ts';
import { bodyOf, kindOf, refuseStatement, type StatementKind } from './statement-kind.ts';
import { type Limits, limitWork, type WorkLimit } from './work-limit.ts';

export interface SandboxRequest extends Limits {
  readonly sql: string;
  /** Values of `$name` by name, as text. */
  readonly values?: TextValues;
  /** Answers with the plan of the last statement, or with what running it took, rather than with its rows. */
  readonly explain?: { readonly isProfiled: boolean; readonly isJson: boolean };
}

/** The rows of the last statement, as they come. */
export interface SandboxStream {
  readonly columns: readonly ResultColumn[];
  /** Whether the last statement was EXPLAIN, whose answer is drawn text. */
  readonly isExplained: boolean;
  /** The driver's result, for what reads columns rather than rows: `fetchChunk` is under the limits. */
  readonly result: Pick<DuckDBResult, 'columnTypes' | 'deduplicatedColumnNames' | 'fetchChunk'>;
  /** A chunk of rows at a time. */
  readonly rows: () => AsyncIterable<readonly (readonly Cell[])[]>;
}

export interface SandboxAnswer {
  readonly result: ResultSet;
  readonly isExplained: boolean;
}

/**
 * Runs SQL from outside inside a sandbox: all of it is parsed and checked before any of it runs; the last statement
 * answers. Throws `bad_sql` with DuckDB's own words, and `failed` when a limit is passed.
 */
export async function openInSandbox(connection: Connection, request: SandboxRequest): Promise<SandboxStream> {
  const query = await beginQuery(connection, request);
  return query.within(() => streamLast(query));
}

/** The same, with all rows at once. */
export async function runInSandbox(connection: Connection, request: SandboxRequest): Promise<SandboxAnswer> {
  const { columns, rows, isExplained } = await openInSandbox(connection, request);
  const all: (readonly Cell[])[] = [];
  for await (const some of rows()) all.push(...some);
  return { result: { columns, rows: all }, isExplained };
}

export interface CopyRequest extends SandboxRequest {
  /** The file that the sandbox was opened for. */
  readonly file: string;
  readonly limit?: number;
}

/** Writes the rows of the last statement as Parquet with zstd, without holding them. */
export async function copyInSandbox(connection: Connection, request: CopyRequest): Promise<void> {
  const query = await beginQuery(connection, request);
  await query.within(() => copyLast(query, request));
}

interface Query {
  readonly connection: Connection;
  readonly last: StatementText;
  readonly values: TextValues;
  readonly mayControl: boolean;
  readonly explain: SandboxRequest['explain'];
  /** How often the connection had been interrupted when the query began. */
  readonly interruptions: number;
  readonly within: WorkLimit['within'];
}

/** Checks all statements and runs those before the last. */
async function beginQuery(connection: Connection, request: SandboxRequest): Promise<Query> {
  const { sql, values = {}, explain } = request;
  const limit = limitWork(connection.interrupt, request);
  const interruptions = connection.interruptions();
  const within: WorkLimit['within'] = (work) =>
    limit.within(work).catch((error: unknown) => {
      throw sqlError(error);
    });
  return within(async () => {
    const statements = await readStatements(connection, sql);
    refuseUnknownValues(values, new Set(statements.flatMap(({ parameters }) => [...parameters])));
    const last = statements.at(-1);
    if (last === undefined) throw noStatement();
    const query = {
      connection,
      last,
      values,
      explain,
      within,
      interruptions,
      mayControl: mayCallControls(sql),
    };
    for (const statement of statements.slice(0, -1)) {
      await (await prepareStatement(query, statement)).run();
    }
    // What was made stays, should the last statement break off.
    await connection.execute('commit');
    await connection.execute('begin transaction read only');
    return query;
  });
}

/**
 * The statements of a text, if all of them may run. DuckDB's parser reads the whole text and each statement alone; where
 * the two do not come to the same number, the text was not parted as DuckDB parts it, and nothing runs.
 */
async function readStatements({ driver }: Connection, sql: string): Promise<readonly StatementText[]> {
  const statements = splitStatements(sql);
  if (statements.length === 0) return [];
  const refused = statements.find(({ words }) => kindOf(words) === undefined);
  const parse = async (text: string): Promise<number> => (await driver.extractStatements(text)).count;
  const count = await parse(sql).catch((error: unknown) => {
    // What is no SQL is said in DuckDB's words; IMPORT DATABASE fails here too, since its parser looks for files.
    if (refused === undefined || /Parser Error/.test(String(error))) throw error;
    return 0;
  });
  if (refused !== undefined) throw refuseStatement(refused.words);
  let sum = 0;
  for (const statement of statements) sum += await parse(statement.sql);
  if (sum === count) return statements;
  throw new AgenttraceError({
    code: 'bad_sql',
    message: 'The statements cannot be told apart with certainty, so none was run.',
    hint: 'Run them one by one.',
  });
}

/** What DuckDB may take a statement for. A PIVOT makes a temporary type first. */
const TYPES: Readonly<Record<StatementKind, readonly StatementType[]>> = {
  rows: [StatementType.SELECT],
  explain: [StatementType.EXPLAIN],
  variable: [StatementType.SET, StatementType.VARIABLE_SET],
  temporary: [StatementType.CREATE],
};

/**
 * What answers for a statement: prepared, checked and bound. Of what DuckDB makes of one statement the others are run
 * before.
 */
async function prepareStatement(query: Query, statement: StatementText): Promise<DuckDBPreparedStatement> {
  const { connection, values, mayControl } = query;
  const kind = kindOf(statement.words) ?? 'rows';
  const extracted = await connection.driver.extractStatements(statement.sql);
  if (kind !== 'rows' && extracted.count > 1) throw unnamedPivot();
  const bind = (prepared: DuckDBPreparedStatement): Promise<void> =>
    bindValues(prepared, { connection, values });
  if (mayControl) await refuseControls(connection, { sql: bodyOf(statement), bind });
  for (let index = 0; ; index += 1) {
    const prepared = await extracted.prepare(index);
    const isLast = index === extracted.count - 1;
    const type = prepared.statementType;
    const isPivoting = kind === 'rows' && !isLast && type === StatementType.CREATE;
    if (!isPivoting && !TYPES[kind].includes(type)) throw refuseStatement(wordsOf(type));
    await bind(prepared);
    if (isLast) return prepared;
    await prepared.run();
  }
}

const wordsOf = (type: StatementType): readonly string[] => [StatementType[type]?.toLowerCase() ?? ''];

async function streamLast(query: Query): Promise<SandboxStream> {
  const { last, explain, within } = query;
  const isExplained = explain !== undefined || kindOf(last.words) === 'explain';
  const prepared = await prepareStatement(query, explain === undefined ? last : explaining(last, explain));
  const result = await prepared.stream();
  const types = result.columnTypes();
  const fetchChunk = async (): Promise<DuckDBDataChunk | null> => {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) await refuseBrokenOff(query);
    return chunk;
  };
  return {
    columns: columnsOf(result),
    isExplained,
    result: {
      columnTypes: () => types,
      deduplicatedColumnNames: () => result.deduplicatedColumnNames(),
      fetchChunk: () => within(fetchChunk),
    },
    rows: async function* () {
      for (;;) {
        const rows = await within(async () => (await fetchChunk())?.getRows().map((row) => row.map(toCell)));
        if (rows === undefined || rows.length === 0) return;
        yield rows;
      }
    },
  };
}

/**
 * The driver ends a stream of rows without a word when the statement fails on its way. The transaction knows, and running
 * the statement once more says why.
 */
async function refuseBrokenOff({ connection, last, values, interruptions }: Query): Promise<void> {
  const { driver } = connection;
  if (connection.interruptions() > interruptions) throw new Error('INTERRUPT Error: Interrupted!');
  const isSound = await driver.run('select 1').then(
    () => true,
    () => false,
  );
  if (isSound) return;
  await driver.run('rollback');
  await driver.run('begin transaction read only');
  const again = await driver.prepare(`explain analyze ${bodyOf(last)}`);
  await bindValues(again, { connection, values });
  await again.run();
  throw new AgenttraceError({
    code: 'failed',
    message: 'DuckDB broke the query off before its end, and did not do so when it was run again.',
    hint: 'Run it once more.',
  });
}

/** The statement behind an EXPLAIN of the wanted kind, if it has none of its own. */
function explaining(
  statement: StatementText,
  { isProfiled, isJson }: NonNullable<SandboxRequest['explain']>,
): StatementText {
  if (statement.words[0] === 'explain') return statement;
  const options = [...(isProfiled ? ['analyze'] : []), ...(isJson ? ['format json'] : [])];
  const head = options.length === 0 ? 'explain ' : `explain (${options.join(', ')}) `;
  return {
    ...statement,
    sql: `${head}${statement.sql}`,
    words: ['explain', ...(options.length === 0 ? [] : ['(', ')']), ...statement.words],
    starts: [0, ...(options.length === 0 ? [] : [0, 0]), ...statement.starts.map((at) => at + head.length)],
  };
}

async function copyLast(query: Query, { file, limit }: CopyRequest): Promise<void> {
  const { connection, last, values } = query;
  const rows = await prepareStatement(query, last);
  const isWritable = kindOf(last.words) === 'rows' && (await isOneStatement(connection, last));
  const table = isWritable ? `(\n${last.sql}\n)` : await keepRows(query, rows);
  const columns = Array.from({ length: rows.columnCount }, (_, index) => ({
    name: rows.columnName(index),
    type: String(rows.columnType(index)),
  }));
  const copy = await connection.driver.prepare(parquetCopy({ table, columns, file, limit }));
  if (isWritable) await bindValues(copy, { connection, values });
  await copy.run();
}

const isOneStatement = async ({ driver }: Connection, { sql }: StatementText): Promise<boolean> =>
  (await driver.extractStatements(sql)).count === 1;

/** Keeps rows that COPY cannot be given as a statement (EXPLAIN, a PIVOT without named values) in a temporary table. */
async function keepRows(query: Query, prepared: DuckDBPreparedStatement): Promise<string> {
  const { driver } = query.connection;
  const result = await prepared.stream();
  const names = result.deduplicatedColumnNames().map(quoteName);
  const columns = result.columnTypes().map((type, index) => `${names[index]} ${type}`);
  await driver.run(`create or replace temp table answer (${columns.join(', ')})`);
  const appender = await driver.createAppender('answer', 'main', 'temp');
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    appender.appendDataChunk(chunk);
  }
  await refuseBrokenOff(query);
  appender.closeSync();
  return 'temp.answer';
}

/** Inside another statement DuckDB makes settings of a PIVOT that has to find its values first. */
function unnamedPivot(): AgenttraceError {
  return new AgenttraceError({
    code: 'bad_sql',
    message: 'Inside EXPLAIN and CREATE TEMP, PIVOT needs its values named.',
    hint: 'PIVOT … ON column IN (value, …) USING …',
  });
}

function noStatement(): AgenttraceError {
  return new AgenttraceError({
    code: 'bad_sql',
    message: 'There is no SQL statement.',
    hint: 'agenttrace query "select * from sessions limit 10"',
  });
}
