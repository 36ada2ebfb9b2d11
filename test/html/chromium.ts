/** A Chromium of the machine, driven over a pipe: nothing is downloaded, no port is opened. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Where Chromium is: AGENTTRACE_CHROMIUM, else on the path; undefined where there is none. */
export function findChromium(): string | undefined {
  const given = process.env.AGENTTRACE_CHROMIUM;
  if (given !== undefined) return existsSync(given) ? given : undefined;
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => folder !== '');
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) =>
    existsSync(path),
  );
}

type Fields = Readonly<Record<string, unknown>>;

interface Said {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Fields;
  readonly sessionId?: string;
  readonly result?: Fields;
  readonly error?: { readonly message: string };
}

export interface Visit {
  readonly url: string;
  readonly width: number;
  readonly isDark: boolean;
  /** An expression that is asked of the page; its value comes back as JSON. */
  readonly expression: string;
  /** Lays the page out as on paper. */
  readonly isPrinted?: boolean;
}

export interface Visited {
  readonly value: unknown;
  /** Errors, warnings and refusals of the console. */
  readonly complaints: readonly string[];
  /** Every address asked for, the page's own left out. */
  readonly requests: readonly string[];
  /** The whole page as PNG. */
  readonly picture: Buffer;
}

export interface Browser {
  readonly visit: (visit: Visit) => Promise<Visited>;
  readonly close: () => Promise<void>;
}

/** Starts the browser with a profile of its own that is gone afterwards. */
export async function openBrowser(path: string): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'agenttrace-chromium-'));
  const child = spawn(
    path,
    [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--no-first-run',
      '--hide-scrollbars',
      '--force-device-scale-factor=1',
      '--remote-debugging-pipe',
      `--user-data-dir=${profile}`,
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const pipe = talk(child);
  return {
    visit: (visit) => visitPage(pipe, visit),
    close: async () => {
      const isGone = new Promise((resolve) => child.once('exit', resolve));
      await pipe.send({ method: 'Browser.close' }).catch(() => child.kill());
      await isGone;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

interface Pipe {
  readonly send: (message: Said) => Promise<Fields>;
  readonly listen: (listener: (said: Said) => void) => () => void;
}

/** Messages are JSON, each ended by a zero byte. */
function talk(child: ChildProcess): Pipe {
  const writer = child.stdio[3] as Writable;
  const reader = child.stdio[4] as Readable;
  const waiting = new Map<number, (said: Said) => void>();
  const listeners = new Set<(said: Said) => void>();
  let last = 0;
  let rest = '';
  reader.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = `${rest}${chunk}`.split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const said = JSON.parse(part) as Said;
      if (said.id !== undefined) waiting.get(said.id)?.(said);
      else for (const listener of listeners) listener(said);
    }
  });
  writer.on('error', () => undefined);
  child.once('exit', () => {
    for (const answer of waiting.values()) answer({ error: { message: 'Chromium ended.' } });
  });
  return {
    send: (message) =>
      new Promise((resolve, reject) => {
        last += 1;
        const id = last;
        waiting.set(id, ({ result, error }) => {
          waiting.delete(id);
          if (error === undefined) resolve(result ?? {});
          else reject(new Error(`${message.method}: ${error.message}`));
        });
        writer.write(`${JSON.stringify({ ...message, id })}\0`);
      }),
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

async function visitPage(pipe: Pipe, { url, width, isDark, expression, isPrinted }: Visit): Promise<Visited> {
  const { targetId } = await pipe.send({ method: 'Target.createTarget', params: { url: 'about:blank' } });
  const { sessionId } = await pipe.send({
    method: 'Target.attachToTarget',
    params: { targetId, flatten: true },
  });
  const tell = (method: string, params: Fields = {}): Promise<Fields> =>
    pipe.send({ method, params, sessionId: String(sessionId) });
  const complaints: string[] = [];
  const requests: string[] = [];
  let onLoad = (): void => undefined;
  const isLoaded = new Promise<void>((resolve) => {
    onLoad = resolve;
  });
  const stop = pipe.listen(({ method, params, sessionId: from }) => {
    if (from !== sessionId) return;
    if (method === 'Page.loadEventFired') onLoad();
    if (method === 'Log.entryAdded') complaints.push(textOf(params?.entry, 'text'));
    if (method === 'Runtime.exceptionThrown') complaints.push(textOf(params?.exceptionDetails, 'text'));
    if (method === 'Runtime.consoleAPICalled') complaints.push(JSON.stringify(params?.args));
    if (method === 'Network.requestWillBeSent') requests.push(textOf(params?.request, 'url'));
  });
  try {
    await Promise.all(['Page', 'Runtime', 'Log', 'Network'].map((domain) => tell(`${domain}.enable`)));
    const scheme = { name: 'prefers-color-scheme', value: isDark ? 'dark' : 'light' };
    await tell('Emulation.setEmulatedMedia', {
      media: isPrinted === true ? 'print' : 'screen',
      features: [scheme],
    });
    await tell('Emulation.setDeviceMetricsOverride', {
      width,
      height: 900,
      deviceScaleFactor: 1,
      mobile: width < 600,
    });
    await tell('Page.navigate', { url });
    await isLoaded;
    const { result, exceptionDetails } = await tell('Runtime.evaluate', { expression, returnByValue: true });
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    const { data } = await tell('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true });
    return {
      value: (result as { readonly value?: unknown }).value,
      complaints,
      requests: requests.filter((address) => address !== url && !address.startsWith('data:')),
      picture: Buffer.from(String(data), 'base64'),
    };
  } finally {
    stop();
    await pipe.send({ method: 'Target.closeTarget', params: { targetId } });
  }
}

const textOf = (value: unknown, key: string): string => String((value as Fields | undefined)?.[key] ?? '');
