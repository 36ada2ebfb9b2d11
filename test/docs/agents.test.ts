/** docs/agents.md is made from what the adapters say of themselves. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import type { Adapter } from '../../src/model/adapter.ts';
import { isAccepting, ROOT, readPage } from './pages.ts';

const PATH = 'docs/agents.md';

const INTRODUCTION = `# Agents

What can be known of each agent's sessions, from what it leaves on disk. \`agenttrace doctor\` shows the same for the agents whose
logs it found. A figure that a log does not hold is NULL and listed under _missing_ in the session's report, never a guess.

Told: **yes** in every log of today's versions, **some** in some versions or forms, **no** nowhere. Tokens: by API **call**, as
a sum of a **session** and model, in **rounded** figures, or **no**. Tool status: **text** is inferred from what a tool printed.

This page is made from the adapters by \`npm run accept\`; do not edit it. Each agent's README holds the evidence.
`;

const PLACES = `## Where they are

On Linux; on macOS and Windows in the corresponding folders, and wherever an agent's own environment variables say (its README names
them). \`-d DIR\` and a PATH take logs, exports and databases of any of them from anywhere: they are told by content.
`;

const COLUMNS: readonly (readonly [label: string, cell: (adapter: Adapter) => string])[] = [
  ['agent', ({ id, displayName }) => `[${displayName}](../adapters/${id}/README.md)`],
  ['`agent`', ({ id }) => `\`${id}\``],
  ['tokens', ({ knows }) => knows.tokens],
  ['cache split', ({ knows }) => knows.cacheSplit],
  ['reasoning', ({ knows }) => knows.reasoning],
  ['cost reported', ({ knows }) => knows.reportedCost],
  ['tool status', ({ knows }) => knows.toolStatus],
  ['durations', ({ knows }) => knows.durations],
  ['API errors', ({ knows }) => knows.apiErrors],
  ['subagents', ({ knows }) => knows.subagents],
  ['edits', ({ knows }) => knows.edits],
  ['live database', ({ knows }) => knows.liveDatabase],
];

function matrix(): string {
  const rows = [
    COLUMNS.map(([label]) => label),
    ...adapters.map((adapter) => COLUMNS.map(([, cell]) => cell(adapter))),
  ];
  const widths = COLUMNS.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join(
    '\n',
  );
}

/** Where each agent's logs are looked for on Linux, the home as `~`. */
function places(): string {
  const surroundings = { home: '~', env: {}, platform: 'linux', cwd: '.' } as const;
  return adapters
    .map(({ displayName, places: placesOf }) => {
      const paths = [...new Set(placesOf(surroundings).map(({ path }) => `\`${path}\``))];
      return `- **${displayName}**: ${paths.length === 0 ? 'nowhere by itself; name a file or a folder' : paths.join(' · ')}`;
    })
    .join('\n');
}

test('docs/agents.md says what the adapters say', () => {
  const page = `${INTRODUCTION}\n${matrix()}\n\n${PLACES}\n${places()}\n`;
  if (isAccepting) writeFileSync(join(ROOT, PATH), page);
  expect(readPage(PATH), 'npm run accept writes it anew').toBe(page);
});

test.each(adapters.map((adapter) => [adapter.id, adapter] as const))('%s has its evidence', (id) => {
  const path = join(ROOT, 'adapters', id, 'README.md');
  expect(existsSync(path)).toBe(true);
  expect(readFileSync(path, 'utf8').length).toBeGreaterThan(400);
});
