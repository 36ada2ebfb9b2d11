import { appendFileSync } from 'node:fs';
import { AgenttraceError } from '../../model/errors.ts';
import { formatDuration } from '../../render/format-number.ts';
import type { Connection } from '../../warehouse/connection.ts';
import { chooseFormat, isBinary } from '../format-choice.ts';
import type { Format } from '../options.ts';
import { type OutputFile, openOutputFile, writeOutput } from '../output-file.ts';
import { answerQuery } from '../run-query.ts';
import type { Output } from '../runtime.ts';
import type { Invocation } from '../spec.ts';
import { isLongerThanScreen, pageText } from './page-text.ts';
import type { ShellDatabase } from './shell-database.ts';

/** What backslash commands set. */
export interface ShellState {
  format: Format | undefined;
  /** Where answers go, rather than to stdout. */
  output: AnswerFile | undefined;
  isTiming: boolean;
  isPaging: boolean;
}

export interface AnswerFile {
  readonly path: string;
  /** Whether an answer stands in it already. */
  readonly isBegun: boolean;
}

export interface ShellSession {
  readonly invocation: Invocation;
  readonly database: ShellDatabase;
  readonly state: ShellState;
  /** Whether a person sits in front of it. */
  readonly isInteractive: boolean;
  /** Gives the terminal away while another program has it. */
  readonly whileAway: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Writes an answer as it would go to stdout; what it writes is collected. Returns the format it chose. */
export type Produce = (invocation: Invocation, connection: Connection) => Promise<Format>;

/** Formats of which one answer can follow another in a file. */
const JOINABLE: readonly Format[] = ['table', 'markdown', 'jsonl'];

/** Statements that make something and answer nothing. */
const MAKING = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:create|set)\b/i;

/** Rows that a person gets to page through, where --limit does not say otherwise. */
const LISTED = 1000;

/** Runs one statement and shows the answer. */
export async function runStatement(session: ShellSession, sql: string): Promise<void> {
  const { spool } = session.database;
  const missing = missingFrom(session);
  if (MAKING.test(sql)) return makeQuietly(session, sql);
  await answerWith(session, async (invocation, connection) => {
    const format = formatFor(session, invocation, 'table');
    const isListed = session.isInteractive && session.state.output === undefined && format === 'table';
    const { limit = isListed ? LISTED : undefined } = invocation.options;
    await answerQuery({
      invocation: { ...invocation, options: { ...invocation.options, limit } },
      connection,
      sql,
      format,
      file: undefined,
      spool,
      missing,
    });
    return format;
  });
}

/** Views of the contract that a lake does not hold. */
const missingFrom = ({ database }: ShellSession): ReadonlySet<string> =>
  database.team?.missing ?? new Set<string>();

async function makeQuietly(session: ShellSession, sql: string): Promise<void> {
  const { invocation } = collectOutput(session.invocation, true);
  await session.database.use((connection) =>
    answerQuery({
      invocation,
      connection,
      sql,
      format: 'csv',
      file: undefined,
      spool: undefined,
      missing: missingFrom(session),
    }),
  );
  if (session.isInteractive) await tell(session, 'Done.');
}

/** The format that `\f` or `\o` ask for. */
export function formatFor(
  { state }: ShellSession,
  { runtime, options }: Invocation,
  shape: 'table' | 'document',
): Format {
  const format = options.format ?? state.format;
  const output = options.output ?? state.output?.path;
  const chosen = chooseFormat(
    {
      runtime: { ...runtime, stdout: { ...runtime.stdout, isTerminal: false } },
      options: { ...options, format, output },
      operands: [],
    },
    shape,
  );
  if (isBinary(chosen) && output === undefined && runtime.stdout.isTerminal) {
    throw new AgenttraceError({
      code: 'usage',
      message: `${chosen} is binary and this is a terminal.`,
      hint: `Name a file: \\o answer.${chosen}, or go back to tables: \\f table`,
    });
  }
  return chosen;
}

