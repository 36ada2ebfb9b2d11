import { formatUnit } from './format-cell.ts';
import { toneOf } from './grid.ts';
import { labelFor } from './labels.ts';
import { type PageStyle, PIPE_WIDTH } from './page.ts';
import type { Pair } from './pairs.ts';
import { themeFor } from './theme.ts';
import { unitOf } from './units.ts';
import { cutText, padEnd, textWidth } from './width.ts';

const GAP = 3;

/** Headline figures: each value above its name, as many beside each other as fit. */
export function renderTiles(pairs: readonly Pair[], style: PageStyle): string {
  const theme = themeFor(style.hasColor);
  const width = style.width ?? PIPE_WIDTH;
  const tiles = pairs.map(({ column, cell }) => {
    const unit = unitOf(column);
    return {
      label: labelFor(column.name).toLowerCase(),
      text: formatUnit(cell, unit, { ...style, isCompact: true }),
      unit,
      cell,
    };
  });
  const tileWidth = Math.max(...tiles.map(({ label, text }) => Math.max(textWidth(label), textWidth(text))));
  const perRow = balanced(tiles.length, Math.max(1, Math.floor((width + GAP) / (tileWidth + GAP))));
  const lines: string[] = [];
  for (let start = 0; start < tiles.length; start += perRow) {
    const row = tiles.slice(start, start + perRow);
    const gap = ' '.repeat(GAP);
    const value = row.map((tile) =>
      theme.strong(toneOf({ ...tile, theme })(padEnd(cutText(tile.text, tileWidth), tileWidth))),
    );
    const label = row.map((tile) => theme.faint(padEnd(tile.label, tileWidth)));
    if (start > 0) lines.push('');
    lines.push(value.join(gap).trimEnd(), label.join(gap).trimEnd());
  }
  return `${lines.join('\n')}\n`;
}

/** Rows of equal length rather than a full one and a stub. */
const balanced = (count: number, most: number): number => Math.ceil(count / Math.ceil(count / most));
