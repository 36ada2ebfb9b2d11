import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import type { ReadStream } from 'node:tty';
import { run } from '../../src/cli/run.ts';
import type { Output, Runtime } from '../../src/cli/runtime.ts';
import { sayError } from '../../src/cli/say-error.ts';
import { EXAMPLE, type Ran } from './run-cli.ts';

export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Columns of the terminal; left out: a pipe. */
  readonly columns?: number;
  /** What comes on stdin. */
  readonly input?: string;
}

const noStream = (): never => {
  throw new Error('there is no terminal here');
};

/** Runs a command line in this process, with surroundings that are not the user's: for many lines over one warehouse. */
export async function callCli(words: readonly string[], surroundings: Surroundings = {}): Promise<Ran> {
  const { cwd = tmpdir(), env = {}, columns = null, input = '' } = surroundings;
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const output = (chunks: Buffer[]): Output => ({
    isTerminal: columns !== null,
    columnCount: columns,
    rowCount: columns === null ? null : 24,
    stream: noStream,
    write: async (data) => void chunks.push(Buffer.from(data)),
  });
  const runtime: Runtime = {
    arguments: words,
    env,
    platform: 'linux',
    home: '/nonexistent',
    workingFolder: cwd,
    now: new Date('2026-11-14T12:00:00Z'),
    elapsedMs: () => 0,
    timeZone: 'UTC',
    host: 'desk',
    userName: 'ann',
    machine: 'desk',
    temporaryFolder: tmpdir(),
    demoHome: EXAMPLE,
    stdin: {
      isTerminal: false,
      readAll: async () => input,
      stream: () => Readable.from([input]) as unknown as ReadStream,
    },
    stdout: output(stdout),
    stderr: output(stderr),
    usedBytes: () => process.memoryUsage.rss(),
    keepCode: () => undefined,
    endNow: () => {
      throw new Error('nothing stops the query');
    },
    onAbort: () => () => undefined,
    onInterrupt: () => () => undefined,
  };
  const code = await run(runtime).then(
    () => 0,
    (error: unknown) => sayError(error, runtime),
  );
  const data = Buffer.concat(stdout);
  return { code, stdout: data, out: data.toString('utf8'), err: Buffer.concat(stderr).toString('utf8') };
}
