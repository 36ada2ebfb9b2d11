/** The program as a process of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../adapters/load.ts';

const PROGRAM = join(ROOT, 'dist', 'agenttrace.cjs');
export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** When to end it; left out: it ends by itself. */
  readonly killAfterMs?: number;
  readonly signal?: NodeJS.Signals;
  /** Where it puts temporary files. */
  readonly scratch?: string;
}

/** Runs the program with a home and an environment of its own; kills it after a while when told to. */
export function run(
  home: string,
  args: readonly string[],
  { killAfterMs, signal: ending = 'SIGKILL', scratch }: RunOptions = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      env: {
        PATH: process.env.PATH,
        HOME: home,
        USERPROFILE: home,
        TZ: 'UTC',
        ...(scratch && { TMPDIR: scratch, TEMP: scratch }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
    if (killAfterMs !== undefined) sleep(killAfterMs).then(() => child.kill(ending));
  });
}

/** When something was asked for or loaded is no part of the answer. */
export const withoutClock = (json: string): unknown =>
  JSON.parse(json, (key, value: unknown) =>
    key === 'generated_at' || key === 'last_loaded_at' ? undefined : value,
  );
