import { describe, expect, it } from 'vitest';
import type { ColumnKind, Plan } from '../../src/model/plan.ts';
import { scanBytes } from './harness.ts';
import { everyKind, VALUE_PLAN } from './plans.ts';
import { type Cell, readReference } from './reference.ts';
import { xxh64 } from './xxh64.ts';

/** The cells of one kind for JSON values, each the `v` of a line of its own; checked against the reference on the way. */
async function cellsOf(
  kind: ColumnKind,
  values: readonly (string | Buffer)[],
): Promise<readonly (readonly Cell[])[]> {
  const lines = values.map((value) =>
    Buffer.concat([Buffer.from('{"v":'), Buffer.from(value), Buffer.from('}\n')]),
  );
  const bytes = Buffer.concat(lines);
  const { rows } = await scanBytes(bytes, { plan: VALUE_PLAN });
  expect(rows).toEqual(readReference(VALUE_PLAN, bytes).rows);
  const widths = { digest: 4, diff: 2 } as Readonly<Record<string, number>>;
  const before = everyKind('v').slice(
    0,
    everyKind('v').findIndex((column) => column.kind === kind),
  );
  const at = before.reduce((sum, column) => sum + (widths[column.kind] ?? 1), 0);
  return (rows.record ?? []).map(({ cells }) => cells.slice(at, at + (widths[kind] ?? 1)));
}

const one = async (kind: ColumnKind, values: readonly (string | Buffer)[]): Promise<readonly Cell[]> =>
  (await cellsOf(kind, values)).map(([cell]) => cell as Cell);

describe('text', () => {
  it('tells an empty string from none', async () => {
    expect(await one('text', ['""', 'null', '5', '{}'])).toEqual(['', null, null, null]);
  });
  it('is cut between code points, not within', async () => {
    expect(
      await one('text', ['"abcdefghijklmnop"', '"😀😀😀😀😀😀😀😀😀😀😀😀😀"', '"ééééééééééé数据"']),
    ).toEqual(['abcdefghijkl', '😀'.repeat(12), 'ééééééééééé数']);
  });
  it('decodes every escape', async () => {
    expect(
      await one('text', [String.raw`"\"\\\/\b\f\n\r\t"`, String.raw`"\u00e9\u6570\ud83d\ude00\u0000"`]),
    ).toEqual(['"\\/\b\f\n\r\t', 'é数😀\0']);
  });
  it('puts U+FFFD for lone surrogates and invalid UTF-8, as TextDecoder does', async () => {
    const quoted = (...bytes: readonly number[]): Buffer => Buffer.from([34, ...bytes, 34]);
    const broken = [
      quoted(0xe1, 0x80, 0x41),
      quoted(0xf0, 0x80, 0x80),
      quoted(0xf0, 0x9f, 0x98),
      quoted(0xed, 0xa0, 0x80),
      quoted(0xc0, 0xaf),
      quoted(0xff, 0x80, 0x42),
      quoted(0xf4, 0x90, 0x80, 0x80),
      quoted(0xc3),
    ];
    const decoded = broken.map((bytes) => new TextDecoder().decode(bytes.subarray(1, -1)));
    expect(await one('text', broken)).toEqual(decoded);
    expect(
      await one('text', [
        String.raw`"\ud800x"`,
        String.raw`"\udc00\ud83d"`,
        String.raw`"\ud83d\ud83d\ude00"`,
      ]),
    ).toEqual(['\ufffdx', '\ufffd\ufffd', '\ufffd😀']);
  });
  it('keeps U+2028 within its line', async () => {
    expect(await one('text', ['"a\u2028b\u2029\u0085"'])).toEqual(['a\u2028b\u2029\u0085']);
  });
});

