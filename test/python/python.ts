/** A Python with the packages of requirements.txt, to read answers back with programs that are not ours. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../docs/pages.ts';

interface MadePython {
  readonly findMadePython: () => string | undefined;
}

const made = (await import(join(ROOT, 'scripts/python.mjs'))) as MadePython;

/** AGENTTRACE_PYTHON, else what `npm run python` made; undefined where neither is there. */
export const PYTHON: string | undefined = findPython();

/** For the title of tests that skip without it. */
export const PYTHON_REASON =
  PYTHON === undefined ? ' (skipped: no AGENTTRACE_PYTHON; npm run python makes one)' : '';

function findPython(): string | undefined {
  const given = process.env.AGENTTRACE_PYTHON;
  if (given === undefined || given === '') return made.findMadePython();
  return existsSync(given) ? given : undefined;
}

/** Runs a script of Python and gives what it printed. Throws with what it said on stderr. */
export function runPython(script: string, words: readonly string[] = []): string {
  if (PYTHON === undefined) throw new Error('there is no Python');
  return execFileSync(PYTHON, [script, ...words], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONUTF8: '1' },
  });
}
