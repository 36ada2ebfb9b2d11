import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { ENGINE_SIZES } from '../../src/project/engine.ts';
import { scanBytes, TINY } from './harness.ts';
import { RICH_PLAN, VALUE_PLAN } from './plans.ts';
import { readReference } from './reference.ts';

const NUMBER_PLAN: Plan = {
  name: 'number',
  tables: [
    { name: 'record', columns: [{ name: 'n', kind: 'integer', path: 'n' }] },
    { name: 'element', at: 'a[]', columns: [{ name: 'n', kind: 'integer', path: '' }] },
    {
      name: 'entry',
      at: 'o{}',
      columns: [
        { name: 'k', kind: 'text', path: '$key' },
        { name: 'n', kind: 'integer', path: '' },
      ],
    },
  ],
};

/** [line, item, n] of each record. */
async function records(text: string | Buffer, plan = NUMBER_PLAN) {
  const { rows, outcome } = await scanBytes(text, { plan });
  const all = (name: string) =>
    (rows[name] ?? []).map(({ lineNo, itemNo, cells }) => [lineNo, itemNo, ...cells]);
  return { records: all('record'), elements: all('element'), entries: all('entry'), outcome };
}

/** The reason why a line between two good ones is rejected; undefined when it is taken. */
async function reasonFor(line: string | Buffer): Promise<string | undefined> {
  const bytes = Buffer.concat([Buffer.from('{"n":1}\n'), Buffer.from(line), Buffer.from('\n{"n":3}\n')]);
  const { records: rows, outcome } = await records(bytes);
  expect(rows[0]).toEqual([1, 0, '1']);
  expect(rows.at(-1)).toEqual([3, 0, '3']);
  expect(outcome.lineCount).toBe(3);
  if (outcome.rejects.length === 0) return undefined;
  expect(outcome.rejects).toEqual([
    { lineNo: 2, byteOffset: 8, sizeBytes: Buffer.from(line).length, reason: expect.any(String) },
  ]);
  return outcome.rejects[0]?.reason;
}

describe('the verdict on a line', () => {
  const good = [
    '{}',
    ' { } ',
    '{"n":2}',
    '{"x":[1,-0,1.5e+10,true,false,null,"",{"":[[]]}]}',
    '{"x":"\\u00e9\\ud800\\/"}',
    '\t{"n"\t:\t2}\t\r',
    '{"n":-0.0E-0}',
  ];
  it.each(good)('takes %s', async (line) => {
    expect(await reasonFor(line)).toBeUndefined();
  });

  const bad: readonly (readonly [string, string])[] = [
    ['[1]', 'not a JSON object'],
    ['5', 'not a JSON object'],
    ['null', 'not a JSON object'],
    ['"x"', 'not a JSON object'],
    ['{"n":2', 'cut short'],
    ['{"x":"abc', 'cut short'],
    ['{', 'cut short'],
    ['{"x":[1,{"y":2}', 'cut short'],
    ['{"n":2,}', 'unexpected character'],
    ['{,}', 'unexpected character'],
    ['{"x":[1,]}', 'unexpected character'],
    ['{"x":[,1]}', 'unexpected character'],
    ['{"x":[1 2]}', 'unexpected character'],
    ['{"x":{"y":1 "z":2}}', 'unexpected character'],
    ['{"x":{"y"}}', 'unexpected character'],
    ['{"x":{y:1}}', 'unexpected character'],
    ["{'x':1}", 'unexpected character'],
    ['{"x":[1}]', 'unexpected character'],
    ['{"x":truE}', 'unexpected character'],
    ['{"x":nul}', 'unexpected character'],
    ['{"x":NaN}', 'unexpected character'],
    ['{"x":01}', 'unexpected character'],
    ['{"x":+1}', 'unexpected character'],
    ['{"x":.5}', 'unexpected character'],
    ['{"x":1.}', 'bad number'],
    ['{"x":-}', 'bad number'],
    ['{"x":1e}', 'bad number'],
    ['{"n":1e+}', 'bad number'],
    ['{"x":"\\x"}', 'bad escape in a string'],
    ['{"x":"\\u12g4"}', 'bad escape in a string'],
    ['{"x":"\\u@123"}', 'bad escape in a string'],
    ['{"x":"a\tb"}', 'control character in a string'],
    ['{"x":"a\0b"}', 'control character in a string'],
    ['\0\0\0\0', 'not a JSON object'],
    ['{"x":\u00a01}', 'unexpected character'],
  ];
  it.each(bad)('rejects %j: %s', async (line, reason) => {
    expect(() => JSON.parse(line).n.n.n as unknown).toThrow();
    expect(await reasonFor(line)).toBe(reason);
  });

  it('holds within what nobody asked for as within what is declared', async () => {
    for (const [line] of bad.filter(([text]) => text.startsWith('{"x":')))
      expect(await reasonFor(line.replace('{"x":', '{"o":{"k":').concat('}')), line).toBeDefined();
  });
  it('rejects bytes that are no text', async () => {
    expect(await reasonFor(Buffer.from([0xff, 0xfe, 0x7b, 0, 0x7d, 0]))).toBe('not a JSON object');
    expect(await reasonFor(Buffer.from('{"n":é}'))).toBe('unexpected character');
  });
  it('does not mind nesting, up to a million levels', async () => {
    const nested = (depth: number): string => `{"x":${'['.repeat(depth)}${']'.repeat(depth)},"n":2}`;
    const mixed = (depth: number): string => `{"x":${'{"a":['.repeat(depth)}1${']}'.repeat(depth)},"n":2}`;
    for (const line of [
      nested(63),
      nested(64),
      nested(65),
      nested(129),
      nested(5000),
      mixed(5000),
      mixed(100_000),
    ])
      expect(await reasonFor(line)).toBeUndefined();
    expect(await reasonFor(nested(1_100_000))).toBe('nested too deeply');
    expect(await reasonFor(mixed(100).replace('1]}', '1}]'))).toBe('unexpected character');
  });
});

