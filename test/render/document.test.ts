import { expect, test } from 'vitest';
import { sparkline } from '../../src/render/bars.ts';
import { type DocumentView, renderDocument } from '../../src/render/document.ts';
import { labelFor } from '../../src/render/labels.ts';
import { markdownDocument } from '../../src/render/markdown.ts';
import { readType } from '../../src/render/type-name.ts';
import { textWidth } from '../../src/render/width.ts';
import { style } from './style.ts';

const VIEW: DocumentView = {
  title: 'Overview',
  subtitle: '2026-01-01 to 2026-01-31 · UTC',
  sections: [
    {
      column: {
        name: 'totals',
        type: 'STRUCT(cost_usd DECIMAL(18,9), unpriced_call_count BIGINT, total_tokens BIGINT, tool_failure_count BIGINT, tool_failure_ratio DOUBLE, unpriced_models VARCHAR[])',
      },
      title: 'Totals',
      cell: {
        cost_usd: { decimal: '61.02' },
        unpriced_call_count: 0n,
        total_tokens: 82_943_614n,
        tool_failure_count: 60n,
        tool_failure_ratio: 0.04,
        unpriced_models: null,
      },
    },
    {
      column: {
        name: 'models',
        type: 'STRUCT(model VARCHAR, llm_call_count BIGINT, unpriced_call_count BIGINT, cost_usd DECIMAL(18,9))[]',
      },
      title: 'Models',
      cell: [
        { model: 'big', llm_call_count: 4n, unpriced_call_count: 0n, cost_usd: { decimal: '8' } },
        { model: 'small', llm_call_count: 9n, unpriced_call_count: 0n, cost_usd: { decimal: '2' } },
      ],
    },
    { column: { name: 'risks', type: 'STRUCT(session_id VARCHAR)[]' }, title: 'Sessions at risk', cell: [] },
    {
      column: { name: 'next', type: 'STRUCT(command VARCHAR, why VARCHAR)[]' },
      title: 'What to do next',
      cell: [{ command: 'agenttrace daily', why: 'Cost of every day.' }],
    },
  ],
  next: [],
};

test('headline figures come first, exceptions that did not happen and empty lists not at all', () => {
  expect(renderDocument(VIEW, style({ width: 60 }))).toBe(`Overview  2026-01-01 to 2026-01-31 · UTC
────────────────────────────────────────────────────────────
$61.02    82.9M     60 (4.0%)
cost      tokens    tools failed

Models
Model  Calls   Cost
─────  ─────  ─────
big        4  $8.00  ████████████████
small      9  $2.00  ████

What to do next
agenttrace daily  Cost of every day.
`);
});

test.each([40, 80, 100, 160])('fits %i columns', (width) => {
  for (const line of renderDocument(VIEW, style({ width })).split('\n')) {
    expect(textWidth(line)).toBeLessThanOrEqual(width);
  }
});

test('one of a thing is not many', () => {
  const names = ['turn_count', 'critical_session_count', 'tool_failure_count', 'new_count'];
  const page = (count: bigint): string => {
    const column = { name: 'totals', type: `STRUCT(${names.map((name) => `${name} BIGINT`).join(', ')})` };
    const cell = Object.fromEntries(names.map((name) => [name, count]));
    const sections = [{ column, title: 'Totals', cell }];
    return renderDocument({ title: '', subtitle: null, sections, next: [] }, style());
  };
  expect(page(1n)).toMatch(/turn +critical session +tool failed +new\n/);
  expect(page(2n)).toMatch(/turns +critical sessions +tools failed +new\n/);
});

test('colours leave no blank at the end of a line', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const column = { name: 'time', type: `STRUCT(${names.map((name) => `${name}_ms BIGINT`).join(', ')})` };
  const cell = Object.fromEntries(names.map((name, index) => [`${name}_ms`, index === 4 ? 123_456n : null]));
  const sections = [
    { column: { name: 'first', type: 'STRUCT(turn_count BIGINT)' }, title: '', cell: { turn_count: 2n } },
    { column, title: 'Time', cell },
  ];
  const text = renderDocument({ title: '', subtitle: null, sections, next: [] }, style({ hasColor: true }));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one.
  expect(text.replace(/\x1b\[\d+m/g, '')).not.toMatch(/ $/m);
});

test('what finds no room on the screen is named, as far as the line goes', () => {
  const titles = ['Paid for nothing', 'Dearest sessions', 'Models', 'Tools that fail most'];
  const column = { name: 'list', type: 'STRUCT(name VARCHAR)[]' };
  const details = titles.map((title) => ({ column, title, cell: [{ name: 'one' }], isDetail: true }));
  const empty = { column, title: 'Nothing', cell: [], isDetail: true };
  const page = { ...VIEW, sections: [...VIEW.sections.slice(0, 1), ...details, empty] };
  const screen = (height: number, width: number): readonly string[] =>
    renderDocument(page, style({ height, width })).trimEnd().split('\n');
  expect(screen(60, 80).join('\n')).not.toContain('More in');
  expect(screen(10, 80).at(-1)).toBe(
    'More in a pipe or a file (agenttrace | less): paid for nothing and 3 more.',
  );
  const half = screen(20, 100);
  expect(half).toContain('Dearest sessions');
  expect(half).not.toContain('Tools that fail most');
  expect(half.at(-1)).toBe('More in a pipe or a file (agenttrace | less): models, tools that fail most.');
  expect(half.length).toBeLessThan(20);
});