/** Runs what makes an answer with the warehouse open, and shows the answer when it is shut again. */
export async function answerWith(session: ShellSession, produce: Produce): Promise<void> {
  const { invocation, database, state } = session;
  const startedMs = invocation.runtime.elapsedMs();
  const collector = collectOutput(invocation, state.output !== undefined);
  const { format, file } = await database.use(async (connection) => {
    const written = await produce(collector.invocation, connection);
    return { format: written, file: await openAnswerFile(session, { format: written, connection }) };
  });
  const spentMs = invocation.runtime.elapsedMs() - startedMs;
  await deliver(session, { format, file, data: collector.take() });
  if (state.isTiming) await tell(session, `Time: ${formatDuration(BigInt(Math.round(spentMs)))}`);
}

/** Shows what a command writes that needs no warehouse. */
export async function showCommand(
  session: ShellSession,
  write: (invocation: Invocation) => Promise<void>,
): Promise<void> {
  const collector = collectOutput(session.invocation, session.state.output !== undefined);
  await write(collector.invocation);
  const file = await openAnswerFile(session, { format: 'table' });
  await deliver(session, { format: 'table', file, data: collector.take() });
}

/** The file of `\\o` for its first answer, checked as that of `-o` is. */
async function openAnswerFile(
  { invocation, database, state }: ShellSession,
  { format, connection }: { readonly format: Format; readonly connection?: Connection },
): Promise<OutputFile | undefined> {
  const { output } = state;
  if (output === undefined || output.isBegun) return undefined;
  return openOutputFile(
    { ...invocation, options: { ...invocation.options, output: output.path } },
    {
      format,
      stem: 'shell',
      logFolders: database.logFolders,
      ...(connection === undefined || database.team !== undefined ? {} : { connection }),
    },
  );
}

interface Delivery {
  readonly format: Format;
  readonly file: OutputFile | undefined;
  readonly data: string | Uint8Array;
}

async function deliver(session: ShellSession, { format, file, data }: Delivery): Promise<void> {
  const { invocation, state } = session;
  if (file === undefined) {
    if (state.output === undefined) await show(session, data);
    else appendFileSync(state.output.path, data);
    return;
  }
  await writeOutput(invocation, { file, data });
  if (JOINABLE.includes(format)) {
    state.output = { path: file.path, isBegun: true };
    return;
  }
  state.output = undefined;
  await tell(session, `A ${format} file holds one answer: the next one goes to the screen again.`);
}

/** Says something beside the answers. */
export async function tell({ invocation, isInteractive }: ShellSession, text: string): Promise<void> {
  const { stdout, stderr } = invocation.runtime;
  await (isInteractive ? stdout : stderr).write(`${text}\n`);
}

/** Writes an answer to stdout, through a pager where a person reads it and the screen is too short. */
export async function show(session: ShellSession, data: string | Uint8Array): Promise<void> {
  const { runtime } = session.invocation;
  if (
    session.isInteractive &&
    session.state.isPaging &&
    typeof data === 'string' &&
    isLongerThanScreen(data, runtime) &&
    (await session.whileAway(() => pageText(data, runtime)))
  )
    return;
  await runtime.stdout.write(data);
}

interface Collector {
  readonly invocation: Invocation;
  readonly take: () => string | Uint8Array;
}

/** The same invocation with a stdout that is kept: as wide as the terminal, or, for a file, as wide as need be. */
function collectOutput(invocation: Invocation, isForFile: boolean): Collector {
  const { runtime, options } = invocation;
  const parts: (string | Uint8Array)[] = [];
  const stdout: Output = {
    isTerminal: !isForFile && runtime.stdout.isTerminal,
    columnCount: isForFile ? null : runtime.stdout.columnCount,
    rowCount: isForFile ? null : runtime.stdout.rowCount,
    stream: runtime.stdout.stream,
    write: async (data) => void parts.push(data),
  };
  return {
    invocation: {
      runtime: { ...runtime, stdout, now: new Date(runtime.now.getTime() + runtime.elapsedMs()) },
      options: { ...options, format: undefined, output: undefined, hasColor: options.hasColor && !isForFile },
      operands: [],
    },
    take: () =>
      parts.every((part) => typeof part === 'string')
        ? parts.join('')
        : Buffer.concat(parts.map((part) => Buffer.from(part))),
  };
}