describe('lines', () => {
  it('count blank ones, take CRLF, and see a break only in \\n', async () => {
    const { records: rows, outcome } = await records('\n  \t\r\n{"n":3}\r\n\r\n{"n":5}\u2028\n{"n":6}\n');
    expect(rows).toEqual([
      [3, 0, '3'],
      [5, 0, '5'],
      [6, 0, '6'],
    ]);
    expect(outcome.rejects).toMatchObject([{ lineNo: 5, reason: 'text after the record' }]);
    expect(outcome).toMatchObject({ lineCount: 6, pendingBytes: 0 });
  });
  it('skip a byte-order mark before any line: joined files have one in the middle', async () => {
    expect((await records('{"n":1}\n\ufeff{"n":2}\n')).records).toEqual([
      [1, 0, '1'],
      [2, 0, '2'],
    ]);
    const { records: rows, outcome } = await records('\ufeff{"n":1}\n{"n":2}');
    expect(rows).toEqual([
      [1, 0, '1'],
      [2, 0, '2'],
    ]);
    expect(outcome).toMatchObject({ parsedTo: 18, rejects: [] });
    expect((await records('\ufeff\n{"n":2}\n')).records).toEqual([[2, 0, '2']]);
    expect((await records('\ufeff')).outcome).toMatchObject({ parsedTo: 0, pendingBytes: 3 });
  });
  it('may hold several objects', async () => {
    const { records: rows, elements } = await records(
      '{"n":1,"a":[7,8]}{"n":2,"a":[9]} \t{"n":3}\n{"n":4}\n',
    );
    expect(rows).toEqual([
      [1, 0, '1'],
      [1, 1, '2'],
      [1, 2, '3'],
      [2, 0, '4'],
    ]);
    expect(elements).toEqual([
      [1, 0, '7'],
      [1, 1, '8'],
      [1, 65_538, '9'],
    ]);
  });
  it('keep good objects before a bad rest', async () => {
    const { records: rows, outcome } = await records(
      '{"n":1}{"n":2} {"a":[1,2}\n{"n":3},{"n":4}\n{"n":5}x\r\n{"n":6}\n',
    );
    expect(rows.map(([, , n]) => n)).toEqual(['1', '2', '3', '5', '6']);
    expect(outcome.rejects).toEqual([
      { lineNo: 1, byteOffset: 15, sizeBytes: 10, reason: 'unexpected character' },
      { lineNo: 2, byteOffset: 33, sizeBytes: 8, reason: 'text after the record' },
      { lineNo: 3, byteOffset: 49, sizeBytes: 1, reason: 'text after the record' },
    ]);
  });
  it('keep the last object behind one that was cut', async () => {
    const pieces = [
      '{',
      '{"',
      '{"k',
      '{"k"',
      '{"k":"x{',
      '{"n":1,',
      '{"n":1',
      '{"n":-',
      '{"n":1.',
      '{"n":1e',
    ];
    const more = [
      '{"x":"\\',
      '{"x":"\\u0',
      '{"x":tru',
      '{"x":fals',
      '{"x":n',
      '{"a":[1,2',
      '{"n":8}{"n":9',
      '\0\0',
    ];
    for (const piece of [...pieces, ...more, '{"n":1\0', '{"x":"y\0', '{"n":8} \0']) {
      const text = `${piece}{"n":2,"a":[3]} \r\n{"n":4}\n`;
      const { records: rows, elements, outcome } = await records(text);
      const first = piece.startsWith('{"n":8}') ? [[1, 0, '8']] : [];
      expect(rows, piece).toEqual([...first, [1, first.length, '2'], [2, 0, '4']]);
      expect(elements).toEqual([[1, first.length * 65_536, '3']]);
      const byteOffset = first.length === 0 ? 0 : piece.replace('{"n":8}', '       ').search(/\S/);
      expect(outcome.rejects).toEqual([
        { lineNo: 1, byteOffset, sizeBytes: piece.length - byteOffset, reason: 'cut short' },
      ]);
    }
  });
  it('take no part of a record for one', async () => {
    for (const line of [
      '{"x":{"n":2}',
      '{"x":[{"n":2}',
      '{"x":1,{"n":2},"y":3}',
      '{"x":"say {"n":2}"}',
      '{"x":1;{"n":2}',
      '{"x":"y{"n":2',
    ]) {
      const { records: rows, outcome } = await records(`${line}\n`);
      expect(rows, line).toEqual([]);
      expect(outcome.rejects).toMatchObject([{ lineNo: 1, byteOffset: 0, sizeBytes: line.length }]);
    }
  });
  it('take nothing of a rejected record', async () => {
    const { elements, entries } = await records('{"a":[1,2],"o":{"k":1},"n":tru}\n{"a":[3],"o":{"j":4}}\n');
    expect(elements).toEqual([[2, 0, '3']]);
    expect(entries).toEqual([[2, 0, 'j', '4']]);
  });
});

