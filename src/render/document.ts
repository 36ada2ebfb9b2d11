import type { Cell, ResultColumn } from '../model/result.ts';
import { sparkline } from './bars.ts';
import { cleanText } from './clean-text.ts';
import { isRecord, rowsOf } from './fields.ts';
import { digitsOf } from './format-cell.ts';
import { dropIdleColumns } from './idle-columns.ts';
import { labelFor } from './labels.ts';
import { type PageStyle, PIPE_WIDTH } from './page.ts';
import { type Pair, renderPairs } from './pairs.ts';
import { arrangeBlocks } from './side-by-side.ts';
import { renderPageTable } from './table.ts';
import { themeFor } from './theme.ts';
import { isHeadline, renderTiles } from './tiles.ts';
import { readType, structColumns } from './type-name.ts';
import { isRightAligned, unitOf } from './units.ts';
import { padEnd, textWidth, wrapText } from './width.ts';

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

/** Width from which two tables may stand beside each other. */
const WIDE = 120;

/** The page as text for a terminal or a pipe. The first block of figures becomes tiles. */
export function renderDocument(view: DocumentView, style: PageStyle): string {
  const theme = themeFor(style.hasColor);
  const width = Math.min(style.width ?? PIPE_WIDTH, 160);
  const subtitle = view.subtitle === null ? '' : `  ${theme.faint(view.subtitle)}`;
  const head = `${theme.title(view.title)}${subtitle}\n${theme.faint('─'.repeat(width))}\n`;
  const headline = view.sections.find(({ column }) => readType(column.type).kind === 'struct');
  const tiles = headline === undefined ? '' : renderSection(headline, { style, isTiles: true });
  const blocks = view.sections
    .filter((section) => section !== headline)
    .map((section) => ({ title: section.title, body: renderSection(section, { style, isTiles: false }) }))
    .filter(({ body }) => body !== '')
    .map(({ title, body }) => `${theme.title(title)}\n${body}`);
  if (view.next.length > 0) blocks.push(`${theme.title('Next')}\n${renderNext(view.next, style)}`);
  const arranged = style.width !== null && width >= WIDE ? arrangeBlocks(blocks, width) : blocks;
  return head + [tiles, ...arranged].filter((block) => block !== '').join('\n');
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
    return columns === undefined ? renderBullets(cell, style) : renderRows({ columns, cells: cell }, style);
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
  const tiles = isTiles ? flat.filter(isHeadline) : [];
  const rest = isTiles ? flat.filter(isDetail) : flat.filter(isSaid);
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

/** What of a page's first block stands below the figures; the page's period is in its heading. */
export const isDetail = (pair: Pair): boolean =>
  !isFigure(pair) && pair.cell !== null && !/^(first|last)_call_at$/.test(pair.column.name);

/** An empty list in a block of keys and values says nothing. */
export const isSaid = ({ cell }: Pair): boolean => !(Array.isArray(cell) && cell.length === 0);

const isFigure = ({ column }: Pair): boolean => isRightAligned(unitOf(column));

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
  readonly columns: readonly ResultColumn[];
  readonly cells: readonly Cell[];
}

function renderRows({ columns, cells }: Rows, style: PageStyle): string {
  if (cells.length === 0) return '';
  const rows = rowsOf(cells, columns);
  if (columns.map(({ name }) => name).join() === 'command,why') {
    return renderNext(
      rows.map(([command, why]) => [String(command), String(why ?? '')]),
      style,
    );
  }
  const view = dropIdleColumns({ columns, rows });
  // A breakdown of a cost gets bars; a list of sessions or calls is no breakdown.
  const isBreakdown = view.columns[0] !== undefined && unitOf(view.columns[0]) !== 'id';
  const barsBy = isBreakdown ? view.columns.findIndex((column) => unitOf(column) === 'usd') : -1;
  return renderPageTable(view, { barsBy, style });
}

function renderBullets(cells: readonly Cell[], style: PageStyle): string {
  const width = (style.width ?? PIPE_WIDTH) - 2;
  return cells
    .map((cell) => wrapText(cleanText(typeof cell === 'string' ? cell : String(digitsOf(cell) ?? '')), width))
    .map((lines) => `- ${lines.join('\n  ')}\n`)
    .join('');
}

/** Commands with what each says behind it, or below it where the line would be too long. */
function renderNext(next: DocumentView['next'], style: PageStyle): string {
  const theme = themeFor(style.hasColor);
  const commandWidth = Math.max(...next.map(([command]) => textWidth(command)));
  const saysWidth = Math.max(...next.map(([, says]) => textWidth(says)));
  const isStacked = commandWidth + 2 + saysWidth > (style.width ?? Number.POSITIVE_INFINITY);
  return next
    .map(([command, says]) =>
      isStacked
        ? `${command}\n${says === '' ? '' : `  ${theme.faint(says)}\n`}`
        : `${padEnd(command, commandWidth)}  ${theme.faint(says)}`.trimEnd().concat('\n'),
    )
    .join('');
}

function toNumber(cell: Cell): number | null {
  const digits = digitsOf(cell);
  return digits === undefined ? null : Number(digits);
}
