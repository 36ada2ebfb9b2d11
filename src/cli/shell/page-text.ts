import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { textWidth } from '../../render/width.ts';
import type { Runtime } from '../runtime.ts';

/** Whether a text needs more lines than the terminal has, the prompt below it included. */
export function isLongerThanScreen(text: string, { stdout }: Pick<Runtime, 'stdout'>): boolean {
  const { rowCount, columnCount } = stdout;
  if (rowCount === null || columnCount === null || rowCount < 2) return false;
  const lines = text.split('\n').reduce((sum, line) => sum + rowsOf(line, columnCount), -1);
  return lines >= rowCount;
}

const rowsOf = (line: string, columnCount: number): number =>
  line.length <= columnCount ? 1 : Math.max(1, Math.ceil(textWidth(line.replace(COLOURS, '')) / columnCount));

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one.
const COLOURS = /\x1b\[[\d;]*m/g;

/** The program that shows long texts: PAGER, else less; none where PAGER is empty. */
export function pagerOf({ env, platform }: Pick<Runtime, 'env' | 'platform'>): string | undefined {
  if (env.PAGER !== undefined) return env.PAGER.trim() === '' ? undefined : env.PAGER;
  return platform === 'win32' ? 'more' : 'less';
}

/** Shows a text in the pager until the reader leaves it; false where the pager cannot be run. */
export async function pageText(text: string, runtime: Runtime): Promise<boolean> {
  const pager = pagerOf(runtime);
  if (pager === undefined) return false;
  const child = spawn(pager, {
    shell: true,
    stdio: ['pipe', 'inherit', 'inherit'],
    // As git does: end at once where it fits, keep colours, leave the text on the screen.
    env: { LESS: 'FRX', LESSCHARSET: 'utf-8', LV: '-c', ...runtime.env },
  });
  // A reader that has seen enough closes the pipe.
  child.stdin.on('error', () => undefined);
  child.stdin.end(text);
  const [code] = (await once(child, 'close')) as [number | null];
  // What the system's shell says of a program that it does not find.
  return code !== 127 && code !== 9009;
}
