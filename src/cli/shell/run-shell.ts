import { createInterface } from 'node:readline';
import type { Invocation } from '../spec.ts';
import { runUnits } from './run-units.ts';
import type { ShellSession, ShellState } from './session.ts';
import { openShellDatabase } from './shell-database.ts';

/** Answers statements one after the other: a person's at a prompt, else those of stdin up to the first error. */
export async function runShell(invocation: Invocation): Promise<void> {
  const { runtime, options } = invocation;
  const isInteractive = runtime.stdin.isTerminal && runtime.stdout.isTerminal;
  const database = await openShellDatabase(invocation);
  const state: ShellState = {
    format: options.format,
    output: options.output === undefined ? undefined : { path: options.output, isBegun: false },
    isTiming: false,
    isPaging: true,
  };
  try {
    if (isInteractive) {
      const { runInteractive } = await import('./run-interactive.ts');
      await runInteractive({ invocation, database, state });
    } else {
      const session: ShellSession = {
        invocation,
        database,
        state,
        isInteractive,
        whileAway: (work) => work(),
      };
      await runUnits(
        session,
        createInterface({ input: runtime.stdin.stream(), crlfDelay: Number.POSITIVE_INFINITY }),
      );
    }
  } finally {
    database.close();
  }
}
