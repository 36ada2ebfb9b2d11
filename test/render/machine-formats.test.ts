import { expect, test } from 'vitest';
import type { ResultSet } from '../../src/model/result.ts';
import { rowsCsv } from '../../src/render/csv.ts';
import { documentJson, rowsJson, rowsJsonLines } from '../../src/render/json.ts';
import { markdownTable } from '../../src/render/markdown.ts';
import { style } from './style.ts';

const RESULT: ResultSet = {
  columns: [
    { name: 'big', type: 'HUGEINT' },
    { name: 'cost_usd', type: 'DECIMAL(18,9)' },
    { name: 'at', type: 'TIMESTAMP WITH TIME ZONE' },
    { name: 'text', type: 'VARCHAR' },
    { name: 'list', type: 'STRUCT(a BIGINT)[]' },
    { name: 'ratio', type: 'DOUBLE' },
  ],
  rows: [
    [
      170141183460469231731687303715884105727n,
      { decimal: '0.100000000' },
      '2026-01-31T00:00:00.123456Z',
      'a,"b"\n',
      [{ a: 9007199254740993n }],
      0.1,
    ],
    [null, null, null, '', [], Number.NaN],
  ],
};

test('JSON keeps every digit and the order of columns', () => {
  expect(rowsJson(RESULT)).toBe(`[
  {"big": 170141183460469231731687303715884105727, "cost_usd": 0.100000000, "at": "2026-01-31T00:00:00.123456Z", "text": "a,\\"b\\"\\n", "list": [{"a": 9007199254740993}], "ratio": 0.1},
  {"big": null, "cost_usd": null, "at": null, "text": "", "list": [], "ratio": null}
]
`);
  expect(rowsJson({ ...RESULT, rows: [] })).toBe('[]\n');
});

test('JSON lines hold one object each', () => {
  const lines = rowsJsonLines(RESULT).split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[2]).toBe('');
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ big: null, text: '' });
});

test('two columns of one name are both kept', () => {
  const columns = [
    { name: 'a', type: 'INTEGER' },
    { name: 'a', type: 'INTEGER' },
  ];
  expect(rowsJsonLines({ columns, rows: [[1, 2]] })).toBe('{"a": 1, "a_1": 2}\n');
});

test('a column of JSON is nested, with its digits', () => {
  const columns = [{ name: 'input_json', type: 'VARCHAR' }];
  expect(rowsJsonLines({ columns, rows: [['{"n":\n 12345678901234567890}']] })).toBe(
    '{"input_json": {"n": 12345678901234567890}}\n',
  );
  expect(rowsJsonLines({ columns, rows: [['{cut off']] })).toBe('{"input_json": "{cut off"}\n');
});

test('a document is indented, its rows one a line', () => {
  expect(
    documentJson([
      ['summary', { total: 2n, trend: { points: [] } }],
      ['rows', [{ a: 1 }, { a: 2 }]],
    ]),
  ).toBe(`{
  "summary": {
    "total": 2,
    "trend": {
      "points": []
    }
  },
  "rows": [
    {"a": 1},
    {"a": 2}
  ]
}
`);
});

test('CSV follows RFC 4180; NULL is nothing and an empty text is quoted', () => {
  expect(rowsCsv(RESULT)).toBe(
    'big,cost_usd,at,text,list,ratio\r\n' +
      '170141183460469231731687303715884105727,0.100000000,2026-01-31T00:00:00.123456Z,"a,""b""\n","[{""a"": 9007199254740993}]",0.1\r\n' +
      ',,,"",[],NaN\r\n',
  );
});

test('Markdown names people without calling them', () => {
  const columns = [{ name: 'text', type: 'VARCHAR' }];
  const cell = (text: string): string =>
    markdownTable({ columns, rows: [[text]] }, style()).split('\n')[2] ?? '';
  expect(cell('@ann asked')).toBe('| @&#8203;ann asked |');
  expect(cell('(@org/team) src/@ann')).toBe('| (@&#8203;org/team) src/@&#8203;ann |');
  expect(cell('ann@example.com @ 3 `@ann`')).toBe('| ann@example.com @ 3 `@ann` |');
});

test('Markdown keeps text from becoming markup', () => {
  const columns = [
    { name: 'text', type: 'VARCHAR' },
    { name: 'cost_usd', type: 'DECIMAL(18,9)' },
  ];
  expect(
    markdownTable({ columns, rows: [['a|b <img src=x> `c` ~ `d|e`\n*d*', { decimal: '1.5' }]] }, style()),
  ).toBe('| Text | Cost |\n| --- | ---: |\n| a\\|b &lt;img src=x> `c` \\~ \\`d\\|e\\` \\*d\\* | $1.50 |\n');
});
