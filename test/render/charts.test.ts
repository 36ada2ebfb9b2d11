import { expect, test } from 'vitest';
import type { Cell, ResultColumn } from '../../src/model/result.ts';
import { chartOfTrend, chartsOfBlock, chartsOfTable } from '../../src/render/html/chart-choice.ts';
import { drawChart } from '../../src/render/html/chart-svg.ts';
import { htmlDocument } from '../../src/render/html/document.ts';
import { elementsOf, outlineOf, parseHtml, textOf } from '../html/outline.ts';
import { style } from './style.ts';

const columnsOf = (names: string): readonly ResultColumn[] =>
  names.split(' ').map((name) => {
    if (/_on$/.test(name)) return { name, type: 'DATE' };
    if (/_usd$/.test(name)) return { name, type: 'DECIMAL(18,9)' };
    return { name, type: /_(tokens|ms|count|number)$/.test(name) ? 'BIGINT' : 'VARCHAR' };
  });

const chartsOf = (names: string, rows: readonly (readonly Cell[])[]): ReturnType<typeof chartsOfTable> =>
  chartsOfTable({ columns: columnsOf(names), rows }, style());

const usd = (decimal: string): Cell => ({ decimal });

test('cost by day is added up over what shares a day, and what is not known leaves a gap', () => {
  const [chart, ...others] = chartsOf('day_on agent cost_usd', [
    ['2026-01-02', 'b', usd('2')],
    ['2026-01-01', 'a', usd('0.5')],
    ['2026-01-02', 'a', usd('1')],
    ['2026-01-03', 'a', null],
  ]);
  expect(others).toEqual([]);
  expect(chart).toEqual({
    kind: 'columns',
    title: 'Cost by day',
    labels: ['2026-01-01', '2026-01-02', '2026-01-03'],
    unit: 'usd',
    series: [{ name: 'cost', tone: 'c1', values: [0.5, 3, null] }],
  });
});

test('classes of tokens by day are stacked', () => {
  const charts = chartsOf('day_on cache_read_tokens output_tokens total_tokens', [
    ['2026-01-01', 10n, 1n, 11n],
    ['2026-01-02', 20n, 2n, 22n],
    ['2026-01-03', 30n, 3n, 33n],
  ]);
  expect(charts.map(({ title, series }) => [title, series.map(({ name }) => name)])).toEqual([
    ['Tokens by class by day', ['cache read', 'output']],
  ]);
});

test('health by week is a line beside the cost', () => {
  const columns = [
    { name: 'week_on', type: 'DATE' },
    { name: 'health_mean', type: 'DOUBLE' },
    ...columnsOf('cost_usd'),
  ];
  const rows = [
    ['2026-01-05', 80.5, usd('1')],
    ['2026-01-12', null, usd('2')],
    ['2026-01-19', 90, usd('3')],
  ];
  const charts = chartsOfTable({ columns, rows }, style());
  expect(charts.map(({ kind, title, range }) => [kind, title, range])).toEqual([
    ['columns', 'Cost by week', undefined],
    ['line', 'Health mean by week', [0, 100]],
  ]);
});

test('two points are no course, and a list of sessions has none', () => {
  expect(
    chartsOf('day_on cost_usd', [
      ['2026-01-01', usd('1')],
      ['2026-01-02', usd('2')],
    ]),
  ).toEqual([]);
  const rows = ['a', 'b', 'c'].map((id, index) => [id, `2026-01-0${index + 1}`, usd('1')]);
  expect(chartsOf('session_id started_at cost_usd', rows)).toEqual([]);
});

test('tools are shown by their failures, those without any not at all', () => {
  const [chart] = chartsOf('agent tool_name tool_call_count tool_failure_count', [
    ['a', 'Read', 50n, 0n],
    ['a', 'Edit', 10n, 2n],
    ['a', 'Bash', 9n, 4n],
  ]);
  expect(chart?.labels).toEqual(['Bash', 'Edit']);
  expect(chart?.series.map(({ values }) => values)).toEqual([
    [4, 2],
    [5, 8],
  ]);
});

test('a block of times is one row of its parts; of one part there is nothing to compare', () => {
  expect(chartsOfBlock({ model_ms: 10n, tool_ms: 30n, human_ms: 0n, unknown_ms: null })).toEqual([
    {
      kind: 'rows',
      title: 'Where the time went',
      labels: [''],
      unit: 'ms',
      series: [
        { name: 'model', tone: 'c1', values: [10] },
        { name: 'tools', tone: 'c2', values: [30] },
      ],
    },
  ]);
  expect(chartsOfBlock({ model_ms: 10n })).toEqual([]);
});

