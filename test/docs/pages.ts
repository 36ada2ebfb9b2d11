/** The pages of the repository and the commands that they show. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** `npm run accept` sets it: pages that hold the program's words are written anew instead of compared. */
export const isAccepting = process.env.AGENTTRACE_ACCEPT === '1';

export const readPage = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const IGNORED = new Set(['.git', 'node_modules', 'dist', 'coverage']);

/** Every file of the repository, relative to its root. */
export function repositoryFiles(folder = ROOT): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (IGNORED.has(entry.name)) return [];
    if (entry.isDirectory()) return repositoryFiles(path);
    return entry.isFile() && statSync(path).size < 8_000_000 ? [relative(ROOT, path)] : [];
  });
}

export interface Shown {
  readonly command: string;
  readonly words: readonly string[];
  /** What the page shows of the answer; a line `…` stands for lines left out. */
  readonly output: string;
}

/** The `console` blocks of a page: a command after `$ npx agenttrace`, and its answer. */
export function shownCommands(text: string): readonly Shown[] {
  return [...text.matchAll(/^```console\n\$ (npx agenttrace ?(.*))\n([\s\S]*?)^```$/gm)].map(
    ([, command = '', words = '', output = '']) => ({ command, words: splitWords(words), output }),
  );
}

/** Words as a shell parts them, with double quotes. */
function splitWords(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}
