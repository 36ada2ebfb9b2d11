import { AgenttraceError } from '../model/errors.ts';
import type { Cell } from '../model/result.ts';
import { groupDigits } from '../render/format-number.ts';
import type { Connection } from '../warehouse/connection.ts';
import type { SandboxRequest, SandboxStream } from '../warehouse/sandboxed-query.ts';
import type { TableAnswer } from './answer.ts';
import { prepareWarehouse } from './context.ts';
import { endNow } from './end-now.ts';
import { openExternalFolder } from './external-folder.ts';
import { chooseFormat } from './format-choice.ts';
import type { Format } from './options.ts';
import { type OutputFile, openOutputFile, writeOutput, writePieces } from './output-file.ts';
import { readSql } from './read-sql.ts';
import type { Invocation } from './spec.ts';
import { openSpool, type Spool, writeAnswer, writeParquet } from './write-answer.ts';

/** Rows that a terminal gets without `--limit`. */
const LISTED = 100;

/** Runs SQL from the command line in a sandbox over an up-to-date warehouse. */
export async function runQuery(invocation: Invocation): Promise<void> {
  const { options } = invocation;
  const format = chooseFormat(invocation, 'table');
  refuseFormat(invocation, format);
  const sql = await readSql(invocation);
  const externalFolder = await openExternalFolder(invocation);
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
    await applySettings(connection, options);
    if (format === 'parquet' && file === undefined) spool = openSpool(invocation);
    const outputFile = format === 'parquet' ? (file?.temporary ?? spool?.file) : undefined;
    await enterSandbox(connection, {
      isInMemory: warehouse === ':memory:',
      memoryBytes: options.memoryBytes,
      readFolders: [
        ...(team === undefined ? [] : [team.readFolder]),
        ...(externalFolder === undefined ? [] : [externalFolder]),
      ],
      ...(outputFile === undefined ? {} : { outputFile }),
    });
    const missing = team?.missing ?? new Set<string>();
    await answerQuery({ invocation, connection, sql, format, file, spool, missing });
  } finally {
    spool?.remove();
    prepared.close();
  }
}

/** A plan is drawn text, or JSON. */
function refuseFormat({ options }: Invocation, format: Format): void {
  if (options.isPlanned && options.isProfiled) {
    throw new AgenttraceError({
      code: 'usage',
      message: '--plan does not run the SQL, and --profile does.',
      hint: 'Give one of them.',
    });
  }
  if ((!options.isPlanned && !options.isProfiled) || format === 'table' || format === 'json') return;
  throw new AgenttraceError({
    code: 'usage',
    message: `${options.isProfiled ? '--profile' : '--plan'} writes table or json, not ${format}.`,
  });
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
export async function answerQuery(query: Query): Promise<void> {
  try {
    await writeQuery(query);
  } catch (error) {
    const { explainSqlError } = await import('./sql-hints.ts');
    throw explainSqlError(error, query.missing);
  }
}

async function writeQuery(query: Query): Promise<void> {
  const { invocation, connection, format, file, spool } = query;
  const { limit } = invocation.options;
  const { copyInSandbox, openInSandbox } = await import('../warehouse/sandboxed-query.ts');
  const request = requestOf(query);
  if (format === 'parquet') {
    const write = (target: string): Promise<void> =>
      copyInSandbox(connection, { ...request, file: target, ...(limit === undefined ? {} : { limit }) });
    return writeParquet(invocation, { file, spool, write });
  }
  const stream = await openInSandbox(connection, request);
  if (format === 'arrow') {
    const { arrowStream } = await import('../warehouse/arrow-stream.ts');
    return writePieces(invocation, { file, pieces: arrowStream(stream.result, limit) });
  }
  if (stream.isExplained && (format === 'table' || request.explain !== undefined))
    return writePlan(query, stream);
  if (format === 'table' || format === 'html') return writeWhole(query, stream);
  const { streamText } = await import('./stream-text.ts');
  return writePieces(invocation, { file, pieces: streamText(stream, { invocation, format }) });
}

/** What the sandbox is asked to run, and within which limits. */
function requestOf({ invocation, sql, format }: Query): SandboxRequest {
  const { runtime, options } = invocation;
  const { isPlanned, isProfiled } = options;
  const explain = { isProfiled, isJson: format === 'json' };
  return {
    sql,
    values: options.parameters,
    timeoutMs: options.timeoutMs,
    // Some functions of DuckDB take memory that it does not count.
    memory: { bytes: 2 * options.memoryBytes, used: runtime.usedBytes },
    onStuck: (error) => void endNow(runtime, error),
    ...(isPlanned || isProfiled ? { explain } : {}),
  };
}

/** A plan as DuckDB draws it. */
async function writePlan({ invocation, file }: Query, stream: SandboxStream): Promise<void> {
  const texts: string[] = [];
  for await (const rows of stream.rows()) texts.push(...rows.map((row) => String(row[1])));
  return writeOutput(invocation, { file, data: `${texts.join('\n').trimEnd()}\n` });
}

/** Rows that are laid out together. A terminal gets the first ones, and is told how many there are. */
async function writeWhole({ invocation, format, file }: Query, stream: SandboxStream): Promise<void> {
  const { runtime, options } = invocation;
  const isListed = format === 'table' && file === undefined && runtime.stdout.isTerminal;
  const most = options.limit ?? (isListed ? LISTED : Number.POSITIVE_INFINITY);
  const rows: (readonly Cell[])[] = [];
  let count = 0;
  let isCounted = true;
  try {
    for await (const some of stream.rows()) {
      for (const row of some) if (rows.length < most) rows.push(row);
      count += some.length;
      if (count >= most && !isListed) break;
    }
  } catch (error) {
    // The rows are there; only how many more there are is not known.
    if (count < most || !(error instanceof AgenttraceError)) throw error;
    isCounted = false;
  }
  const found = `${isCounted ? '' : 'more than '}${groupDigits(String(count))}`;
  const answer: TableAnswer = {
    shape: 'table',
    title: null,
    result: { columns: stream.columns, rows },
    // Ad hoc columns keep the names that the SQL gave them.
    labels: new Map(stream.columns.map(({ name }) => [name, name])),
    isPrecise: true,
    ...(isListed && count > rows.length
      ? {
          footnote: `${groupDigits(String(rows.length))} of ${found} rows. --limit N shows more; a pipe or -o FILE gets all.`,
        }
      : {}),
  };
  await writeAnswer(invocation, { answer, format, file });
}