test('a page becomes Markdown that fits an issue', () => {
  expect(markdownDocument(VIEW, style())).toBe(`# Overview

2026-01-01 to 2026-01-31 · UTC

**$61.02** cost · **82.9M** tokens · **60 (4.0%)** tools failed

## Models

| Model | Calls | Cost |
| --- | ---: | ---: |
| big | 4 | $8.00 |
| small | 9 | $2.00 |

## What to do next

- \`agenttrace daily\`: Cost of every day.
`);
});

test('ids in tables of Markdown are short, commands keep their signs, and a course is a sentence', () => {
  const text = markdownDocument(
    {
      title: 'Session',
      subtitle: null,
      sections: [
        {
          column: {
            name: 'summary',
            type: 'STRUCT(session_id VARCHAR, trend STRUCT(message VARCHAR, points STRUCT(health BIGINT)[]))',
          },
          title: 'Session',
          cell: {
            session_id: 'codex:01a1b04d-0500-74a7-aed3-aa11c6120b86',
            trend: { message: 'Steady.', points: [{ health: 90n }] },
          },
        },
        {
          column: { name: 'gaps', type: 'STRUCT(session_id VARCHAR, tool_name VARCHAR)[]' },
          title: 'Gaps',
          cell: [
            { session_id: 'codex:01a1b04d-0500-74a7-aed3-aa11c6120b86', tool_name: '_a_ mcp__x__y ~b~ &lt;' },
          ],
        },
      ],
      next: [['agenttrace query "select \'a|b\' || `"', '']],
    },
    style(),
  );
  expect(text).toContain('| Session | codex:01a1b04d-0500-74a7-aed3-aa11c6120b86 |');
  expect(text).toContain('Trend: Steady.\n');
  expect(text).toContain('| codex:01a1b04d-0500 | \\_a\\_ mcp__x__y \\~b\\~ &amp;lt; |');
  expect(text).toContain('- `` agenttrace query "select \'a|b\' || `" ``\n');
});

test('a course over time is one line', () => {
  expect(sparkline([0, 50, 100, null], [0, 100])).toBe('▁▅█ ');
});

test('headings are made from names', () => {
  expect(
    ['active_ms', 'retry_count', 'vanished_count', 'p95_ms', 'is_open', 'llm_model'].map(labelFor),
  ).toEqual(['Active', 'Retries', 'Vanished', 'P95', 'Open', 'LLM model']);
});

test('type names are read with their quotes and commas', () => {
  expect(readType('STRUCT("a, b" DECIMAL(18,9), c STRUCT(d INTEGER)[])')).toEqual({
    kind: 'struct',
    fields: [
      { name: 'a, b', type: 'DECIMAL(18,9)' },
      { name: 'c', type: 'STRUCT(d INTEGER)[]' },
    ],
  });
  expect(readType('BIGINT[]')).toEqual({ kind: 'list', item: 'BIGINT' });
});

function riskPage(): string {
  const texts = [
    'high tool failures: 2 of 6 tool calls failed',
    'medium api errors: one reached the user, and then there was another, and after it a third, and no more',
  ];
  const view: DocumentView = {
    title: 'Overview',
    subtitle: null,
    sections: [
      {
        column: { name: 'risks', type: 'STRUCT(session_id VARCHAR, reasons VARCHAR)[]' },
        title: 'Sessions at risk',
        cell: texts.map((text, index) => ({
          session_id: `amp:T-a74cffe6-8b5f-497b-8c87-fe8629a5998${index}`,
          reasons: text,
        })),
      },
    ],
    next: [],
  };
  const text = renderDocument(view, style({ width: 46 }));
  return text.slice(text.indexOf('amp:'));
}

test('a text at the end of a row stands in full below it where it does not fit beside it', () => {
  expect(riskPage()).toBe(`amp:T-a74cffe6-8b5f
  high tool failures: 2 of 6 tool calls failed
amp:T-a74cffe6-8b5f
  medium api errors: one reached the user, and
  then there was another, and after it a
  third, and no more
`);
});

test('of a list of names that may be unknown, those that are known are shown as words', () => {
  const view: DocumentView = {
    title: 'Overview',
    subtitle: null,
    sections: [
      {
        column: { name: 'coverage', type: 'STRUCT(unpriced_models VARCHAR[], rejected_line_count BIGINT)' },
        title: 'Coverage',
        cell: { unpriced_models: ['big', null], rejected_line_count: 1n },
      },
    ],
    next: [],
  };
  expect(renderDocument(view, style({ width: 60 }))).toContain('big, –');
});