describe('a key that comes twice', () => {
  it('counts with its last value', async () => {
    const text = '{"n":1,"n":2}\n{"n":1,"n":null}\n{"n":1,"\\u006e":7}\n{"n":"x","n":3}\n';
    expect((await records(text)).records.map(([, , n]) => n)).toEqual(['2', null, '7', '3']);
  });
  it('takes back elements and entries of earlier values', async () => {
    const { elements, entries } = await records(
      '{"a":[1,2,3],"o":{"p":1},"a":[4],"o":{"q":2,"r":3}}\n{"a":[1],"a":5}\n{"a":[6]}\n',
    );
    expect(elements).toEqual([
      [1, 0, '4'],
      [3, 0, '6'],
    ]);
    expect(entries).toEqual([
      [1, 0, 'q', '2'],
      [1, 1, 'r', '3'],
    ]);
  });
  it('is one entry, at its last place', async () => {
    expect((await records('{"o":{"p":1,"q":2,"\\u0070":3}}\n')).entries).toEqual([
      [1, 0, 'q', '2'],
      [1, 1, 'p', '3'],
    ]);
  });
  it('clears columns below it, in elements as well', async () => {
    const lines = [
      '{"message":{"id":"a","usage":{"input_tokens":1}},"message":{"model":"m"}}',
      '{"message":{"content":[{"type":"x","input":{"command":"c"},"input":{"file_path":"f"}},{"type":"y","content":[1],"content":[2,3]}]}}',
      '{"v":1,"v":{"a":1},"payload":{"changes":{"f":{"list":[{"k":1,"k":2}],"list":[{"z":1}]},"f":{"type":"t"}}}}',
    ];
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    expect((await scanBytes(bytes, { plan: RICH_PLAN })).rows).toEqual(readReference(RICH_PLAN, bytes).rows);
  });
});

