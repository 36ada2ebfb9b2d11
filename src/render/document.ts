import type { Cell, ResultColumn } from '../model/result.ts';
import { sparkline } from './bars.ts';
import { cleanText } from './clean-text.ts';
import { isRecord, rowsOf } from './fields.ts';
import { digitsOf } from './format-cell.ts';
import { gridWidth, makeGrid, type TableView } from './grid.ts';
import { dropIdleColumns, EXCEPTIONAL, isZero } from './idle-columns.ts';
import { labelFor } from './labels.ts';
import { type PageStyle, PIPE_WIDTH } from './page.ts';
import { type Pair, renderPairs } from './pairs.ts';
import { arrangeBlocks } from './side-by-side.ts';
import { renderPageTable } from './table.ts';
import { themeFor } from './theme.ts';
import { isHeadline, renderTiles } from './tiles.ts';
import { readType, structColumns } from './type-name.ts';
import { isRightAligned, unitOf } from './units.ts';
import { cutText, padEnd, textWidth, wrapText } from './width.ts';

export interface SectionView {
  readonly column: ResultColumn;
  readonly title: string;
  readonly cell: Cell;
  /** Headings of a table by column name; others are made from the name. */
  readonly labels?: ReadonlyMap<string, string>;
  /** A terminal shows it only where there is room below the others. */
  readonly isDetail?: boolean;
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
  const blockOf = (section: SectionView): string => {
    const isTiles = section === headline;
    const body = renderSection(section, { style, isTiles });
    return body === '' || (isTiles && section === view.sections[0])
      ? body
      : `${theme.title(section.title)}\n${body}`;
  };
  const arrange = (blocks: readonly string[]): readonly string[] =>
    style.width !== null && width >= WIDE ? arrangeBlocks(blocks, width) : blocks;
  const [first, ...rest] = view.sections.filter(({ isDetail: isLess }) => isLess !== true).map(blockOf);
  const next = view.next.length === 0 ? [] : [`${theme.title('Next')}\n${renderNext(view.next, style)}`];
  const isSaying = (block: string | undefined): block is string => block !== undefined && block !== '';
  const page = [...[first].filter(isSaying), ...arrange([...rest, ...next].filter(isSaying))];
  const details = view.sections.flatMap((section) => {
    const block = section.isDetail === true ? blockOf(section) : '';
    return block === '' ? [] : [{ title: section.title, block }];
  });
  const more = arrange(details.map(({ block }) => block));
  const { height = null } = style;
  if (height === null || more.length === 0) return head + [...page, ...more].join('\n');
  const noteOn = (shown: readonly string[]): string => {
    const headings = shown.map((block) => block.split('\n', 1)[0] ?? '');
    const hidden = details.filter(({ title }) => !headings.some((heading) => heading.includes(title)));
    return hiddenNote(
      hidden.map(({ title }) => title.toLowerCase()),
      style,
    );
  };
  return head + fillScreen({ page, more, room: height - 2 - PROMPT_LINES, noteOn });
}

/** The line that a shell's prompt takes. */
const PROMPT_LINES = 1;

/** The page with so many of its details as the screen holds, and what says that there are more. */
function fillScreen({
  page,
  more,
  room,
  noteOn,
}: {
  readonly page: readonly string[];
  readonly more: readonly string[];
  readonly room: number;
  /** One line on what is not among the blocks shown. */
  readonly noteOn: (shown: readonly string[]) => string;
}): string {
  const linesOf = (blocks: readonly string[]): number => blocks.join('\n').split('\n').length - 1;
  if (linesOf([...page, ...more]) <= room) return [...page, ...more].join('\n');
  let count = more.length - 1;
  while (count > 0 && linesOf([...page, ...more.slice(0, count), '\n']) > room) count -= 1;
  const shown = more.slice(0, count);
  return [...page, ...shown].join('\n') + (count > 0 ? '\n' : '') + noteOn(shown);
}

/** Where the details are that found no room: as many by name as a line holds. */
function hiddenNote(names: readonly string[], style: PageStyle): string {
  const width = style.width ?? PIPE_WIDTH;
  const naming = (count: number): string => {
    const others = count < names.length ? ` and ${names.length - count} more` : '';
    return `More in a pipe or a file (agenttrace | less): ${names.slice(0, count).join(', ')}${others}.`;
  };
  let count = names.length;
  while (count > 1 && textWidth(naming(count)) > width) count -= 1;
  return `${themeFor(style.hasColor).faint(cutText(naming(count), width))}\n`;
}

