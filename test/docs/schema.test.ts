/** docs/schema.md is made from the headers of the views. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { publicViews } from '../../src/catalog/contract.ts';
import type { View } from '../../src/catalog/view.ts';
import { isAccepting, ROOT, readPage } from './pages.ts';

const PATH = 'docs/schema.md';

const INTRODUCTION = `# Schema v1

The views that \`agenttrace query\`, your reports and any DuckDB client can rely on. \`agenttrace schema NAME\` shows the same, with
types and units. A column's suffix is its unit and type: \`_tokens\`, \`_count\`, \`_ms\`, \`_bytes\` BIGINT · \`_usd\` DECIMAL(18,9) ·
\`_ratio\` DOUBLE from 0 to 1 · \`_at\` TIMESTAMPTZ · \`_on\` DATE · \`is_\` BOOLEAN · \`_id\` text. NULL is: not known.

This page is made from the headers in \`sql/v1\` by \`npm run accept\`; do not edit it.
`;

function viewPage({ name, title, description, version, grain, columns, examples }: View): string {
  return [
    `## ${name}`,
    [title, description].filter((text) => text !== '').join(' '),
    `One row per ${grain.map((column) => `\`${column}\``).join(', ')}. Version ${version}.`,
    columns.map((column) => `- \`${column.name}\`: ${column.description}`).join('\n'),
    ['```sql', ...examples, '```'].join('\n'),
  ].join('\n\n');
}

test('docs/schema.md says what the views say', () => {
  const views = publicViews();
  const contents = views.map(({ name }) => `[${name}](#${name})`).join(' · ');
  const page = `${[INTRODUCTION, contents, ...views.map(viewPage)].join('\n').replaceAll('\n## ', '\n\n## ')}\n`;
  if (isAccepting) writeFileSync(join(ROOT, PATH), page);
  expect(readPage(PATH), 'npm run accept writes it anew').toBe(page);
});
