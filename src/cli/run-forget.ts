import { createInterface } from 'node:readline/promises';
import {
  AFTER_REWRITE,
  countForgettable,
  type Forgettable,
  forget,
  isRewriteDue,
  listForgotten,
} from '../ingest/forget.ts';
import { withoutKeptAnswers } from '../ingest/kept-answers.ts';
import { AgenttraceError } from '../model/errors.ts';
import type { ResultSet } from '../model/result.ts';
import { groupDigits } from '../render/format-number.ts';
import type { Connection } from '../warehouse/connection.ts';
import { explainWriting } from '../warehouse/explain-writing.ts';
import { rewriteFile } from '../warehouse/rewrite-file.ts';
import { prepareWarehouse } from './context.ts';
import { findForgettable } from './find-forgettable.ts';
import { chooseFormat } from './format-choice.ts';
import { note } from './note.ts';
import { openToWrite } from './open-to-write.ts';
import { openOutputFile } from './output-file.ts';
import { runUndo } from './run-undo.ts';
import type { Invocation } from './spec.ts';
import { refuseBinary } from './text-answer.ts';
import { writeAnswer } from './write-answer.ts';

/** Removes a session or a log's rows from the warehouse, lists what was removed, or lets it come back. */
export async function runForget(given: Invocation): Promise<void> {
  // What is forgotten is what the warehouse holds: no log is read for it.
  const invocation = { ...given, options: { ...given.options, isRefreshing: false } };
  const [ref] = invocation.operands;
  const { isUndoing } = invocation.options;
  refuseBinary(chooseFormat(invocation, 'table'));
  if (ref === undefined) {
    if (!isUndoing) return showForgotten(invocation);
    throw new AgenttraceError({
      code: 'usage',
      message: '--undo wants the REF that was forgotten.',
      hint: 'agenttrace forget lists what was.',
    });
  }
  return isUndoing ? runUndo(invocation, ref) : forgetRef(invocation, ref);
}

async function forgetRef(invocation: Invocation, ref: string): Promise<void> {
  const { options } = invocation;
  const { target, file, rowCount, listed, isAgain } = await look(invocation, ref);
  if (isAgain) return finish(invocation, file);
  const what = target.kind === 'session' ? sessionWords(listed) : `what was read from ${target.path}`;
  const sentence = `${what}: ${groupDigits(String(rowCount))} rows`;
  if (options.isDryRun) {
    await writeListed(invocation, { title: 'To be forgotten', listed });
    return note(invocation, `would remove ${sentence}, from ${file}`);
  }
  if (!options.isAgreed && !(await agrees(invocation, `Remove ${sentence}, from ${file}?`))) {
    return note(invocation, 'nothing was removed');
  }
  const connection = await openWarehouse(invocation, file);
  let removed: number;
  try {
    removed = await forget(connection, { target, now: invocation.runtime.now });
  } catch (error) {
    connection.close();
    throw explainWriting(error, file);
  }
  await withoutKeptAnswers(file, () => rewrite(connection, file));
  await writeListed(invocation, { title: 'Forgotten', listed });
  await note(
    invocation,
    `removed ${what}: ${groupDigits(String(removed))} rows. The logs on disk are as they were, and will not be loaded again; agenttrace forget --undo ${target.kind === 'session' ? target.sessionId : target.path} lets them.`,
  );
}

interface Looked {
  readonly target: Forgettable;
  readonly file: string;
  readonly rowCount: number;
  /** Sessions that go, or that the log tells of. */
  readonly listed: ResultSet;
  /** Whether it was forgotten before, and only its bytes may still have to go. */
  readonly isAgain: boolean;
}

/** Looks what REF names, and shuts the warehouse again before anyone is asked. */
async function look(invocation: Invocation, ref: string): Promise<Looked> {
  const { connection, file, close } = await prepareWarehouse(invocation);
  try {
    const { target, listed, isAgain } = await findForgettable(invocation, { connection, ref });
    return { target, file, rowCount: await countForgettable(connection, target), listed, isAgain };
  } finally {
    close();
  }
}

