import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = join(root, 'docs/benchmarks.md');

/** What this was measured on. */
export const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB of memory, ${process.platform} ${process.arch}, Node ${process.version}`;

const written = () => (existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '');

/** The page's first part, and its sections by heading in order. */
function partsOf(text) {
  const [first = '', ...sections] = text.split(/^(?=## )/m);
  return { first, sections: new Map(sections.map((section) => [/^## (.+)/.exec(section)[1], section])) };
}

/** Puts the text before the sections, which stay. */
export function writeFirstSection(text) {
  write([text, ...partsOf(written()).sections.values()]);
}

/** Puts the text under a heading of its own; everything else stays. */
export function writeSection(heading, text) {
  const { first, sections } = partsOf(written());
  sections.set(heading, `## ${heading}\n${text}`);
  write([first, ...sections.values()]);
}

export const tableOf = (head, rows) => [head, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

function write(parts) {
  writeFileSync(PAGE, parts.map((part) => part.trimEnd()).join('\n\n'));
  execFileSync(join(root, 'node_modules/.bin/biome'), ['check', '--write', PAGE], {
    cwd: root,
    stdio: 'ignore',
  });
}