describe('a plan', () => {
  it('finds escaped keys, and keys alike in their first eight bytes', async () => {
    const keys = Array.from({ length: 40 }, (_, i) => `cache_creation_${i}_input_tokens`).concat(
      'n',
      'nn',
      'n0',
      'é',
      'eight678',
      'nine56789',
      'a'.repeat(300),
    );
    const plan: Plan = {
      name: 'keys',
      tables: [
        { name: 'record', columns: keys.map((path, i) => ({ name: `c${i}`, kind: 'integer', path })) },
      ],
    };
    const line = (escaped: boolean): string =>
      `{${keys.map((key, i) => `"${escaped ? key.replace(/./u, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`) : key}":${i}`).join(',')},"eight67":1,"eight6789":1}\n`;
    const { rows } = await scanBytes(line(false) + line(true), { plan });
    for (const row of rows.record ?? []) expect(row.cells).toEqual(keys.map((_, i) => String(i)));
    expect(rows.record).toHaveLength(2);
  });
  it('takes a table at the root’s entries, elements of elements, and the whole record', async () => {
    const plan: Plan = {
      name: 'shapes',
      tables: [
        { name: 'record', columns: [{ name: 'whole', kind: 'digest', path: '' }] },
        { name: 'entry', at: '{}', columns: [{ name: 'key', kind: 'text', path: '$key' }] },
        { name: 'cell', at: 'm[][]', columns: [{ name: 'n', kind: 'integer', path: '' }] },
      ],
    };
    const bytes = Buffer.from('{"m":[[1,2],[],3,[4]],"x":0}\n');
    expect((await scanBytes(bytes, { plan })).rows).toEqual(readReference(plan, bytes).rows);
  });
});

describe('a line with more than the output holds', () => {
  const many = (n: number): string => `{"a":[${Array.from({ length: n }, (_, i) => i).join(',')}]}\n`;
  it('makes room', async () => {
    const { elements } = await records(`{"n":1}\n${many(100_000)}{"n":3}\n`);
    expect(elements).toHaveLength(100_000);
    expect(elements.at(-1)).toEqual([2, 99_999, '99999']);
  });
  it('is rejected when there is no more to make', async () => {
    const { rows, outcome } = await scanBytes(`{"n":1}\n${many(5000)}{"n":3}\n${many(5000).trim()}`, {
      plan: NUMBER_PLAN,
      sizes: { ...ENGINE_SIZES, rows: 64, arena: 1024, mostOutput: 100_000 },
    });
    expect(rows.record?.map(({ lineNo }) => lineNo)).toEqual([1, 3]);
    expect(outcome.rejects.map(({ lineNo, reason }) => [lineNo, reason])).toEqual([
      [2, 'too many elements in one line'],
      [4, 'too many elements in one line'],
    ]);
  });
  it('grows for long texts and for objects with many keys', async () => {
    const text = JSON.stringify({
      v: 'é'.repeat(3000),
      o: Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`key ${i}`, i])),
    });
    const bytes = Buffer.from(`${text}\n${text}\n`);
    for (const plan of [VALUE_PLAN, NUMBER_PLAN])
      expect((await scanBytes(bytes, { plan, sizes: TINY })).rows).toEqual(readReference(plan, bytes).rows);
  });
  it('lists at most so many rejects and counts them all', async () => {
    const { outcome } = await scanBytes('x\n'.repeat(5000), {
      plan: NUMBER_PLAN,
      limits: { longestLine: 1 << 20, mostRejects: 100 },
    });
    expect(outcome.rejects).toHaveLength(100);
    expect(outcome).toMatchObject({ rejectCount: 5000, lineCount: 5000 });
  });
});
