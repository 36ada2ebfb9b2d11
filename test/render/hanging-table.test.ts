import { describe, expect, test } from 'vitest';
import { renderHangingTable } from '../../src/render/hanging-table.ts';
import { textWidth } from '../../src/render/width.ts';

const WORDS = 'a meaning that is longer than the room behind it and must be read whole';
const table = { headings: ['Column', 'Meaning'], rows: [['cost_usd', WORDS]] };
const render = (width: number | null): readonly string[] =>
  renderHangingTable(table, { width, hasColor: false, timeZone: 'UTC', isPrecise: false, isCompact: false })
    .trimEnd()
    .split('\n');

describe('renderHangingTable', () => {
  test.each([80, 40, 24])('loses no word and fits %i columns', (width) => {
    const lines = render(width);
    expect(lines.filter((line) => textWidth(line) > width)).toEqual([]);
    const words = lines.slice(2).join(' ').replace('cost_usd', '').trim().split(/\s+/);
    expect(words.join(' ')).toBe(WORDS);
  });

  test('puts the text under its row where there is no room behind it', () => {
    expect(render(80)[2]).toMatch(/^cost_usd {2}a meaning/);
    expect(render(24)[2]).toBe('cost_usd');
  });

  test('breaks no line in a pipe', () => {
    expect(render(null)[2]).toBe(`cost_usd  ${WORDS}`);
  });
});
