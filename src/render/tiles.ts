import { formatUnit } from './format-cell.ts';
import { toneOf } from './grid.ts';
import { EXCEPTIONAL, isZero } from './idle-columns.ts';
import { lowerLabel } from './labels.ts';
import { type PageStyle, PIPE_WIDTH } from './page.ts';
import type { Pair } from './pairs.ts';
import { type Theme, themeFor } from './theme.ts';
import { isRightAligned, unitOf } from './units.ts';
import { padEnd, textWidth } from './width.ts';

export interface Tile {
  readonly label: string;
  readonly text: string;
  readonly tone: (text: string) => string;
}

const GAP = 4;

/** Whether a value of a page's first block is a headline figure: a number, and no exception that did not happen. */
export const isHeadline = ({ column, cell }: Pair): boolean =>
  isRightAligned(unitOf(column)) && !(EXCEPTIONAL.test(column.name) && (cell === null || isZero(cell)));

/** Headline figures: each value above its name, as many beside each other as fit. */
export function renderTiles(pairs: readonly Pair[], style: PageStyle): string {
  const theme = themeFor(style.hasColor);
  const width = Math.min(style.width ?? PIPE_WIDTH, 120);
  const tiles = makeTiles(pairs, { style, theme });
  const sizes = tiles.map(({ label, text }) => Math.max(textWidth(label), textWidth(text)));
  const perRow = mostPerRow(sizes, width);
  const columnWidths = Array.from({ length: perRow }, (_, column) =>
    Math.max(...sizes.filter((__, index) => index % perRow === column)),
  );
  const lines: string[] = [];
  for (let start = 0; start < tiles.length; start += perRow) {
    const row = tiles.slice(start, start + perRow);
    const place = (text: string, index: number): string =>
      index === row.length - 1 ? text : padEnd(text, columnWidths[index] ?? 0);
    const gap = ' '.repeat(GAP);
    if (start > 0) lines.push('');
    lines.push(
      row
        .map((tile, index) => theme.strong(tile.tone(place(tile.text, index))))
        .join(gap)
        .trimEnd(),
      row
        .map((tile, index) => theme.faint(place(tile.label, index)))
        .join(gap)
        .trimEnd(),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** A count and its share of all become one tile: `60 (4%)`. */
export function makeTiles(
  pairs: readonly Pair[],
  { style, theme }: { style: PageStyle; theme: Theme },
): readonly Tile[] {
  const names = new Map(pairs.map((pair) => [pair.column.name, pair]));
  const isShare = ({ column }: Pair): boolean =>
    names.has(column.name.replace(/_ratio$/, '_count')) && /_ratio$/.test(column.name);
  return pairs
    .filter((pair) => !isShare(pair))
    .map(({ column, cell }) => {
      const unit = unitOf(column);
      const share = names.get(column.name.replace(/_count$/, '_ratio'));
      const isExceptional = EXCEPTIONAL.test(column.name) && !column.name.startsWith('subagent');
      const text = formatUnit(cell, unit, { ...style, isCompact: true });
      const hasShare = share !== undefined && share.column.name !== column.name && share.cell !== null;
      return {
        label: labelOf(column.name, text === '1'),
        text: hasShare ? `${text} (${formatUnit(share.cell, 'ratio', style)})` : text,
        tone: isExceptional ? theme.fair : toneOf({ unit, cell, theme }),
      };
    });
}

/** Names that a heading may shorten beside others of its table, but a tile may not. */
const LONGER: Readonly<Record<string, readonly [one: string, more: string]>> = {
  tool_failure_count: ['tool failed', 'tools failed'],
  unpriced_call_count: ['call unpriced', 'calls unpriced'],
  llm_call_count: ['model call', 'model calls'],
  reject_count: ['line rejected', 'lines rejected'],
  mean_health_score: ['mean health', 'mean health'],
  wasted_usd: ['wasted', 'wasted'],
};

function labelOf(name: string, isOne: boolean): string {
  const [one, more] = LONGER[name] ?? [lowerLabel(name.replace(/_count$/, '')), lowerLabel(name)];
  return isOne ? one : more;
}

/** The most tiles in a row whose columns fit, in rows of equal length rather than full ones and a stub. */
function mostPerRow(sizes: readonly number[], width: number): number {
  for (let rowCount = 1; rowCount < sizes.length; rowCount += 1) {
    const perRow = Math.ceil(sizes.length / rowCount);
    const columns = Array.from({ length: perRow }, (_, column) =>
      Math.max(...sizes.filter((__, index) => index % perRow === column)),
    );
    if (columns.reduce((sum, size) => sum + size + GAP, -GAP) <= width) return perRow;
  }
  return 1;
}