function renderSection(
  { column, title, cell, labels }: SectionView,
  { style, isTiles }: { style: PageStyle; isTiles: boolean },
): string {
  if (cell === null) return '';
  const shape = readType(column.type);
  if (shape.kind === 'struct') return renderStruct({ column, title, cell }, { style, isTiles });
  if (shape.kind === 'list' && Array.isArray(cell)) {
    const columns = structColumns(column.type);
    return columns === undefined
      ? renderBullets(cell, style)
      : renderRows({ columns, cells: cell, ...(labels && { labels }) }, style);
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
  const trends: string[] = [];
  if (tiles.length > 0) parts.push(renderTiles(tiles, style));
  if (rest.length > 0) parts.push(renderPairs(rest, style));
  for (const pair of pairs.filter((candidate) => !isFlat(candidate))) {
    const trend = renderTrend(pair, style);
    if (trend !== undefined) {
      trends.push(trend);
      continue;
    }
    const body = renderSection(
      { column: pair.column, title: '', cell: pair.cell },
      { style, isTiles: false },
    );
    if (body !== '') parts.push(`${theme.strong(labelFor(pair.column.name))}\n${body}`);
  }
  if (trends.length > 0) parts.push(trends.join(''));
  return parts.join('\n');
}

/** What of a page's first block stands below the figures; the page's period is in its heading. */
export const isDetail = (pair: Pair): boolean =>
  !isFigure(pair) && pair.cell !== null && !/^(first|last)_call_at$/.test(pair.column.name);

/** An empty list in a block of keys and values says nothing, nor does an exception that did not happen. */
export const isSaid = ({ column, cell }: Pair): boolean =>
  !(Array.isArray(cell) && cell.length === 0) &&
  !(EXCEPTIONAL.test(column.name) && cell !== null && isZero(cell));

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
  const isScore = points.every((point) => isRecord(point) && 'health' in point);
  const line = scores.length > 1 ? `${theme.bar(sparkline(scores, isScore ? [0, 100] : undefined))}  ` : '';
  const label = labelFor(column.name);
  const used = textWidth(label) + 2 + (line === '' ? 0 : scores.length + 2);
  const message = cutText(cleanText(entries.message), (style.width ?? Number.POSITIVE_INFINITY) - used);
  return `${theme.faint(label)}  ${line}${message}\n`;
}

interface Rows {
  readonly columns: readonly ResultColumn[];
  readonly cells: readonly Cell[];
  readonly labels?: ReadonlyMap<string, string>;
}

function renderRows({ columns, cells, labels }: Rows, style: PageStyle): string {
  if (cells.length === 0) return '';
  const rows = rowsOf(cells, columns);
  if (columns.map(({ name }) => name).join() === 'command,why') {
    return renderNext(
      rows.map(([command, why]) => [String(command), String(why ?? '')]),
      style,
    );
  }
  const all: TableView = labels === undefined ? { columns, rows } : { columns, rows, labels };
  if (hasReasons(all, style)) return renderWithReasons(all, style);
  const view = dropIdleColumns(all);
  // A breakdown of a cost gets bars; a list of sessions or calls is no breakdown, and of two costs a bar does not say which.
  const isBreakdown = view.columns[0] !== undefined && unitOf(view.columns[0]) !== 'id';
  const costs = view.columns.filter((column) => unitOf(column) === 'usd');
  const [cost] = costs;
  const barsBy = isBreakdown && cost !== undefined && costs.length === 1 ? view.columns.indexOf(cost) : -1;
  return renderPageTable(view, { barsBy, style });
}

/** Whether the last column is to be read as sentences: a list of them, or texts that a terminal is too narrow for. */
function hasReasons(view: TableView, style: PageStyle): boolean {
  const { columns, rows } = view;
  const last = columns.at(-1);
  if (last === undefined || columns.length < 2) return false;
  if (last.type === 'VARCHAR[]') return true;
  if (style.width === null || unitOf(last) !== 'text') return false;
  const isLong = rows.some((row) => textWidth(String(row.at(-1) ?? '')) > LONG_TEXT);
  return isLong && gridWidth(makeGrid(view, style)) > style.width;
}

/** Texts of more columns are worth a line of their own. */
const LONG_TEXT = 40;

/** A table whose last column has lines of its own below each row: of a list one each, cut to the terminal; a text in full. */
function renderWithReasons(all: TableView, style: PageStyle): string {
  const { columns, rows } = all;
  const theme = themeFor(style.hasColor);
  const view = dropIdleColumns({
    ...all,
    columns: columns.slice(0, -1),
    rows: rows.map((row) => row.slice(0, -1)),
  });
  const lines = renderPageTable(view, { barsBy: -1, style }).trimEnd().split('\n');
  const headingHeight = lines.length - rows.length;
  const width = (style.width ?? Number.POSITIVE_INFINITY) - INDENT.length;
  const linesOf = (cell: Cell): readonly string[] => {
    if (Array.isArray(cell)) return cell.map((item) => cutText(cleanText(String(item)), width));
    return typeof cell === 'string' ? wrapText(cleanText(cell), width) : [];
  };
  return lines
    .flatMap((line, index) => [
      line,
      ...linesOf(rows[index - headingHeight]?.at(-1) ?? null).map((text) => INDENT + theme.faint(text)),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

const INDENT = '  ';

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
