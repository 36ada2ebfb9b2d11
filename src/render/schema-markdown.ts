import type { ViewDescription } from '../model/view-description.ts';
import { padEnd, textWidth } from './width.ts';

/** The views as a page of Markdown: what the contract is, a list of contents, and each view with its columns. */
export function schemaMarkdown(views: readonly ViewDescription[]): string {
  const contents = views.map(({ name }) => `[${name}](#${name})`).join(' · ');
  return [INTRODUCTION, `${contents}\n`, ...views.map((view) => viewMarkdown(view, 2))].join('\n');
}

const INTRODUCTION = `# Schema v1

The views that \`agenttrace query\`, your reports and any DuckDB client can rely on. A column's suffix is its unit and type: \`_tokens\`,
\`_count\`, \`_ms\`, \`_bytes\` BIGINT · \`_usd\` DECIMAL(18,9) · \`_ratio\` DOUBLE from 0 to 1 · \`_at\` TIMESTAMPTZ · \`_on\` DATE · \`is_\` BOOLEAN ·
\`_id\` text. NULL is: not known.

This page is what \`agenttrace schema -f markdown\` prints. \`agenttrace schema NAME\` shows one view, \`-f json\` is for programs, and \`--ddl\`
writes the tables for a copy. A view's version goes up when what it says changes; \`contract\` lists them.
`;

/** One view: its heading, grain, columns and examples. */
export function viewMarkdown(view: ViewDescription, level: number): string {
  const { name, title, description, version, since, grain, columns, examples } = view;
  const rows = columns.map((column) =>
    [`\`${column.name}\``, column.type, column.unit ?? '', column.description].map(cellText),
  );
  const table = padTable([['column', 'type', 'unit', 'meaning'], ...rows]);
  const statements = examples.map((sql) => `${sql};`).join('\n');
  return [
    `${'#'.repeat(level)} ${name}`,
    title,
    ...(description === '' ? [] : [description]),
    `One row per ${grain.map((column) => `\`${column}\``).join(', ')}. Version ${version}, since ${since}.`,
    table,
    `\`\`\`sql\n${statements}\n\`\`\`\n`,
  ].join('\n\n');
}

const cellText = (text: string): string => text.replaceAll('|', '\\|');

/** Rows, the first of them headings, as a table that can be read as it stands. */
function padTable(rows: readonly (readonly string[])[]): string {
  const [head = []] = rows;
  const widths = head.map((_, index) => Math.max(3, ...rows.map((row) => textWidth(row[index] ?? ''))));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, index) => padEnd(cell, widths[index] ?? 0)).join(' | ')} |`;
  const rule = widths.map((width) => '-'.repeat(width));
  return [head, rule, ...rows.slice(1)].map(line).join('\n');
}
