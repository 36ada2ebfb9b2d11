import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = join(root, 'docs/benchmarks.md');
const ADAPTERS = '\n## Adapters\n';

/** What this was measured on. */
export const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB of memory, ${process.platform} ${process.arch}, Node ${process.version}`;

const written = () => (existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '');

/** Puts the text before the section on adapters, which stays. */
export function writeFirstSection(text) {
  const [, adapters] = written().split(ADAPTERS);
  write(adapters === undefined ? text : `${text}${ADAPTERS}${adapters}`);
}

/** Puts the text into the section on adapters; what is before it stays. */
export function writeAdapters(text) {
  write(`${written().split(ADAPTERS)[0].trimEnd()}\n${ADAPTERS}${text}`);
}

export const tableOf = (head, rows) => [head, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

function write(text) {
  writeFileSync(PAGE, text);
  execFileSync(join(root, 'node_modules/.bin/biome'), ['check', '--write', PAGE], {
    cwd: root,
    stdio: 'ignore',
  });
}
