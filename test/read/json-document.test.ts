import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitDocument } from '../../src/read/json-document.ts';
import { readDocument } from '../../src/read/read-document.ts';
import {
  type Split,
  someDocument,
  somePaths,
  someSpaces,
  split,
  splitValue,
  withFile,
  write,
} from './documents.ts';

const MESSAGES = { arrays: ['messages[]'] };
const texts = (pieces: Split['elements']): readonly string[] => pieces.map(({ text }) => text);

describe('the elements of a document', () => {
  it('come one by one, and what is left last', () => {
    const { elements, remainders, rejects } = split(
      '{"id":"x","messages":[{"n":1}, null ,"b",4.5e1,[2],true],"end":{"messages":[7]}}',
      MESSAGES,
    );
    expect(texts(elements)).toEqual(['{"n":1}', 'null', '"b"', '4.5e1', '[2]', 'true']);
    expect(elements.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(elements[1]).toEqual({ at: 'messages[]', ordinal: 2, index: 1, parents: [], text: 'null' });
    expect(remainders).toEqual([
      {
        at: '',
        ordinal: 0,
        index: 0,
        parents: [],
        text: '{"id":"x","messages":[],"end":{"messages":[7]}}',
      },
    ]);
    expect(rejects).toEqual([]);
  });

  it('are on one line each', () => {
    const { elements, remainders } = split(
      '{\r\n "messages": [\n  {\n   "a": "b\\n"\r\n  }\n ]\n}\n',
      MESSAGES,
    );
    expect(texts(elements)).toEqual(['{    "a": "b\\n"    }']);
    expect(texts(remainders)).toEqual(['{   "messages": [] }']);
  });

  it('say which elements they lie in', () => {
    const { elements, remainders } = split(
      '{"resourceSpans":[{"resource":1,"scopeSpans":[{"spans":[10,11]},{"spans":[]}]},{"scopeSpans":[{"v":2},{"spans":[20]}]}]}',
      { arrays: ['resourceSpans[].scopeSpans[].spans[]'] },
    );
    expect(elements.map(({ parents, index, text }) => [...parents, index, text])).toEqual([
      [0, 0, 0, '10'],
      [0, 0, 1, '11'],
      [1, 1, 0, '20'],
    ]);
    expect(texts(remainders)).toEqual([
      '{"resourceSpans":[{"resource":1,"scopeSpans":[{"spans":[]},{"spans":[]}]},{"scopeSpans":[{"v":2},{"spans":[]}]}]}',
    ]);
  });

  it('come before the element that they lie in, and are no longer in it', () => {
    const { elements, remainders } = split('[{"parts":[1,2],"id":"a"},{"id":"b"},3]', {
      arrays: ['[]', '[].parts[]'],
    });
    expect(elements.map(({ at, ordinal, text }) => [at, ordinal, text])).toEqual([
      ['[].parts[]', 1, '1'],
      ['[].parts[]', 2, '2'],
      ['[]', 3, '{"parts":[],"id":"a"}'],
      ['[]', 4, '{"id":"b"}'],
      ['[]', 5, '3'],
    ]);
    expect(texts(remainders)).toEqual(['[]']);
  });

  it('may be the entries of an object, with their keys', () => {
    const { elements, remainders } = split(
      '{"conversations":{"one":{"turns":[1]},"\\u0074wo":{},"t\\"":null},"v":1}',
      { arrays: ['conversations{}', 'conversations{}.turns[]'] },
    );
    expect(elements.map(({ at, key, parents, text }) => [at, key, parents, text])).toEqual([
      ['conversations{}.turns[]', 'one', [0], '1'],
      ['conversations{}', 'one', [], '{"turns":[]}'],
      ['conversations{}', 'two', [], '{}'],
      ['conversations{}', 't"', [], 'null'],
    ]);
    expect(texts(remainders)).toEqual(['{"conversations":{},"v":1}']);
  });

  it('are found by a key however it is written, and each time it is written', () => {
    const { elements, remainders } = split('{"mess\\u0061ges":[1],"messages":[2],"messages":3}', MESSAGES);
    expect(texts(elements)).toEqual(['1', '2']);
    expect(texts(remainders)).toEqual(['{"mess\\u0061ges":[],"messages":[],"messages":3}']);
  });

  it('may be as deep as 10,000 containers', () => {
    const deep = (levels: number): string => `{"messages":[1,${'['.repeat(levels)}${']'.repeat(levels)}]}`;
    expect(texts(split(deep(9_998), MESSAGES).elements)[1]).toHaveLength(19_996);
    const { elements, remainders, rejects } = split(deep(9_999), MESSAGES);
    expect(texts(elements)).toEqual(['1']);
    expect(rejects).toEqual([
      { ordinal: 2, reason: 'nested too deeply at byte 10013, line 1', sizeBytes: 9_998 + 10_002 },
    ]);
    expect(texts(remainders)).toEqual(['{"messages":[]}']);
  });

  it('are those of every document in the file', () => {
    const { elements, remainders, rejects } = split(
      '\ufeff{"messages":[1],"n":1}\n{"n":2}{"messages":[2,3]}\ufeff [4]\n',
      MESSAGES,
    );
    expect(elements.map(({ ordinal, text }) => [ordinal, text])).toEqual([
      [1, '1'],
      [4, '2'],
      [5, '3'],
    ]);
    expect(remainders.map(({ ordinal, text }) => [ordinal, text])).toEqual([
      [0, '{"messages":[],"n":1}'],
      [2, '{"n":2}'],
      [3, '{"messages":[]}'],
      [6, '[4]'],
    ]);
    expect(rejects).toEqual([]);
  });

  it.each(['', ' \n\r\n\t', '\ufeff', '\ufeff\n'])('of %j are none', (text) => {
    expect(split(text, MESSAGES)).toEqual({ elements: [], remainders: [], rejects: [] });
  });
});

describe('what is too long', () => {
  it('is passed over', () => {
    const long = 'x'.repeat(3 << 20);
    const { elements, remainders, rejects } = split(`{"messages":[1,"${long}",{"a":"${long}"},2]}`, {
      ...MESSAGES,
      limit: 2 << 20,
    });
    expect(elements.map(({ ordinal, text }) => [ordinal, text])).toEqual([
      [1, '1'],
      [4, '2'],
    ]);
    expect(rejects).toEqual([
      { ordinal: 2, reason: 'longer than 2 MB', sizeBytes: long.length + 2 },
      { ordinal: 3, reason: 'longer than 2 MB', sizeBytes: long.length + 8 },
    ]);
    expect(texts(remainders)).toEqual(['{"messages":[]}']);
  });

  it('may be as long as the limit', () => {
    for (const readBytes of [1, 8, 1_000]) {
      const { elements, rejects } = split('{"a":[12345,"6789012345678","67890123456789"]}', {
        arrays: ['a[]'],
        limit: 15,
        readBytes,
      });
      expect(texts(elements)).toEqual(['12345', '"6789012345678"']);
      expect(rejects).toEqual([{ ordinal: 3, reason: 'longer than 15 bytes', sizeBytes: 16 }]);
    }
  });

  it('may be the rest', () => {
    const { elements, remainders, rejects } = split(`{"messages":[1],"a":"${'x'.repeat(50)}"}`, {
      ...MESSAGES,
      limit: 40,
    });
    expect(texts(elements)).toEqual(['1']);
    expect(remainders).toEqual([]);
    expect(rejects).toEqual([{ ordinal: 0, reason: 'longer than 40 bytes', sizeBytes: 72 }]);
  });
});

describe('a document that breaks off', () => {
  it.each([
    ['{"id":1,"messages":[{"a":1},{"a":2', ['{"a":1}'], '{"id":1,"messages":[]}', 6],
    ['{"id":1,"messages":[12,13', ['12'], '{"id":1,"messages":[]}', 2],
    ['{"id":1,"messages":[12]', ['12'], '{"id":1,"messages":[]}', 0],
    ['{"id":"x","na', [], '{"id":"x"}', 0],
    ['{"id":{"a":[1,"\\', [], '{"id":{"a":[1]}}', 0],
    ['{', [], '{}', 0],
  ])('%s', (text, elements, remainder, sizeBytes) => {
    const parts = split(text, MESSAGES);
    expect(texts(parts.elements)).toEqual(elements);
    expect(texts(parts.remainders)).toEqual([remainder]);
    expect(parts.rejects).toEqual([
      { ordinal: elements.length + 1, reason: `cut short at byte ${text.length}, line 1`, sizeBytes },
    ]);
  });
});

describe('a document that breaks the rules', () => {
  it.each([
    ['{"messages":[1,2}', ['1', '2'], '{"messages":[]}', 'unexpected character at byte 16, line 1'],
    ['{"messages":[1,{"a":[}]}', ['1'], '{"messages":[]}', 'unexpected character at byte 21, line 1'],
    ['{"messages":[1,,2]}', ['1'], '{"messages":[]}', 'unexpected character at byte 15, line 1'],
    ['{"messages":[1 2]}', ['1'], '{"messages":[]}', 'unexpected character at byte 15, line 1'],
    ['{"messages":[1,{"a" "b"}]}', ['1'], '{"messages":[]}', 'unexpected character at byte 20, line 1'],
    ['{"messages":[1,\'2\']}', ['1'], '{"messages":[]}', 'unexpected character at byte 15, line 1'],
    ['{"messages":[1,"a\nb"]}', ['1'], '{"messages":[]}', 'line break in a string at byte 17, line 1'],
    ['{"messages":[1,"a\\\nb"]}', ['1'], '{"messages":[]}', 'line break in a string at byte 18, line 1'],
    [
      '{"messages":\n[1],\n"a":"b","c"}',
      ['1'],
      '{"messages": [], "a":"b"}',
      'unexpected character at byte 29, line 3',
    ],
    [
      '{"messages":\n[1],"a":"b",}',
      ['1'],
      '{"messages": [],"a":"b"}',
      'unexpected character at byte 25, line 2',
    ],
  ])('%s', (text, elements, remainder, reason) => {
    const parts = split(text, MESSAGES);
    expect(texts(parts.elements)).toEqual(elements);
    expect(parts.rejects.map((reject) => reject.reason)).toEqual([reason]);
    expect(texts(parts.remainders)).toEqual([remainder]);
  });

  it('keeps what came before text that is no document', () => {
    const { elements, remainders, rejects } = split('{"messages":[1]}\n\0\0\0', MESSAGES);
    expect(texts(elements)).toEqual(['1']);
    expect(texts(remainders)).toEqual(['{"messages":[]}']);
    expect(rejects).toEqual([
      { ordinal: 3, reason: 'neither object nor array at byte 17, line 2', sizeBytes: 3 },
    ]);
  });

  it.each(['hello', '12', '"text"', ']'])('may be none: %s', (text) => {
    const reason = 'neither object nor array at byte 0, line 1';
    expect(split(text, MESSAGES)).toEqual({
      elements: [],
      remainders: [],
      rejects: [{ ordinal: 1, reason, sizeBytes: text.length }],
    });
  });
});

describe('what is not about the text', () => {
  it('throws what the system throws', () => {
    const read = (path: string) => [...splitDocument(path, MESSAGES)];
    expect(() => read(join(tmpdir(), 'agenttrace-no-such-file.json'))).toThrow(
      expect.objectContaining({ code: 'ENOENT' }),
    );
    expect(() => read(tmpdir())).toThrow(expect.objectContaining({ code: 'EISDIR' }));
  });

  it.each([[''], ['messages'], ['.a[]'], ['a..b[]'], ['a[]b[]'], ['a[].'], ['a{}', 'a.b[]']])(
    'refuses the paths %s',
    (...arrays) => {
      expect(() => split('{}', { arrays })).toThrow();
    },
  );
});

describe('any document', () => {
  const readBytes = fc.constantFrom(1, 2, 7, 64 << 10);

  it('is split as a reader of the whole splits it', () => {
    fc.assert(
      fc.property(someDocument, somePaths, someSpaces, readBytes, (value, arrays, spaces, size) => {
        const { elements, remainders, rejects } = split(write(value, spaces), { arrays, readBytes: size });
        const expected = splitValue(value, arrays);
        expect(rejects).toEqual([]);
        expect(
          elements.map(({ ordinal: _, text, ...rest }) => ({ ...rest, value: JSON.parse(text) })),
        ).toEqual(expected.pieces);
        expect(elements.map(({ ordinal }) => ordinal)).toEqual(elements.map((_, index) => index + 1));
        expect(texts(remainders).map((text) => JSON.parse(text))).toEqual([expected.remainder]);
        for (const text of texts([...elements, ...remainders])) expect(text).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives up to a cut what it gives as a whole', () => {
    fc.assert(
      fc.property(
        fc.tuple(someDocument, someSpaces).map(([value, spaces]) => Buffer.from(write(value, spaces))),
        somePaths,
        readBytes,
        fc.nat(),
        (bytes, arrays, size, at) => {
          const whole = split(bytes, { arrays });
          const head = bytes.subarray(0, at % bytes.length);
          const { elements, remainders, rejects } = split(head, { arrays, readBytes: size });
          expect(elements).toEqual(whole.elements.slice(0, elements.length));
          for (const text of texts(remainders)) expect(() => JSON.parse(text)).not.toThrow();
          const isBegun = /\S/.test(head.toString());
          expect(remainders).toHaveLength(isBegun ? 1 : 0);
          const isWhole =
            texts(remainders)[0] === texts(whole.remainders)[0] &&
            !/\S/.test(bytes.subarray(head.length).toString());
          expect(rejects).toHaveLength(isBegun && !isWhole ? 1 : 0);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('is right when no piece is wrong, whatever is changed in it', () => {
    const change = fc.record({
      at: fc.nat(),
      remove: fc.nat({ max: 3 }),
      insert: fc.constantFrom('', ...'{}[],:"\\ \n01aé\0', '"a":', '[]', '{}', '//', '1.', 'null'),
    });
    fc.assert(
      fc.property(
        fc.tuple(someDocument, someSpaces).map(([value, spaces]) => write(value, spaces)),
        // Keys of entries are not looked at.
        somePaths.filter((arrays) => !arrays.some((path) => path.includes('{}'))),
        readBytes,
        fc.array(change, { minLength: 1, maxLength: 3 }),
        (text, arrays, size, changes) => {
          const changed = changes.reduce((from, { at, remove, insert }) => {
            const place = at % (from.length + 1);
            return from.slice(0, place) + insert + from.slice(place + remove);
          }, text);
          const { elements, remainders, rejects } = split(changed, { arrays, readBytes: size });
          for (const piece of texts([...elements, ...remainders])) expect(piece).not.toMatch(/[\r\n]/);
          const isRight =
            rejects.length === 0 &&
            remainders.length === 1 &&
            texts([...elements, ...remainders]).every(isJson);
          const isScalar = /^\s*[^\s{[]/.test(changed);
          if (!isScalar && remainders.length < 2) expect(isRight, changed).toBe(isJson(changed));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('may be read in bytes of any kind', () => {
    const bytes = fc.array(fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(...Buffer.from('{}[]",:\\a1'))));
    fc.assert(
      fc.property(bytes, somePaths, (content, arrays) => {
        const { elements, remainders } = split(Uint8Array.from([91, ...content]), { arrays, readBytes: 3 });
        for (const text of texts([...elements, ...remainders])) expect(text).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a reader of documents', () => {
  const content = '{"v":1,"m":{"é\\"":[{"a":1},2]}}{"m":{"x":[';
  const read = (isWrapped: boolean) =>
    withFile(content, (path) => {
      const records: unknown[] = [];
      for (const record of readDocument({ arrays: ['m{}[]'], isWrapped })({ path }))
        records.push('json' in record ? [record.lineNo, Buffer.from(record.json).toString()] : record);
      return records;
    });
  const cut = { lineNo: 4, reason: 'cut short at byte 43, line 1', sizeBytes: 0 };

  it('yields the pieces', () => {
    expect(read(false)).toEqual([
      [1, '{"a":1}'],
      [2, '2'],
      [0, '{"v":1,"m":{"é\\"":[]}}'],
      cut,
      [3, '{"m":{"x":[]}}'],
    ]);
  });

  it('puts their places around them where that is asked for', () => {
    expect(read(true)).toEqual([
      [1, '{"at":"m{}[]","key":"é\\"","parents":[0],"value":{"a":1}}'],
      [2, '{"at":"m{}[]","key":"é\\"","parents":[0],"value":2}'],
      [0, '{"at":"","key":null,"parents":[],"value":{"v":1,"m":{"é\\"":[]}}}'],
      cut,
      [3, '{"at":"","key":null,"parents":[],"value":{"m":{"x":[]}}}'],
    ]);
  });
});

describe('a large document', () => {
  it('is never in memory as a whole', () => {
    const folder = mkdtempSync(join(tmpdir(), 'agenttrace-read-'));
    try {
      const path = join(folder, 'session.json');
      const message = JSON.stringify({ type: 'user', content: 'some words and a "quote"\n'.repeat(40) });
      const chunk = Buffer.from(`${message},\n`.repeat(2_000));
      const count = Math.ceil((200 << 20) / chunk.length);
      const file = openSync(path, 'w');
      writeSync(file, '{"sessionId":"x","messages":[');
      for (let written = 0; written < count; written++) writeSync(file, chunk);
      writeSync(file, `${message}],"end":true}`);
      closeSync(file);

      const script = join(folder, 'split.mjs');
      buildSync({
        entryPoints: [fileURLToPath(new URL('../../src/read/json-document.ts', import.meta.url))],
        bundle: true,
        platform: 'node',
        format: 'esm',
        outfile: join(folder, 'json-document.mjs'),
      });
      writeFileSync(
        script,
        `import { splitDocument } from './json-document.mjs';
         let count = 0, bytes = 0, rest = '';
         for (const piece of splitDocument(process.argv[2], { arrays: ['messages[]'] })) {
           if (piece.at === '') rest = Buffer.from(piece.json).toString();
           else { count++; bytes += piece.json.length; }
         }
         console.log(JSON.stringify({ count, bytes, rest, kilobytes: process.resourceUsage().maxRSS }));`,
      );
      const { kilobytes, ...found } = JSON.parse(
        execFileSync(process.execPath, [script, path], { encoding: 'utf8' }),
      );
      const messages = count * 2_000 + 1;
      expect(found).toEqual({
        count: messages,
        bytes: messages * message.length,
        rest: '{"sessionId":"x","messages":[],"end":true}',
      });
      expect(kilobytes).toBeLessThan(400 << 10);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
