import { homedir, hostname, tmpdir, userInfo } from 'node:os';
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';
import { machineId } from './machine-id.ts';
import type { Output, Runtime } from './runtime.ts';
import { localTimeZone } from './time-zone.ts';
import { VERSION } from './version.ts';

const abortWork = new Set<() => void>();
let interruptWork: (() => void) | undefined;

function abort(exitCode: number): void {
  for (const work of abortWork) work();
  process.exit(exitCode);
}

/** Streams are made when first used: each costs a few milliseconds, and most answers need one. */
function makeOutput(open: () => NodeJS.WriteStream): Output {
  let opened: NodeJS.WriteStream | undefined;
  const stream = (): NodeJS.WriteStream => {
    if (opened === undefined) {
      opened = open();
      // A reader that has seen enough (`| head`) is no error.
      opened.on('error', (error: NodeJS.ErrnoException) => abort(error.code === 'EPIPE' ? 0 : 1));
    }
    return opened;
  };
  return {
    get isTerminal() {
      return stream().isTTY === true;
    },
    get columnCount() {
      return stream().isTTY === true ? stream().columns : null;
    },
    get rowCount() {
      return stream().isTTY === true ? stream().rows : null;
    },
    stream,
    write: (data) => new Promise((done) => stream().write(data, () => done())),
  };
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function currentUser(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}

function makeRuntime(keepCode: Runtime['keepCode']): Runtime {
  return {
    arguments: process.argv.slice(2),
    env: process.env,
    platform: process.platform,
    home: homedir(),
    workingFolder: process.cwd(),
    now: new Date(),
    elapsedMs: () => performance.now(),
    get timeZone() {
      return localTimeZone(process.env, process.platform);
    },
    get host() {
      return hostname();
    },
    get userName() {
      return currentUser();
    },
    get machine() {
      return machineId({ platform: process.platform, host: hostname() });
    },
    temporaryFolder: tmpdir(),
    demoHome: fileURLToPath(new URL('../fixtures/home', import.meta.url)),
    stdin: {
      get isTerminal() {
        return isatty(0);
      },
      readAll: readStdin,
      stream: () => process.stdin,
    },
    stdout: makeOutput(() => process.stdout),
    stderr: makeOutput(() => process.stderr),
    usedBytes: () => process.memoryUsage.rss(),
    keepCode,
    endNow: () => {
      for (const work of abortWork) work();
      // process.exit would wait for the threads that do not stop.
      process.kill(process.pid, 'SIGKILL');
    },
    onAbort: (work) => {
      abortWork.add(work);
      return () => void abortWork.delete(work);
    },
    onInterrupt: (work) => {
      interruptWork = work;
      return () => {
        interruptWork = undefined;
      };
    },
  };
}

/** Runs the program, from its first line on. `keepCode` keeps what was compiled, for the next start. */
export async function main(keepCode: Runtime['keepCode']): Promise<void> {
  const [word, ...others] = process.argv.slice(2);
  if (others.length === 0 && (word === '--version' || word === '-version')) {
    process.stdout.write(`agenttrace v${VERSION}\n`);
    return;
  }
  process.on('SIGINT', () => (interruptWork === undefined ? abort(130) : interruptWork()));
  process.once('SIGTERM', () => abort(143));
  const runtime = makeRuntime(keepCode);
  try {
    const { run } = await import('./run.ts');
    await run(runtime);
    process.exit(0);
  } catch (error) {
    const { sayError } = await import('./say-error.ts');
    process.exit(await sayError(error, runtime));
  }
}
