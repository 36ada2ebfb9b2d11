import { type PageStyle, PIPE_WIDTH } from './page.ts';
import { themeFor } from './theme.ts';
import { padEnd, textWidth, wrapText } from './width.ts';

/** Rows of short texts with a long one at the end. */
export interface HangingTable {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const GAP = '  ';

/** Room below which a long text stands under its row rather than behind it. */
const LEAST_WIDTH = 24;

/** A table whose last column is wrapped, never cut: for texts that are there to be read whole. */
export function renderHangingTable({ headings, rows }: HangingTable, style: PageStyle): string {
  const theme = themeFor(style.hasColor);
  const widths = headings
    .slice(0, -1)
    .map((heading, index) => Math.max(textWidth(heading), ...rows.map((row) => textWidth(row[index] ?? ''))));
  const taken = widths.reduce((sum, width) => sum + width + GAP.length, 0);
  const room = (style.width ?? Number.POSITIVE_INFINITY) - taken;
  const isBehind = room >= LEAST_WIDTH;
  const indent = isBehind ? taken : 4;
  const textRoom = isBehind ? room : (style.width ?? PIPE_WIDTH) - indent;
  const lead = (cells: readonly string[]): string =>
    widths.map((width, index) => padEnd(cells[index] ?? '', width)).join(GAP);
  const line = (cells: readonly string[]): string => {
    const text = cells.at(-1) ?? '';
    const lines = Number.isFinite(textRoom) ? wrapText(text, textRoom) : [text];
    const wrapped = lines.join(`\n${' '.repeat(indent)}`);
    return isBehind
      ? `${lead(cells)}${GAP}${wrapped}`.trimEnd()
      : `${lead(cells).trimEnd()}${text === '' ? '' : `\n${' '.repeat(indent)}${wrapped}`}`;
  };
  const heading = isBehind ? `${lead(headings)}${GAP}${headings.at(-1) ?? ''}` : lead(headings).trimEnd();
  const lastWidth = Math.max(
    textWidth(headings.at(-1) ?? ''),
    ...rows.map((row) => Math.min(textWidth(row.at(-1) ?? ''), textRoom)),
  );
  const rule = [...widths, ...(isBehind ? [lastWidth] : [])].map((width) => '─'.repeat(width)).join(GAP);
  return [theme.strong(heading), theme.faint(rule), ...rows.map(line)].map((text) => `${text}\n`).join('');
}
