/** The program as a process of its own, with a home of its own, that may be ended at any moment. */
import { type Ran, runCli } from '../cli/run-cli.ts';

export interface RunOptions {
  /** When to end it; left out: it ends by itself. */
  readonly killAfterMs?: number;
  readonly signal?: NodeJS.Signals;
  /** Where it puts temporary files. */
  readonly scratch?: string;
}

export const run = (
  home: string,
  words: readonly string[],
  { killAfterMs, signal = 'SIGKILL', scratch }: RunOptions = {},
): Promise<Ran> =>
  runCli(words, {
    env: { HOME: home, USERPROFILE: home, ...(scratch && { TMPDIR: scratch, TEMP: scratch }) },
    ...(killAfterMs === undefined ? {} : { kill: { afterMs: killAfterMs, signal } }),
  });

/** When something was asked for or loaded is no part of the answer. */
export const withoutClock = (json: string): unknown =>
  JSON.parse(json, (key, value: unknown) =>
    key === 'generated_at' || key === 'last_loaded_at' ? undefined : value,
  );