describe('integer', () => {
  it('takes every way of writing a whole number', async () => {
    expect(
      await one('integer', [
        '0',
        '-0',
        '17',
        '-17',
        '1e5',
        '1.0',
        '12e-1',
        '120E-1',
        '1.5',
        '0.0e9',
        '-1.20e2',
      ]),
    ).toEqual(['0', '0', '17', '-17', '100000', '1', null, '12', null, '0', '-120']);
  });
  it('ends where BIGINT ends', async () => {
    const values = [
      '9223372036854775807',
      '9223372036854775808',
      '-9223372036854775808',
      '-9223372036854775809',
      '1e18',
      '1e19',
      '1e400',
    ];
    expect(await one('integer', values)).toEqual([
      '9223372036854775807',
      null,
      '-9223372036854775808',
      null,
      `1${'0'.repeat(18)}`,
      null,
      null,
    ]);
  });
  it('is exact beyond what a double holds', async () => {
    expect(await one('integer', ['9007199254740993', '1e-999999999999999', '"5"', 'true'])).toEqual([
      '9007199254740993',
      null,
      null,
      null,
    ]);
  });
});

describe('decimal', () => {
  it('is exact to nine places and rounds half away from zero beyond', async () => {
    const values = [
      '0.1',
      '1',
      '123456789.123456789',
      '0.0000000005',
      '0.00000000049',
      '-0.0000000005',
      '1e-9',
      '2.5e-1',
    ];
    expect(await one('decimal', values)).toEqual([
      '0.100000000',
      '1.000000000',
      '123456789.123456789',
      '0.000000001',
      '0.000000000',
      '-0.000000001',
      '0.000000001',
      '0.250000000',
    ]);
  });
  it('is NULL outside DECIMAL(18,9)', async () => {
    const values = ['999999999.999999999', '999999999.9999999995', '-1000000000', '1e9', '1e400', '"1"'];
    expect(await one('decimal', values)).toEqual(['999999999.999999999', null, null, null, null, null]);
  });
});

describe('timestamp', () => {
  const at = async (values: readonly string[]): Promise<readonly (string | null)[]> =>
    (await one('timestamp', values)).map((cell) =>
      cell === null ? null : new Date(Number(cell) / 1000).toISOString(),
    );

  it('reads ISO 8601 with fraction and zone', async () => {
    expect(
      await at([
        '"2024-02-29T12:34:56Z"',
        '"2024-02-29T12:34:56.7+02:00"',
        '"2024-02-29 12:34:56,789-0130"',
        '"2024-01-01T00:00:00+14"',
      ]),
    ).toEqual([
      '2024-02-29T12:34:56.000Z',
      '2024-02-29T10:34:56.700Z',
      '2024-02-29T14:04:56.789Z',
      '2023-12-31T10:00:00.000Z',
    ]);
  });
  it('cuts to microseconds', async () => {
    expect(
      await one('timestamp', [
        '"1970-01-01T00:00:00.123456789Z"',
        '"1969-12-31T23:59:59.999999999Z"',
        '"1970-01-01T00:00:00.1Z"',
      ]),
    ).toEqual(['123456', '-1', '100000']);
  });
  it('knows the calendar', async () => {
    const bad = [
      '2023-02-29T00:00:00Z',
      '2024-02-30T00:00:00Z',
      '2024-04-31T00:00:00Z',
      '2024-13-01T00:00:00Z',
      '2024-00-01T00:00:00Z',
    ];
    const worse = [
      '2024-01-01T24:00:00Z',
      '2024-01-01T23:60:00Z',
      '2024-01-01T23:59:60Z',
      '1900-02-29T00:00:00Z',
      '0000-01-01T00:00:00Z',
    ];
    const shifted = [
      '202-07-14T10:22:08.817Z',
      '20x4-01-01T00:00:00Z',
      '2024-1-001T00:00:00Z',
      '2024-01-01T0:000:00Z',
      '2024-01-01T00:00:0.0Z',
    ];
    const odd = [
      '2024-01-01',
      '2024-01-01T00:00:00',
      '2024-01-01T00:00:00.Z',
      '2024-01-01T00:00:00+25:00',
      '2024-01-01T00:00:00Zx',
      'x',
    ];
    for (const cell of await one(
      'timestamp',
      [...bad, ...worse, ...shifted, ...odd].map((text) => JSON.stringify(text)),
    ))
      expect(cell).toBeNull();
  });
  it('reaches from year 1 to 9999', async () => {
    expect(
      await at([
        '"0001-01-01T00:00:00Z"',
        '"9999-12-31T23:59:59.999Z"',
        '"2000-02-29T00:00:00Z"',
        '"1969-07-20T20:17:40Z"',
      ]),
    ).toEqual([
      '0001-01-01T00:00:00.000Z',
      '9999-12-31T23:59:59.999Z',
      '2000-02-29T00:00:00.000Z',
      '1969-07-20T20:17:40.000Z',
    ]);
  });
  it('takes numbers as milliseconds since 1970', async () => {
    expect(
      await one('timestamp', ['1700000000123', '1700000000123.4567', '-1', '1.7e12', '1e17', '-7e13']),
    ).toEqual(['1700000000123000', '1700000000123456', '-1000', '1700000000000000', null, null]);
  });
  it('reads an escaped time', async () => {
    expect(await at([String.raw`"2024-02-29T12:34:56\u005a"`])).toEqual(['2024-02-29T12:34:56.000Z']);
  });
});

