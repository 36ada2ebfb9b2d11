import { type Cell, isDecimal, type ResultColumn } from '../model/result.ts';
import { sparkline } from './bars.ts';
import { cleanText } from './clean-text.ts';
import { digitsOf } from './format-cell.ts';
import { labelFor } from './labels.ts';
import { type PageStyle, PIPE_WIDTH } from './page.ts';
import { type Pair, renderPairs } from './pairs.ts';
import { renderShareTable, renderTable } from './table.ts';
import { themeFor } from './theme.ts';
import { renderTiles } from './tiles.ts';
import { readType, structColumns } from './type-name.ts';
import { unitOf } from './units.ts';
import { wrapText } from './width.ts';

export interface SectionView {
  readonly column: ResultColumn;
  readonly title: string;
  readonly cell: Cell;
}

/** A page of titled sections: a STRUCT is a block of keys and values, a LIST of STRUCT a table. */
export interface DocumentView {
  readonly title: string;
  /** What the page is about, beside the title: a period, a count. */
  readonly subtitle: string | null;
  readonly sections: readonly SectionView[];
  /** Commands to go on with, and what each says. */
  readonly next: readonly (readonly [command: string, says: string])[];
}

/** The page as text for a terminal or a pipe. The first block of figures becomes tiles. */
export function renderDocument(view: DocumentView, style: PageStyle): string {
  const theme = themeFor(style.hasColor);
  const width = Math.min(style.width ?? PIPE_WIDTH, 160);
  const subtitle = view.subtitle === null ? '' : `  ${theme.faint(view.subtitle)}`;
  const parts = [`${theme.title(view.title)}${subtitle}\n${theme.faint('─'.repeat(width))}\n`];
  let hasTiles = false;
  for (const section of view.sections) {
    const isTiles: boolean = !hasTiles && readType(section.column.type).kind === 'struct';
    const body = renderSection(section, { style, isTiles });
    if (body === '') continue;
    hasTiles ||= isTiles;
    parts.push(isTiles ? body : `${theme.title(section.title)}\n${body}`);
  }
  if (view.next.length > 0) parts.push(`${theme.title('Next')}\n${renderNext(view.next, style)}`);
  return parts.join('\n').replace(/─\n\n/, '─\n');
}

function renderSection(
  { column, title, cell }: SectionView,
  { style, isTiles }: { style: PageStyle; isTiles: boolean },
): string {
  if (cell === null) return '';
  const shape = readType(column.type);
  if (shape.kind === 'struct') return renderStruct({ column, title, cell }, { style, isTiles });
  if (shape.kind === 'list' && Array.isArray(cell)) {
    const columns = structColumns(column.type);
    return columns === undefined
      ? renderBullets(cell, style)
      : renderRows({ name: column.name, columns, cells: cell }, style);
  }
  return renderPairs([{ column, cell }], style);
}

function renderStruct(
  { column, cell }: SectionView,
  { style, isTiles }: { style: PageStyle; isTiles: boolean },
): string {
  const theme = themeFor(style.hasColor);
  const entries = cell as Readonly<Record<string, Cell>>;
  const pairs = (structColumns(column.type) ?? []).map((field) => ({
    column: field,
    cell: entries[field.name] ?? null,
  }));
  const isFlat = ({ column: field }: Pair): boolean =>
    readType(field.type).kind === 'scalar' || !structColumns(field.type);
  const flat = pairs.filter(isFlat);
  const isTile = ({ column: field }: Pair): boolean =>
    unitOf(field) !== 'text' && readType(field.type).kind === 'scalar';
  const tiles = isTiles ? flat.filter(isTile) : [];
  const rest = isTiles ? flat.filter((pair) => !isTile(pair)) : flat;
  const parts: string[] = [];
  if (tiles.length > 0) parts.push(renderTiles(tiles, style));
  if (rest.length > 0) parts.push(renderPairs(rest, style));
  for (const pair of pairs.filter((candidate) => !isFlat(candidate))) {
    const trend = renderTrend(pair, style);
    if (trend !== undefined) {
      parts.push(trend);
      continue;
    }
    const body = renderSection(
      { column: pair.column, title: '', cell: pair.cell },
      { style, isTiles: false },
    );
    if (body !== '') parts.push(`${theme.strong(labelFor(pair.column.name))}\n${body}`);
  }
  return parts.join('\n');
}

/** A course over time, with its points and a sentence about it, is one line. */
function renderTrend({ column, cell }: Pair, style: PageStyle): string | undefined {
  const entries = isRecord(cell) ? cell : undefined;
  const points = entries?.points;
  if (entries === undefined || !Array.isArray(points) || typeof entries.message !== 'string')
    return undefined;
  const theme = themeFor(style.hasColor);
  const scores = points.map((point) =>
    isRecord(point) ? toNumber(point.health ?? point.value ?? null) : null,
  );
  const line = scores.length > 1 ? `${theme.bar(sparkline(scores, [0, 100]))}  ` : '';
  return `${theme.faint(labelFor(column.name))}  ${line}${cleanText(entries.message)}\n`;
}

interface Rows {
  readonly name: string;
  readonly columns: readonly ResultColumn[];
  readonly cells: readonly Cell[];
}

function renderRows({ name, columns, cells }: Rows, style: PageStyle): string {
  const rows = cells.map((cell) =>
    columns.map((column) => (isRecord(cell) ? (cell[column.name] ?? null) : null)),
  );
  if (rows.length === 0) return `${themeFor(style.hasColor).faint('None.')}\n`;
  const cost = columns.findIndex((column) => unitOf(column) === 'usd');
  const isBreakdown = name.startsWith('by_') && cost >= 0;
  return isBreakdown
    ? renderShareTable({ columns, rows }, { by: cost, style })
    : renderTable({ columns, rows }, style);
}

function renderBullets(cells: readonly Cell[], style: PageStyle): string {
  const width = (style.width ?? PIPE_WIDTH) - 2;
  return cells
    .map((cell) => wrapText(cleanText(typeof cell === 'string' ? cell : String(digitsOf(cell) ?? '')), width))
    .map((lines) => `- ${lines.join('\n  ')}\n`)
    .join('');
}

function renderNext(next: DocumentView['next'], style: PageStyle): string {
  const theme = themeFor(style.hasColor);
  const width = Math.max(...next.map(([command]) => command.length));
  return next.map(([command, says]) => `${command.padEnd(width)}  ${theme.faint(says)}\n`).join('');
}

function toNumber(cell: Cell): number | null {
  const digits = digitsOf(cell);
  return digits === undefined ? null : Number(digits);
}

const isRecord = (cell: Cell): cell is { readonly [key: string]: Cell } =>
  typeof cell === 'object' && cell !== null && !Array.isArray(cell) && !isDecimal(cell);
