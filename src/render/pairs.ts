import type { Cell, ResultColumn } from '../model/result.ts';
import { formatUnit } from './format-cell.ts';
import { toneOf } from './grid.ts';
import { labelFor } from './labels.ts';
import { type PageStyle, PIPE_WIDTH } from './page.ts';
import { themeFor } from './theme.ts';
import { unitOf } from './units.ts';
import { cutMiddle, cutText, padEnd, textWidth } from './width.ts';

export interface Pair {
  readonly column: ResultColumn;
  readonly cell: Cell;
}

const GAP = 4;
const MOST_VALUE = 48;

/** Keys and values in as many columns as the width holds, read downwards. */
export function renderPairs(pairs: readonly Pair[], style: PageStyle): string {
  if (pairs.length === 0) return '';
  const theme = themeFor(style.hasColor);
  const width = style.width ?? PIPE_WIDTH;
  const items = pairs.map(({ column, cell }) => {
    const unit = unitOf(column);
    return { label: labelFor(column.name), text: formatUnit(cell, unit, style), unit, cell };
  });
  const columnCount = bestColumnCount(items, width);
  const height = Math.ceil(items.length / columnCount);
  const columns = Array.from({ length: columnCount }, (_, index) =>
    items.slice(index * height, (index + 1) * height),
  );
  const measured = columns.map((column) => measure(column));
  const lines: string[] = [];
  for (let row = 0; row < height; row += 1) {
    const parts = columns.map((column, index) => {
      const item = column[row];
      const size = measured[index];
      if (item === undefined || size === undefined) return '';
      const limit = columnCount === 1 ? Math.max(12, width - size.label - 2) : size.value;
      const cut = item.unit === 'path' ? cutMiddle(item.text, limit) : cutText(item.text, limit);
      const label = theme.faint(padEnd(item.label, size.label));
      const room = index === columns.length - 1 ? '' : padEnd(cut, size.value).slice(cut.length);
      return `${label}  ${toneOf({ ...item, theme })(cut)}${room}`;
    });
    lines.push(
      parts
        .filter((part) => part !== '')
        .join(' '.repeat(GAP))
        .trimEnd(),
    );
  }
  return `${lines.join('\n')}\n`;
}

interface Item {
  readonly label: string;
  readonly text: string;
}

function measure(items: readonly Item[]): { readonly label: number; readonly value: number } {
  return {
    label: Math.max(0, ...items.map(({ label }) => textWidth(label))),
    value: Math.min(MOST_VALUE, Math.max(0, ...items.map(({ text }) => textWidth(text)))),
  };
}

function bestColumnCount(items: readonly Item[], width: number): number {
  for (const count of [4, 3, 2]) {
    if (items.length < count * 2) continue;
    const height = Math.ceil(items.length / count);
    let total = GAP * (count - 1);
    for (let start = 0; start < items.length; start += height) {
      const { label, value } = measure(items.slice(start, start + height));
      total += label + 2 + value;
    }
    if (total <= width) return count;
  }
  return 1;
}
