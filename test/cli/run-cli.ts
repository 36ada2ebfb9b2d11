import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../dist/agenttrace.cjs', import.meta.url));

/** The shipped example home: logs that the tests may read. */
export const EXAMPLE = fileURLToPath(new URL('../../fixtures/home', import.meta.url));

export interface Ran {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  /** Another copy of the program. */
  readonly program?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly cwd?: string;
  /** Ends it after a while, unless it has ended by itself. */
  readonly kill?: { readonly afterMs: number; readonly signal: NodeJS.Signals };
}

/** Runs the built program as a user would, with a home that is not the user's. */
export function runCli(
  words: readonly string[],
  { program = PROGRAM, env = {}, input = '', cwd, kill }: RunOptions = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...words], {
      cwd: cwd ?? tmpdir(),
      env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', TZ: 'UTC', ...env },
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      const data = Buffer.concat(stdout);
      resolve({
        code,
        stdout: data,
        out: data.toString('utf8'),
        err: Buffer.concat(stderr).toString('utf8'),
      });
    });
    if (kill !== undefined) sleep(kill.afterMs).then(() => child.kill(kill.signal));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** A folder that is gone after the work. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'agenttrace-test-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A warehouse of the example home, made once for a test file; call `remove` when done. */
export async function makeWarehouse(): Promise<{ readonly file: string; readonly remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'agenttrace-test-'));
  const file = join(folder, 'w.duckdb');
  const { code, err } = await runCli(['load', '-d', EXAMPLE, '--warehouse', file]);
  if (code !== 0) throw new Error(err);
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
