import { type Cell, isDecimal, type ResultColumn } from '../model/result.ts';
import type { DocumentView, SectionView } from './document.ts';
import { formatCell } from './format-cell.ts';
import type { TableView } from './grid.ts';
import { labelFor } from './labels.ts';
import type { PageStyle } from './page.ts';
import { readType, structColumns } from './type-name.ts';
import { isRightAligned, unitOf } from './units.ts';

/** Rows as a table of GitHub's Markdown. */
export function markdownTable(view: TableView, style: PageStyle): string {
  if (view.rows.length === 0) return `_${escapeMarkdown(view.emptyText ?? 'No rows.')}_\n`;
  const headings = view.columns.map(({ name }) => escapeMarkdown(view.labels?.get(name) ?? labelFor(name)));
  const rules = view.columns.map((column) => (isRightAligned(unitOf(column)) ? '---:' : '---'));
  const rows = view.rows.map((row) =>
    view.columns.map((column, index) => escapeMarkdown(formatCell(row[index] ?? null, column, style))),
  );
  return [headings, rules, ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** A page of sections as Markdown. */
export function markdownDocument(view: DocumentView, style: PageStyle): string {
  const head = `# ${escapeMarkdown(view.title)}\n${view.subtitle === null ? '' : `\n${escapeMarkdown(view.subtitle)}\n`}`;
  const sections = view.sections
    .map((section) => markdownSection(section, { style, level: 2 }))
    .filter((text) => text !== '');
  return [head, ...sections].join('\n');
}

function markdownSection(
  section: SectionView,
  { style, level }: { style: PageStyle; level: number },
): string {
  const { column, cell, title } = section;
  if (cell === null) return '';
  const heading = `${'#'.repeat(level)} ${escapeMarkdown(title)}\n\n`;
  const shape = readType(column.type);
  const fields = structColumns(column.type);
  if (shape.kind === 'list' && Array.isArray(cell)) {
    if (fields === undefined) {
      const items = cell.map(
        (item) => `- ${escapeMarkdown(formatCell(item, { name: '', type: shape.item }, style))}\n`,
      );
      return `${heading}${items.length === 0 ? '_None._\n' : items.join('')}`;
    }
    const rows = cell.map((item) => fields.map(({ name }) => fieldOf(item, name)));
    return `${heading}${markdownTable({ columns: fields, rows, emptyText: 'None.' }, style)}`;
  }
  if (fields === undefined) return `${heading}${escapeMarkdown(formatCell(cell, column, style))}\n`;
  const isNested = ({ type }: ResultColumn): boolean => structColumns(type) !== undefined;
  const flat = fields.filter((field) => !isNested(field));
  const block = flat
    .map(
      (field) =>
        `| ${escapeMarkdown(labelFor(field.name))} | ${escapeMarkdown(formatCell(fieldOf(cell, field.name), field, style))} |\n`,
    )
    .join('');
  const nested = fields
    .filter(isNested)
    .map((field) => ({ column: field, title: labelFor(field.name), cell: fieldOf(cell, field.name) }))
    .map((inner) => markdownSection(inner, { style, level: level + 1 }))
    .filter((text) => text !== '');
  const table = block === '' ? '' : `|  |  |\n| --- | --- |\n${block}`;
  return [`${heading}${table}`, ...nested].join('\n');
}

function fieldOf(cell: Cell, name: string): Cell {
  if (typeof cell !== 'object' || cell === null || Array.isArray(cell) || isDecimal(cell)) return null;
  return (cell as Readonly<Record<string, Cell>>)[name] ?? null;
}

/** Signs that Markdown or HTML would take for their own. */
const escapeMarkdown = (text: string): string =>
  text.replace(/[\\|`*<[\]]/g, (sign) => (sign === '<' ? '&lt;' : `\\${sign}`));
