import { expect, test } from 'vitest';
import type { TableView } from '../../src/render/grid.ts';
import { renderTable } from '../../src/render/table.ts';
import { textWidth } from '../../src/render/width.ts';
import { style } from './style.ts';

const VIEW: TableView = {
  columns: [
    { name: 'model', type: 'VARCHAR' },
    { name: 'llm_call_count', type: 'BIGINT' },
    { name: 'total_tokens', type: 'BIGINT' },
    { name: 'cost_usd', type: 'DECIMAL(18,9)' },
    { name: 'started_at', type: 'TIMESTAMP WITH TIME ZONE' },
  ],
  rows: [
    ['claude-sonnet-4-5', 12n, 12_345_678n, { decimal: '9.746832000' }, '2026-01-31T23:30:00.000Z'],
    ['模型-一号', 3n, null, null, '2026-02-01T00:00:00.000Z'],
    ['🎉 party', 0n, 5n, { decimal: '0.002500000' }, null],
  ],
};

test('aligns numbers right and wide characters by their columns; NULL is no number', () => {
  expect(renderTable(VIEW, style())).toBe(`Model              Calls      Tokens     Cost  Started
─────────────────  ─────  ──────────  ───────  ────────────────
claude-sonnet-4-5     12  12,345,678    $9.75  2026-01-31 23:30
模型-一号              3           –        –  2026-02-01 00:00
🎉 party               0           5  $0.0025  –
`);
});

test('shows instants in the time zone', () => {
  const text = renderTable(VIEW, style({ timeZone: 'Asia/Kolkata' }));
  expect(text).toContain('2026-02-01 05:00');
});

test.each([40, 50, 60, 80, 160])('fits %i columns', (width) => {
  for (const line of renderTable(VIEW, style({ width })).split('\n')) {
    expect(textWidth(line)).toBeLessThanOrEqual(width);
  }
});

test('never cuts a number', () => {
  const text = renderTable({ ...VIEW, rows: VIEW.rows.concat(VIEW.rows) }, style({ width: 50 }));
  expect(text).toContain('12.3M');
  expect(text).toContain('$9.75');
  expect(text).not.toMatch(/\d…/);
});

test('names the columns that find no room, and what all rows share', () => {
  const rows = Array.from({ length: 5 }, (_, index) => [
    `session ${index}`,
    BigInt(index),
    'same in every row',
    `text ${index} `.repeat(9),
  ]);
  const columns = ['name', 'turn_count', 'project', 'note'].map((name) => ({
    name,
    type: name === 'turn_count' ? 'BIGINT' : 'VARCHAR',
  }));
  const text = renderTable({ columns, rows }, style({ width: 24 }));
  expect(text).toContain('In every row: Project');
  expect(text.replaceAll('\n', ' ')).toContain('Too narrow for: Note.');
});

test('ends what all rows share in one full stop', () => {
  const rows = Array.from({ length: 5 }, (_, index) => [`session ${index}`, 'Ask for less.']);
  const columns = ['name', 'remedy'].map((name) => ({ name, type: 'VARCHAR' }));
  const text = renderTable({ columns, rows }, style({ width: 20 }));
  expect(text).toMatch(/In every row: Remedy\s+Ask for less\.\n/);
});

test('writes few rows one value a line when they are too wide', () => {
  const columns = Array.from({ length: 9 }, (_, index) => ({
    name: `column_${index}_count`,
    type: 'BIGINT',
  }));
  const text = renderTable(
    { columns, rows: [columns.map((_, index) => BigInt(index) * 1_000_000n)] },
    style({ width: 60 }),
  );
  expect(text.split('\n').slice(0, 3)).toEqual(['row 1', 'Column 0s  0', 'Column 1s  1,000,000']);
});

test('names the values of few rows as it heads their columns', () => {
  const columns = Array.from({ length: 9 }, (_, index) => ({ name: `text_${index}`, type: 'VARCHAR' }));
  const labels = new Map(columns.map(({ name }, index) => [name, `Label ${index}`]));
  const rows = [columns.map((_, index) => `a long text of column ${index}`)];
  expect(renderTable({ columns, rows, labels }, style({ width: 60 })).split('\n')[1]).toBe(
    'Label 0  a long text of column 0',
  );
});

test('says what an empty table means', () => {
  expect(renderTable({ ...VIEW, rows: [], emptyText: 'No session matches.' }, style())).toBe(
    'No session matches.\n',
  );
  expect(renderTable({ ...VIEW, rows: [] }, style())).toBe('No rows.\n');
});

test('colours only where colour is asked for, and changes no text', () => {
  const plain = renderTable(VIEW, style());
  const colored = renderTable(VIEW, style({ hasColor: true }));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one.
  expect(colored.replace(/\x1b\[\d+m/g, '').replace(/ +$/gm, '')).toBe(plain.replace(/ +$/gm, ''));
  expect(plain).not.toContain('\x1b');
  expect(colored).toContain('\x1b[1m');
});
