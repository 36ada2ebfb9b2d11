import { readFileSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { AgenttraceError } from '../model/errors.ts';
import type { Connection } from '../warehouse/connection.ts';
import { readPatch } from './read-patch.ts';
import { resolveSession, sessionOfLog } from './resolve-session.ts';
import { isLogPath, showReport } from './show-report.ts';
import type { Invocation } from './spec.ts';

/** Holds two sessions against each other, or one against a patch. */
export async function runDiff(invocation: Invocation): Promise<void> {
  const { operands, options } = invocation;
  const [first = '', second] = operands;
  if (operands.length !== (options.patch === undefined ? 2 : 1)) throw wrongCount(operands.length);
  // Logs alone are read by themselves; beside an id, a path means a log that the warehouse knows.
  const paths = operands.every((ref) => isLogPath(invocation, ref)) ? operands : [];
  if (second === undefined) {
    const patch = await readPatchFile(invocation, options.patch ?? '');
    return showReport(invocation, {
      name: 'diff-patch',
      paths,
      values: async (connection) => ({ a: await sessionOf(connection, first, invocation), patch }),
      judged: ({ a }) => ({ session: a }),
    });
  }
  await showReport(invocation, {
    name: 'diff',
    paths,
    values: async (connection) => {
      const a = await sessionOf(connection, first, invocation);
      const b = await sessionOf(connection, second, invocation);
      if (a !== b) return { a, b };
      throw new AgenttraceError({
        code: 'usage',
        message: `Both are the session ${a}.`,
        hint: 'agenttrace sessions lists the ids.',
      });
    },
    judged: ({ b }) => ({ session: b }),
  });
}

function sessionOf(connection: Connection, ref: string, invocation: Invocation): Promise<string> {
  return isLogPath(invocation, ref)
    ? sessionOfLog(connection, realpathSync(resolve(invocation.runtime.workingFolder, ref)))
    : resolveSession(connection, ref);
}

/** The files of the patch as the report takes them: JSON text. */
async function readPatchFile({ runtime }: Invocation, file: string): Promise<string> {
  const path = resolve(runtime.workingFolder, file);
  let text: string;
  try {
    text = file === '-' ? await runtime.stdin.readAll() : readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AgenttraceError({
      code: 'no_input',
      message: 'The patch cannot be read.',
      source: path,
      cause,
    });
  }
  const files = readPatch(text);
  if (files.length > 0) return JSON.stringify(files);
  throw new AgenttraceError({
    code: 'bad_input',
    message: 'No file is changed by this patch.',
    ...(file === '-' ? {} : { source: path }),
    hint: '--patch takes a unified diff: git diff main > good.patch.',
  });
}

const wrongCount = (count: number): AgenttraceError =>
  new AgenttraceError({
    code: 'usage',
    message: `diff takes two sessions, or one and --patch FILE, not ${count === 0 ? 'none' : count}.`,
    hint: 'agenttrace diff A B, or agenttrace diff A --patch FILE; agenttrace sessions lists the ids.',
  });
