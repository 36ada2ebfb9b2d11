import type { Cell, ResultColumn } from '../model/result.ts';
import { cleanText } from './clean-text.ts';
import { type DocumentView, isDetail, isSaid, type SectionView } from './document.ts';
import { fieldOf, rowsOf } from './fields.ts';
import { formatCell } from './format-cell.ts';
import type { TableView } from './grid.ts';
import { dropIdleColumns } from './idle-columns.ts';
import { labelFor } from './labels.ts';
import type { PageStyle } from './page.ts';
import type { Pair } from './pairs.ts';
import type { RowsText } from './rows-text.ts';
import { themeFor } from './theme.ts';
import { isHeadline, makeTiles } from './tiles.ts';
import { readType, structColumns } from './type-name.ts';
import { isRightAligned, unitOf } from './units.ts';

/** Rows as a table of GitHub's Markdown. */
export function markdownTable(view: TableView, style: PageStyle): string {
  if (view.rows.length === 0) return `_${escapeMarkdown(view.emptyText ?? 'No rows.')}_\n`;
  return markdownRows(view, style).some(view.rows);
}

/** The same for rows that come in portions. Without a row, the headings stand alone. */
export function markdownRows(
  { columns, labels }: Pick<TableView, 'columns' | 'labels'>,
  style: PageStyle,
): RowsText {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const headings = columns.map(({ name }) => escapeMarkdown(labels?.get(name) ?? labelFor(name)));
  const rules = columns.map((column) => (isRightAligned(unitOf(column)) ? '---:' : '---'));
  let head = `${line(headings)}${line(rules)}`;
  const takeHead = (): string => {
    const text = head;
    head = '';
    return text;
  };
  const rowLine = (row: readonly Cell[]): string =>
    line(columns.map((column, index) => escapeMarkdown(formatCell(row[index] ?? null, column, style))));
  return { some: (rows) => `${takeHead()}${rows.map(rowLine).join('')}`, end: takeHead };
}

/**
 * A page of sections as Markdown, to be pasted into an issue: figures in one line, tables without columns that say nothing,
 * ids short enough for them, and commands as code.
 */
export function markdownDocument(view: DocumentView, pageStyle: PageStyle): string {
  const style = { ...pageStyle, idLength: 'short' as const };
  const head = `# ${escapeMarkdown(view.title)}\n${view.subtitle === null ? '' : `\n${escapeMarkdown(view.subtitle)}\n`}`;
  const headline = view.sections.find(({ column }) => readType(column.type).kind === 'struct');
  const sections = view.sections.map((section) =>
    section === headline ? markdownHeadline(section, style) : markdownSection(section, { style, level: 2 }),
  );
  const next = view.next.length === 0 ? '' : `## Next\n\n${markdownNext(view.next)}`;
  return [head, ...sections, next].filter((text) => text !== '').join('\n');
}

interface Level {
  readonly style: PageStyle;
  readonly level: number;
}

/** The first block without a heading: its figures in one line, then what else it says. */
function markdownHeadline(section: SectionView, style: PageStyle): string {
  const pairs = pairsOf(section);
  const flat = pairs.filter(isFlat);
  const figures = makeTiles(flat.filter(isHeadline), { style, theme: themeFor(false) })
    .map(({ label, text }) => `**${escapeMarkdown(text)}** ${escapeMarkdown(label)}`)
    .join(' · ');
  const parts = [
    figures === '' ? '' : `${figures}\n`,
    markdownPairs(flat.filter(isDetail), style),
    ...markdownInner(pairs, { style, level: 2 }),
  ];
  return parts.filter((text) => text !== '').join('\n');
}

