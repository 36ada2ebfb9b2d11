import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../dist/agenttrace.cjs', import.meta.url));

/** util-linux's `script`, which gives a program a terminal of its own. */
export const hasTerminal =
  process.platform === 'linux' &&
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') === true;

/** A machine under load may take this long for a step that takes a moment. */
const PATIENCE_MS = 120_000;

export interface Terminal {
  /** Types text; a line end is Enter. */
  readonly type: (text: string) => void;
  /** Waits until the screen has shown the pattern since the last one that was waited for; what came up to its end. */
  readonly sees: (pattern: RegExp) => Promise<string>;
  /** Waits for the end; the exit code. */
  readonly ends: () => Promise<number | null>;
  readonly kill: () => void;
}

/** Runs the program in a terminal of 80 columns and 24 rows. */
export function openTerminal(words: readonly string[], env: Readonly<Record<string, string>>): Terminal {
  const command = ['exec', process.execPath, PROGRAM, ...words].map((word) => `'${word}'`).join(' ');
  const child = spawn(
    'script',
    ['-qec', `stty cols 80 rows 24; ${command.replace("'exec'", 'exec')}`, '/dev/null'],
    {
      env: {
        PATH: process.env.PATH ?? '',
        SHELL: '/bin/sh',
        TERM: 'xterm',
        TZ: 'UTC',
        LANG: 'C.UTF-8',
        ...env,
      },
    },
  );
  let screen = '';
  let seenTo = 0;
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
  });
  child.stdin.on('error', () => undefined);
  return {
    type: (text) => void child.stdin.write(text.replaceAll('\n', '\r')),
    sees: async (pattern) => {
      const end = Date.now() + PATIENCE_MS;
      for (;;) {
        const shown = withoutCodes(screen).slice(seenTo);
        const found = pattern.exec(shown);
        if (found !== null) {
          const to = found.index + found[0].length;
          seenTo += to;
          return shown.slice(0, to);
        }
        if (Date.now() > end || child.exitCode !== null)
          throw new Error(`${pattern} was not seen in:\n${shown}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    ends: () => closed,
    kill: () => void child.kill('SIGKILL'),
  };
}

/** What a terminal would show, cursor movements and colours left out. */
function withoutCodes(screen: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal codes begin with one.
  return screen.replace(/\x1b\[[\d;?]*[A-Za-z]|\x1b[=>]|\r/g, '');
}