describe('uuid', () => {
  it('keeps a UUID and hashes anything else', async () => {
    const id = '1b67c189-3248-4ab2-8f01-9d96f736d559';
    const [lower, upper, escaped, short, hash, number] = await one('uuid', [
      `"${id}"`,
      `"${id.toUpperCase()}"`,
      `"${id.replace('b', '\\u0062')}"`,
      `"${id.slice(1)}"`,
      '"msg_01"',
      '5',
    ]);
    expect([lower, upper, escaped]).toEqual([id, id, id]);
    expect(short).not.toBe(id);
    const hex = [0n, 1n]
      .map((seed) => xxh64(Buffer.from('msg_01'), seed).toString(16).padStart(16, '0'))
      .join('');
    expect(hash?.replaceAll('-', '')).toBe(hex);
    expect(number).toBeNull();
  });
});

describe('kind and boolean', () => {
  it('number the JSON types', async () => {
    expect(await one('kind', ['""', '[]', '{}', '0', 'false', 'null'])).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
      null,
    ]);
    expect(await one('boolean', ['true', 'false', '1', '"true"', 'null'])).toEqual([
      'true',
      'false',
      null,
      null,
      null,
    ]);
  });
});

describe('digest', () => {
  it('hashes with XXH64', async () => {
    expect([xxh64(Buffer.from('')), xxh64(Buffer.from('a')), xxh64(Buffer.from('abc'))]).toEqual([
      0xef46db3751d8e999n,
      0xd24ec4f1a98c6e5bn,
      0x44bc2cf5ad770999n,
    ]);
    const cells = await cellsOf('digest', ['""', '"a"', '"abc"']);
    expect(cells.map(([, hash]) => hash)).toEqual([
      '17241709254077376921',
      '15154266338359012955',
      '4952883123889572249',
    ]);
  });
  it('is of the decoded text, however it was escaped', async () => {
    const [plain, escaped] = await cellsOf('digest', [
      '"é/😀\u2028"',
      String.raw`"\u00e9\/\ud83d\ude00\u2028"`,
    ]);
    expect(escaped).toEqual(plain);
    expect(plain?.[0]).toBe(String(Buffer.byteLength('é/😀\u2028')));
  });
  it('is right for every length around the sizes of blocks and words', async () => {
    const lengths = [7, 8, 31, 32, 33, 63, 64, 16_383, 16_384, 16_385, 40_000];
    const texts = lengths.flatMap((n) => [
      'x'.repeat(n),
      'é'.repeat(n),
      `${'y'.repeat(n)}\n`,
      '数'.repeat(n),
    ]);
    await cellsOf(
      'digest',
      texts.map((text) => JSON.stringify(text)),
    );
  });
  it('covers the raw text of objects and arrays', async () => {
    const raw = '{ "a" : [1,\t"é"] }';
    const [object, array, number] = await cellsOf('digest', [raw, '[]', '5']);
    expect(object).toEqual([
      String(Buffer.byteLength(raw)),
      String(xxh64(Buffer.from(raw))),
      raw,
      '"é"] }'.padStart(7, '\t'),
    ]);
    expect(array?.[0]).toBe('2');
    expect(number).toEqual([null, null, null, null]);
  });
  it('has a preview and a tail in whole code points, also of invalid raw text', async () => {
    await cellsOf('digest', [
      JSON.stringify('😀'.repeat(30)),
      Buffer.concat([Buffer.from('["'), Buffer.alloc(40, 0x80), Buffer.from('"]')]),
      Buffer.concat([
        Buffer.from('["'),
        Buffer.from('😀'.repeat(9)).subarray(1),
        Buffer.from([0xf0, 0x9f]),
        Buffer.from('"]'),
      ]),
    ]);
  });
});