function markdownSection(section: SectionView, { style, level }: Level): string {
  const { column, cell, title, labels } = section;
  if (cell === null) return '';
  const heading = `${'#'.repeat(level)} ${escapeMarkdown(title)}\n\n`;
  const shape = readType(column.type);
  const fields = structColumns(column.type);
  if (shape.kind === 'list' && Array.isArray(cell)) {
    if (cell.length === 0) return '';
    if (fields === undefined) {
      const items = cell.map(
        (item) => `- ${escapeMarkdown(formatCell(item, { name: '', type: shape.item }, style))}\n`,
      );
      return `${heading}${items.join('')}`;
    }
    const rows = rowsOf(cell, fields);
    if (fields.map(({ name }) => name).join() === 'command,why')
      return `${heading}${markdownNext(rows.map(([command, why]) => [String(command ?? ''), String(why ?? '')]))}`;
    return `${heading}${markdownTable(dropIdleColumns({ columns: fields, rows, ...(labels && { labels }) }), style)}`;
  }
  if (fields === undefined) return `${heading}${escapeMarkdown(formatCell(cell, column, style))}\n`;
  const pairs = pairsOf(section);
  const block = markdownPairs(pairs.filter(isFlat).filter(isSaid), style);
  const parts = [block, ...markdownInner(pairs, { style, level: level + 1 })].filter((text) => text !== '');
  return parts.length === 0 ? '' : `${heading}${parts.join('\n')}`;
}

const pairsOf = ({ column, cell }: SectionView): readonly Pair[] =>
  (structColumns(column.type) ?? []).map((field) => ({ column: field, cell: fieldOf(cell, field.name) }));

const isFlat = ({ column }: Pair): boolean => structColumns(column.type) === undefined;

function markdownPairs(pairs: readonly Pair[], style: PageStyle): string {
  if (pairs.length === 0) return '';
  const whole = (column: ResultColumn): PageStyle =>
    column.name.endsWith('_id') ? { ...style, idLength: 'full' } : style;
  const rows = pairs.map(({ column, cell }) => {
    const value = formatCell(cell, column, whole(column));
    return `| ${escapeMarkdown(labelFor(column.name))} | ${escapeMarkdown(value)} |\n`;
  });
  return `|  |  |\n| --- | --- |\n${rows.join('')}`;
}

/** Blocks and tables inside a block; of a course over time, the sentence about it. */
const markdownInner = (pairs: readonly Pair[], level: Level): readonly string[] =>
  pairs
    .filter((pair) => !isFlat(pair))
    .map(({ column, cell }) => {
      const title = labelFor(column.name);
      const message = fieldOf(cell, 'message');
      return typeof message === 'string' && Array.isArray(fieldOf(cell, 'points'))
        ? `${escapeMarkdown(title)}: ${escapeMarkdown(message)}\n`
        : markdownSection({ column, title, cell }, level);
    })
    .filter((text) => text !== '');

const markdownNext = (next: DocumentView['next']): string =>
  next
    .map(([command, says]) => `- ${markdownCode(command)}${says === '' ? '' : `: ${escapeMarkdown(says)}`}\n`)
    .join('');

/** A command between more backticks than it has in a row. */
function markdownCode(text: string): string {
  const clean = cleanText(text);
  const longest = Math.max(0, ...(clean.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 ? ' ' : '';
  return `${fence}${space}${clean}${space}${fence}`;
}

/** Text as it stands, but for names between backticks, which are code here too. */
const escapeMarkdown = (text: string): string =>
  cleanText(text)
    .split(/(`[^`|]+`)/)
    .map((part, index) => (index % 2 === 1 ? part : escapeSigns(part)))
    .join('');

/**
 * Signs that Markdown or HTML would take for their own. An underscore inside a word is none. Behind the sign that calls a person
 * stands a space of no width: a forge looks for names after it has taken escapes away.
 */
const escapeSigns = (text: string): string =>
  text
    .replace(/&(?=#?\w+;)/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/[\\|`*[\]~]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}_])@(?=[A-Za-z0-9])/gu, '@&#8203;')
    .replace(/(?<![\p{L}\p{N}_])_+|_+(?![\p{L}\p{N}_])/gu, (run) => '\\_'.repeat(run.length));