test('costs of two sides by class are a row each', () => {
  const [chart] = chartsOf('token_class a_cost_usd b_cost_usd', [
    ['output', usd('1'), null],
    ['cache_read', usd('2'), usd('3')],
  ]);
  expect([chart?.title, chart?.labels]).toEqual(['Cost by token class', ['A cost', 'B cost']]);
  expect(chart?.series.map(({ values }) => values)).toEqual([
    [1, null],
    [2, 3],
  ]);
});

test('a trend is a line from 0 to 100', () => {
  const cell = { message: 'Better.', points: [{ week_on: '2026-01-05', health: 60n }, { health: 80n }] };
  const chart = chartOfTrend(cell, { name: 'health_trend', type: '' });
  expect([chart?.kind, chart?.range, chart?.labels, chart?.series[0]?.values]).toEqual([
    'line',
    [0, 100],
    ['2026-01-05', '2'],
    [60, 80],
  ]);
  expect(chartOfTrend({ message: '', points: [] }, { name: 'x', type: '' })).toBeUndefined();
});

test('a drawing has the same bytes each time, no hook for scripts, and labels as text', () => {
  const chart = {
    kind: 'rows' as const,
    title: 'T',
    labels: ['<b>&"', 'x'],
    unit: 'count' as const,
    series: [{ name: 'n', tone: 'c1' as const, values: [1, null] }],
  };
  const first = drawChart(chart, 360);
  expect(drawChart(chart, 360)).toEqual(first);
  expect(first.shapes).toContain('&lt;b&gt;&amp;&quot;');
  expect(first.shapes).not.toMatch(/<style|ecmeta|class=|<b>/);
});

test('a page of sections: figures, charts, cards, steps', () => {
  const html = htmlDocument(
    {
      title: 'Over <view>',
      subtitle: null,
      sections: [
        {
          column: {
            name: 'totals',
            type: 'STRUCT(cost_usd DECIMAL(18,9), tool_failure_count BIGINT, model VARCHAR)',
          },
          title: 'Totals',
          cell: { cost_usd: usd('1.5'), tool_failure_count: 3n, model: 'big' },
        },
        {
          column: { name: 'models', type: 'STRUCT(model VARCHAR, cost_usd DECIMAL(18,9))[]' },
          title: 'Models',
          cell: [
            { model: 'big', cost_usd: usd('1') },
            { model: 'small', cost_usd: usd('0.5') },
          ],
        },
        {
          column: { name: 'time', type: 'STRUCT(model_ms BIGINT, tool_ms BIGINT)' },
          title: 'Time',
          cell: { model_ms: 1000n, tool_ms: 3000n },
        },
        { column: { name: 'risks', type: 'STRUCT(a VARCHAR)[]' }, title: 'Risks', cell: [] },
        { column: { name: 'words', type: 'VARCHAR[]' }, title: 'Words', cell: ['a `b` <c>'] },
      ],
      next: [['agenttrace daily', 'Every day.']],
    },
    {
      style: style(),
      stamp: { version: '1', generatedAt: '2026-01-01T00:00:00.000Z', timeZone: 'UTC', asked: [] },
    },
  );
  expect(outlineOf(html)).toEqual([
    '# Over &lt;view&gt;',
    'list Generated | Time zone | Version',
    'list cost | tools failed',
    'list Model',
    '## Models',
    'table Model | Cost: 2 rows',
    '## Time',
    'chart Where the time went: model 1.0 s 25.0%, tools 3.0 s 75.0%',
    'list Model | Tool',
    '## Words',
    '## Next',
    'code agenttrace daily',
  ]);
  const all = elementsOf(parseHtml(html));
  expect(all.filter(({ attributes }) => attributes.style?.startsWith('--share')).map(textOf)).toEqual([
    '$1.00',
    '$0.5000',
  ]);
  expect(all.filter(({ tag }) => tag === 'svg')).toHaveLength(3);
  expect(html).toContain('<li>a <code>b</code> &lt;c&gt;</li>');
});

test('what a log calls a tool reaches a drawing without what moves a cursor or turns text round', () => {
  const labels = ['red\u001b[31m\u0000\u0007\u202e', 'Bash'];
  const series = [{ name: 'calls', tone: 'c1', values: [2, 1] }] as const;
  const chart = { kind: 'rows', title: 'Calls by tool', labels, unit: 'count', series } as const;
  const { shapes } = drawChart(chart, 600);
  expect(shapes).toContain('red');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there.
  expect(shapes).not.toMatch(/[\u0000-\u001f\u202e]/);
});