describe('size, lines and diff', () => {
  it('count bytes of the decoded string', async () => {
    expect(await one('size', ['""', '"é"', String.raw`"\u00e9\n"`, String.raw`"\ud800"`, '{}', '5'])).toEqual(
      ['0', '2', '3', '3', null, null],
    );
  });
  it('count lines, the last with or without its end', async () => {
    expect(
      await one('lines', ['""', '"a"', String.raw`"a\n"`, String.raw`"a\nb"`, String.raw`"\n\n"`, '[]']),
    ).toEqual(['0', '1', '1', '2', '2', null]);
  });
  it('count the lines of a diff, without its headings', async () => {
    const diff = '--- a\n+++ b\n@@ -1 +1,2 @@\n-old\n+new\n++two\n context\n--\n---\n+';
    expect(
      await cellsOf('diff', [JSON.stringify(diff), JSON.stringify(`${'x'.repeat(40_000)}\n+é`), '""']),
    ).toEqual([
      ['3', '2'],
      ['1', '0'],
      ['0', '0'],
    ]);
  });
});

describe('a digest hashed in part', () => {
  const plan: Plan = {
    name: 'part',
    tables: [
      {
        name: 'record',
        columns: [
          {
            name: 'v',
            kind: 'digest',
            path: 'v',
            hashed: { after: '\nOutput:\n', before: '","metadata":{' },
          },
          { name: 'w', kind: 'digest', path: 'v' },
        ],
      },
    ],
  };
  const digestsOf = async (values: readonly unknown[]) => {
    const bytes = Buffer.from(values.map((v) => `${JSON.stringify({ v })}\n`).join(''));
    const { rows } = await scanBytes(bytes, { plan });
    expect(rows).toEqual(readReference(plan, bytes).rows);
    return (rows.record ?? []).map(({ cells }) => cells);
  };
  const hashOf = (text: string): string => String(xxh64(Buffer.from(text)));

  it('begins behind the first mark and ends before the last; everything else is of the whole', async () => {
    const framed = 'Chunk ID: a1\nOutput:\né😀\nOutput:\nrest';
    const inJson = '{"output":"body","metadata":{"exit_code":0}}';
    const [text, json, plain] = await digestsOf([framed, inJson, 'no mark']);
    expect(text?.[0]).toBe(String(Buffer.byteLength(framed)));
    expect(text?.[1]).toBe(hashOf('é😀\nOutput:\nrest'));
    expect(text?.[2]).toBe(framed);
    expect(text?.[4]).toBe(hashOf(framed));
    expect(json?.[1]).toBe(hashOf('{"output":"body'));
    expect(plain?.[1]).toBe(hashOf('no mark'));
  });
  it('takes a mark only near its end, and none that is part of an escape', async () => {
    const far = `${'x'.repeat(600)}\nOutput:\n${'","metadata":{'}${'y'.repeat(600)}`;
    const long = `h\nOutput:\n${'z'.repeat(40_000)}`;
    const escaped = 'a\\nOutput:\nb';
    const rows = await digestsOf([far, long, escaped, '\nOutput:\n', '","metadata":{']);
    expect(rows.map((cells) => cells[1])).toEqual([
      hashOf(far),
      hashOf('z'.repeat(40_000)),
      hashOf(escaped),
      hashOf(''),
      hashOf(''),
    ]);
  });
  it('works on the raw text of arrays and objects, too', async () => {
    const [array] = await digestsOf([[{ type: 'text', text: 'Wall time: 1\nOutput:\nsame' }]]);
    expect(array?.[1]).toBe(hashOf('same"}]'));
  });
});