const sessionWords = ({ rows }: ResultSet): string => {
  const below = rows.length - 1;
  return `session ${String(rows[0]?.[0])}${below === 0 ? '' : ` with ${below} below it`}`;
};

async function agrees({ runtime }: Invocation, question: string): Promise<boolean> {
  if (!runtime.stdin.isTerminal || !runtime.stderr.isTerminal) {
    throw new AgenttraceError({
      code: 'usage',
      message: 'forget removes rows for good, and there is no terminal to ask on.',
      hint: '--yes removes without asking, --dry-run only says what would go.',
    });
  }
  const lines = createInterface({ input: runtime.stdin.stream(), output: runtime.stderr.stream() });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}

const openWarehouse = (invocation: Invocation, file: string): Promise<Connection> =>
  openToWrite(invocation, {
    file,
    otherwise: 'Another agenttrace is writing the warehouse. Nothing was removed.',
  });

/** Rewrites the file without the bytes of what was removed; when that fails, says how to do it later. */
async function rewrite(connection: Connection, file: string): Promise<void> {
  try {
    await rewriteFile(connection, { afterwards: AFTER_REWRITE });
  } catch (cause) {
    throw new AgenttraceError({
      code: 'failed',
      message: `The rows are removed, but the file could not be written anew and still holds their bytes. ${cause instanceof Error ? cause.message : String(cause)}`,
      source: file,
      hint: 'It needs a folder to make a file in, with as much free space as this one has. agenttrace forget finishes it.',
      cause,
    });
  }
}

/** Rewrites a file of which an earlier run removed rows and was then broken off. */
async function finish(invocation: Invocation, file: string): Promise<void> {
  const connection = await openWarehouse(invocation, file);
  if (!(await isRewriteDue(connection))) {
    connection.close();
    return note(invocation, 'this was forgotten before; nothing was left to remove');
  }
  await withoutKeptAnswers(file, () => rewrite(connection, file));
  await note(invocation, `wrote ${file} anew, without what was removed from it before`);
}

async function writeListed(
  invocation: Invocation,
  { title, listed }: { readonly title: string; readonly listed: ResultSet },
): Promise<void> {
  const format = chooseFormat(invocation, 'table');
  const file = await openOutputFile(invocation, { format, stem: 'forget' });
  await writeAnswer(invocation, {
    answer: { shape: 'table', title, result: listed, emptyText: 'The warehouse holds no session of it.' },
    format,
    file,
  });
}

/** Lists what was forgotten; where an earlier run was broken off, finishes it first. */
async function showForgotten(invocation: Invocation): Promise<void> {
  const { connection, file, close } = await prepareWarehouse(invocation);
  const [marks, isDue] = [await listForgotten(connection), await isRewriteDue(connection)];
  close();
  if (isDue) await finish(invocation, file);
  const format = chooseFormat(invocation, 'table');
  const result: ResultSet = {
    columns: [
      { name: 'id', type: 'VARCHAR' },
      { name: 'what', type: 'VARCHAR' },
      { name: 'agent', type: 'VARCHAR' },
      { name: 'forgotten_at', type: 'TIMESTAMP WITH TIME ZONE' },
      { name: 'row_count', type: 'BIGINT' },
      { name: 'source_count', type: 'BIGINT' },
    ],
    rows: marks.map(({ id, kind, agent, forgottenAt, rowCount, sourceCount }) => [
      id.slice(0, 12),
      kind === 'source' ? 'log' : 'session',
      agent === '' ? null : agent,
      forgottenAt,
      BigInt(rowCount),
      BigInt(sourceCount),
    ]),
  };
  const answer = { shape: 'table', title: 'Forgotten', result, emptyText: 'Nothing was forgotten.' } as const;
  await writeAnswer(invocation, {
    answer,
    format,
    file: await openOutputFile(invocation, { format, stem: 'forgotten' }),
  });
}
