import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { AgenttraceError } from '../model/errors.ts';
import type { Connection } from '../warehouse/connection.ts';
import { prepareWarehouse } from './context.ts';
import { chooseFormat, isBinary } from './format-choice.ts';
import type { Format } from './options.ts';
import { type OutputFile, openOutputFile } from './output-file.ts';
import type { Invocation } from './spec.ts';
import { openSpool, type Spool, writeAnswer, writeBinary } from './write-answer.ts';

/** Runs SQL from the command line in a sandbox over an up-to-date warehouse. */
export async function runQuery(invocation: Invocation): Promise<void> {
  const format = chooseFormat(invocation, 'table');
  const sql = await readSql(invocation);
  const prepared = await prepareWarehouse(invocation, { isReadOnly: true });
  const { connection, summary, file: warehouse, team } = prepared;
  let spool: Spool | undefined;
  try {
    const file = await openOutputFile(invocation, {
      format,
      stem: 'query',
      ...(team === undefined ? { connection } : {}),
      logFolders: summary?.places.map(({ path }) => path) ?? [],
    });
    const { applySettings } = await import('../report/run-report.ts');
    const { enterSandbox } = await import('../warehouse/sandbox.ts');
    await applySettings(connection, invocation.options);
    if (format === 'parquet' && file === undefined) spool = openSpool(invocation);
    const outputFile = format === 'parquet' ? (file?.temporary ?? spool?.file) : undefined;
    await enterSandbox(connection, {
      isInMemory: warehouse === ':memory:',
      readFolders: team === undefined ? [] : [team.readFolder],
      ...(outputFile === undefined ? {} : { outputFile }),
    });
    const missing = team?.missing ?? new Set<string>();
    await answerQuery({ invocation, connection, sql, format, file, spool, missing });
  } finally {
    spool?.remove();
    prepared.close();
  }
}

export interface Query {
  readonly invocation: Invocation;
  readonly connection: Connection;
  readonly sql: string;
  readonly format: Format;
  readonly file: OutputFile | undefined;
  readonly spool: Spool | undefined;
  /** Views of the contract that are not there. */
  readonly missing: ReadonlySet<string>;
}

/** Runs SQL on a connection in its sandbox and writes the answer. */
export async function answerQuery({
  invocation,
  connection,
  sql,
  format,
  file,
  spool,
  missing,
}: Query): Promise<void> {
  const { runInSandbox } = await import('../warehouse/sandbox.ts');
  const { timeoutMs } = invocation.options;
  const { explainSqlError } = await import('./sql-hints.ts');
  const run = (text: string): ReturnType<typeof runInSandbox> =>
    runInSandbox(connection, { sql: text, timeoutMs }).catch((error: unknown) => {
      throw explainSqlError(error, missing);
    });
  if (isBinary(format)) {
    await run(`create or replace temp table answer as from (\n${sql.trim().replace(/;+$/, '')}\n)`);
    return writeBinary(invocation, {
      connection,
      table: 'answer',
      format: format as 'parquet' | 'arrow',
      file,
      spool,
    });
  }
  const { result, isExplained } = await run(sql);
  if (isExplained && format === 'table') {
    const { writeOutput } = await import('./output-file.ts');
    return writeOutput(invocation, {
      file,
      data: `${result.rows.map((row) => String(row[1])).join('\n')}\n`,
    });
  }
  await writeAnswer(invocation, {
    answer: {
      shape: 'table',
      title: null,
      result,
      // Ad hoc columns keep the names that the SQL gave them.
      labels: new Map(result.columns.map(({ name }) => [name, name])),
      isPrecise: true,
    },
    format,
    file,
  });
}

async function readSql(invocation: Invocation): Promise<string> {
  const sql = await takeSql(invocation);
  if (sql.trim() === '') throw noSql('bad_sql');
  return sql;
}

const noSql = (code: 'usage' | 'bad_sql'): AgenttraceError =>
  new AgenttraceError({
    code,
    message: 'There is no SQL.',
    hint: 'agenttrace query "select * from sessions limit 10", or --file FILE, or - for stdin. agenttrace schema lists the views.',
  });

async function takeSql({ runtime, options, operands }: Invocation): Promise<string> {
  const [given] = operands;
  if (given !== undefined && options.file !== undefined) {
    throw new AgenttraceError({
      code: 'usage',
      message: 'The SQL is given twice: as an argument and by --file.',
    });
  }
  if (options.file !== undefined) return readSqlFile(resolve(runtime.workingFolder, options.file));
  if (given !== undefined && given !== '-') return given;
  if (given === undefined && runtime.stdin.isTerminal) throw noSql('usage');
  return runtime.stdin.readAll();
}

function readSqlFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    throw new AgenttraceError({
      code: 'no_input',
      message: 'The SQL file cannot be read.',
      source: path,
      cause,
    });
  }
}
