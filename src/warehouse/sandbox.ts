import { StatementType } from '@duckdb/node-api';
import { quoteText } from '../catalog/sql-names.ts';
import { AgenttraceError } from '../model/errors.ts';
import type { ResultSet } from '../model/result.ts';
import { toCell } from './cells.ts';
import type { Connection } from './connection.ts';

/**
 * Statements that may run: those that read, and temporary objects to read from. SET is let through to variables
 * alone, since the settings are locked by then.
 */
const ALLOWED: ReadonlyMap<StatementType, string> = new Map([
  [StatementType.SELECT, 'SELECT'],
  [StatementType.EXPLAIN, 'EXPLAIN'],
  [StatementType.CREATE, 'CREATE TEMP'],
  [StatementType.SET, 'SET VARIABLE'],
  [StatementType.VARIABLE_SET, 'SET VARIABLE'],
]);

export interface SandboxOptions {
  /** The one file that DuckDB may write. */
  readonly outputFile?: string;
  /** Whether the database lies in memory: then nothing may spill beside the working folder. */
  readonly isInMemory: boolean;
  /** Folders that views read while a statement runs. */
  readonly readFolders?: readonly string[];
}

/**
 * Shuts an open warehouse off from files, network, extensions and settings, and begins a transaction that may only
 * read. There is no way back on this connection. Set what SQL may depend on (time zone, search path) before.
 */
export async function enterSandbox(connection: Connection, options: SandboxOptions): Promise<void> {
  const spilling = options.isInMemory ? await stopSpilling(connection) : [];
  const folders = [...spilling, ...(options.readFolders ?? [])].map(quoteText);
  if (folders.length > 0) await connection.execute(`set allowed_directories = [${folders.join(', ')}]`);
  if (options.outputFile !== undefined) {
    await connection.execute(`set allowed_paths = ['${options.outputFile.replaceAll("'", "''")}']`);
  }
  await connection.execute('set enable_external_access = false');
  await connection.execute('set lock_configuration = true');
  await connection.execute('begin transaction read only');
}

/** Where something spilled already, DuckDB goes on using the folder, this process's own: the one that it must still reach. */
async function stopSpilling(connection: Connection): Promise<readonly string[]> {
  try {
    await connection.execute(`set temp_directory = ''`);
    return [];
  } catch (error) {
    if (!/Cannot switch temporary directory/.test(String(error))) throw error;
    const { rows } = await connection.query(`select current_setting('temp_directory')`);
    return [String(rows[0]?.[0])];
  }
}

export interface SandboxAnswer {
  readonly result: ResultSet;
  /** Whether the last statement was EXPLAIN, whose answer is drawn text. */
  readonly isExplained: boolean;
  readonly statementCount: number;
}

/** Runs SQL from outside inside a sandbox: each statement is parsed, checked and run in turn; the last one answers. */
export async function runInSandbox(
  connection: Connection,
  { sql, timeoutMs }: { readonly sql: string; readonly timeoutMs: number },
): Promise<SandboxAnswer> {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    connection.interrupt();
  }, timeoutMs);
  try {
    return await runStatements(connection, sql);
  } catch (error) {
    if (error instanceof AgenttraceError) throw error;
    throw isLate ? timeoutError(timeoutMs) : sqlError(error);
  } finally {
    clearTimeout(timer);
  }
}

async function runStatements({ driver }: Connection, sql: string): Promise<SandboxAnswer> {
  const statements = await driver.extractStatements(sql);
  let answer: SandboxAnswer | undefined;
  for (let index = 0; index < statements.count; index += 1) {
    const statement = await statements.prepare(index);
    const type = statement.statementType;
    if (!ALLOWED.has(type)) throw refusal(type);
    if (statement.parameterCount > 0) throw parameterError(statement.parameterName(1));
    const reader = await statement.runAndReadAll();
    const types = reader.columnTypes();
    answer = {
      result: {
        columns: reader.columnNames().map((name, column) => ({ name, type: String(types[column]) })),
        rows: reader.getRows().map((row) => row.map(toCell)),
      },
      isExplained: type === StatementType.EXPLAIN,
      statementCount: statements.count,
    };
  }
  if (answer !== undefined) return answer;
  throw new AgenttraceError({
    code: 'bad_sql',
    message: 'There is no SQL statement.',
    hint: 'agenttrace query "select * from sessions limit 10"',
  });
}

function refusal(type: StatementType): AgenttraceError {
  return new AgenttraceError({
    code: 'bad_sql',
    message: `${StatementType[type] ?? 'This statement'} is not allowed here: query reads, and changes nothing.`,
    hint: `Allowed: SELECT, WITH, FROM, VALUES, PIVOT, DESCRIBE, SUMMARIZE, SHOW, EXPLAIN, SET VARIABLE, and CREATE TEMP TABLE, VIEW or MACRO.`,
  });
}

function parameterError(name: string): AgenttraceError {
  return new AgenttraceError({
    code: 'bad_sql',
    message: `The parameter $${name} has no value.`,
    hint: 'Write the value itself, or keep the SQL as a report with @param lines.',
  });
}

function timeoutError(timeoutMs: number): AgenttraceError {
  return new AgenttraceError({
    code: 'failed',
    message: `The query was stopped after ${timeoutMs / 1000} s.`,
    hint: 'Give it longer with --timeout SECONDS, or ask for less.',
  });
}

/** DuckDB's own message, whole: it has the line, the caret and often the name that was meant. */
function sqlError(error: unknown): AgenttraceError {
  const text = error instanceof Error ? error.message : String(error);
  const message = text.replace(/^Failed to extract statements: /, '');
  const isSealed =
    /file system operations are disabled|configuration has been locked|external access|read-only/i.test(
      message,
    );
  return new AgenttraceError({
    code: 'bad_sql',
    message,
    ...(isSealed
      ? { hint: 'query is sealed off from files, settings and writing. It reads the warehouse alone.' }
      : {}),
    cause: error,
  });
}
