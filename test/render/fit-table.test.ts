import { expect, test } from 'vitest';
import { fitTable } from '../../src/render/fit-table.ts';
import type { TableView } from '../../src/render/grid.ts';
import { renderTable } from '../../src/render/table.ts';
import { textWidth } from '../../src/render/width.ts';
import { style } from './style.ts';

const TYPES: readonly (readonly [RegExp, string])[] = [
  [/_(count|tokens|ms)$/, 'BIGINT'],
  [/_usd$/, 'DECIMAL(18,9)'],
  [/_ratio$/, 'DOUBLE'],
  [/_at$/, 'TIMESTAMP WITH TIME ZONE'],
];

/** A table of so many rows, each column made from the number of its row. */
function tableOf(
  count: number,
  columns: Readonly<Record<string, (row: number) => string | bigint | number | null>>,
): TableView {
  const names = Object.keys(columns);
  return {
    columns: names.map((name) => ({
      name,
      type: TYPES.find(([pattern]) => pattern.test(name))?.[1] ?? 'VARCHAR',
    })),
    rows: Array.from({ length: count }, (_, row) => names.map((name) => columns[name]?.(row) ?? null)),
  };
}

const droppedFrom = (view: TableView, width: number): readonly string[] =>
  fitTable(view, { style: style(), width }).dropped.map(({ name }) => name);

/** The lines below the headings. */
const rowsIn = (text: string): readonly string[] => {
  const lines = text.split('\n');
  return lines.slice(lines.findIndex((line) => line.startsWith('─')) + 1);
};

const textOf = (view: TableView, width: number): string => {
  const text = renderTable(view, style({ width }));
  for (const line of text.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width);
  return text;
};

const hex = (row: number): string => (0xa0000000 + row * 0x1234567).toString(16);
const uuid = (row: number): string => `${hex(row)}-be${(row % 90) + 10}-4a11-9ad2-70c1a8d2cbb1`;
const agentOf = (row: number): string => (row % 3 === 0 ? 'codex' : 'claude-code');

const SESSIONS = tableOf(12, {
  session_id: (row) => `${agentOf(row)}:${uuid(row)}`,
  agent: agentOf,
  project: (row) => `a-project-${row % 4}`,
  kind: (row) => (row === 7 ? 'subagent' : 'main'),
  started_at: (row) => `2026-11-${String(28 - row)}T10:0${row % 6}:00Z`,
  active_ms: (row) => BigInt(row) * 600_000n,
  model: (row) => `claude-model-${row % 5}`,
  turn_count: (row) => BigInt(row % 5),
  llm_call_count: (row) => BigInt(row + 1),
  tool_call_count: (row) => BigInt(row * 2),
  total_tokens: (row) => BigInt(row + 1) * 1_234_567n,
  cost_usd: (row) => BigInt(row + 1),
  root_session_id: (row) => `${agentOf(row)}:${uuid(row)}`,
});

test.each([60, 80, 100, 120, 160])('at %i columns no UUID is cut', (width) => {
  const text = textOf(SESSIONS, width);
  for (const [row, line] of rowsIn(text).slice(0, 12).entries())
    expect(line).toContain(uuid(row).slice(0, 13));
  expect(text).not.toMatch(/^[a-z-]+:[0-9a-f]*…/m);
});

test('an agent that ids begin with goes before other names, and beside it no id has it in front', () => {
  expect(textOf(SESSIONS, 80)).toMatch(/^a0000000-be10 {2}/m);
  expect(droppedFrom(SESSIONS, 80)).toContain('agent');
  expect(droppedFrom(SESSIONS, 80)).not.toContain('project');
});

test('what nearly all rows share, or another column says, goes first', () => {
  expect(droppedFrom(SESSIONS, 122)).toEqual(['kind', 'root_session_id']);
});

test('what rows are in the order of stays', () => {
  const view = tableOf(9, {
    tool_name: (row) => `a_tool_of_some_length_${row}`,
    category: (row) => `a category ${row % 4}`,
    use_count: (row) => BigInt(900 - row * 7),
    session_count: (row) => BigInt((row * 5) % 7),
    first_tokens: (row) => BigInt((row * 4) % 9) * 7_777_777n,
    second_tokens: (row) => BigInt((row * 7) % 9) * 7_777_777n,
  });
  expect(droppedFrom(view, 50)).toContain('session_count');
  expect(textOf(view, 50)).toContain('Uses');
});

test('a time keeps its hours where its day is that of another', () => {
  const view = tableOf(8, {
    agent: (row) => (row % 2 === 0 ? 'codex' : 'claude-code'),
    started_at: (row) => `2026-11-1${row}T09:00:00Z`,
    ended_at: (row) => `2026-11-1${row}T14:00:00Z`,
    last_call_at: (row) => `2026-11-1${row}T12:30:00Z`,
    output_tokens: (row) => BigInt((row * 3) % 8) * 1_000_000n,
  });
  const text = textOf(view, 60);
  expect(text).toContain('2026-11-10 09:00');
  expect(text).toContain('Too narrow for: Last call.');
});

const DAYS = (unpriced: (row: number) => bigint): TableView =>
  tableOf(10, {
    day: (row) => `day ${(row * 7) % 10}`,
    session_count: (row) => BigInt((row * 3) % 7),
    llm_call_count: (row) => BigInt((row * 5) % 9),
    unpriced_call_count: unpriced,
    input_tokens: (row) => BigInt((row * 7) % 10) * 1_111_111n,
    output_tokens: (row) => BigInt((row * 3) % 10) * 1_111_111n,
    cost_usd: (row) => BigInt((row * 3) % 10),
  });

test('what a cost leaves out stays beside it, with what it is a part of', () => {
  expect(
    droppedFrom(
      DAYS((row) => (row === 4 ? 180n : 0n)),
      50,
    ),
  ).toEqual(['session_count']);
});

test('where a cost leaves nothing out, that is a word below the table', () => {
  expect(
    textOf(
      DAYS(() => 0n),
      50,
    ),
  ).toContain('In every row: Unpriced 0.');
});

test('names that differ at their ends lose their middles', () => {
  const view = tableOf(6, {
    model: (row) => `amazon.some-model-of-a-long-name-v${row}:0`,
    input_tokens: (row) => BigInt((row * 5) % 6) * 1_000_000n,
    output_tokens: (row) => BigInt((row * 2) % 5) * 1_000_000n,
  });
  const names = rowsIn(textOf(view, 40))
    .slice(0, 6)
    .map((line) => line.split('  ')[0]);
  expect(new Set(names).size).toBe(6);
  expect(names[0]).toMatch(/^amazon.*….*v0:0$/);
});

test('what tells rows apart stays, however little it is worth', () => {
  const view = tableOf(12, {
    model: (row) => `a model of a name ${Math.floor(row / 4)}`,
    provider: (row) => `a provider ${Math.floor(row / 4)}`,
    service_tier: (row) => ['batch', 'flex', 'priority', 'standard'][row % 4] ?? '',
    input_usd: (row) => BigInt((row * 5) % 7),
    output_usd: (row) => BigInt((row * 4) % 9),
  });
  expect(droppedFrom(view, 52)).toEqual(['provider']);
});

test('a column that found no room comes back when a wider one went after it', () => {
  const view = tableOf(8, {
    name: (row) => `name ${row}`,
    turn_count: (row) => BigInt((row * 3) % 8),
    wide_count: (row) => BigInt((row * 5) % 8) * 1_000_000_000_000n,
    cost_usd: (row) => BigInt((row * 5) % 7),
  });
  expect(droppedFrom(view, 26)).toEqual(['wide_count']);
});
