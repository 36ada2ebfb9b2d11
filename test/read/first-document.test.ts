import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstDocument } from '../../src/model/first-document.ts';

const container = fc
  .oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()))
  .map((value): unknown => JSON.parse(JSON.stringify(value)));

describe('the first document of a head', () => {
  it.each([
    ['{"a":1,"b":[{"c":"x"},{"d', { a: 1, b: [{ c: 'x' }, {}] }],
    ['{"a":{"b":"cut sho', { a: {} }],
    ['{"a":12', {}],
    ['{"a":12 ', { a: 12 }],
    ['{"a":tru', {}],
    ['{"a":1,"b"', { a: 1 }],
    ['{"a":1,"b":', { a: 1 }],
    ['{"a":"\\', {}],
    ['["a","\\u00', ['a']],
    [' \r\n\t[1,', [1]],
    ['{', {}],
    ['\ufeff{"a":[', { a: [] }],
    ['{"a":1}\n{"a":2}\n', { a: 1 }],
    ['{"a":1} and more', { a: 1 }],
    ['[[[[', [[[[]]]]],
  ])('%j', (head, value) => {
    expect(firstDocument(head)).toEqual(value);
  });

  it.each([
    '',
    ' \n',
    '\ufeff',
    '12',
    '"text"',
    'null',
    '# title',
    '[INFO] started',
    '[2025-01-01 10:00:00] started',
    '{ key: 1 }',
    '{key',
    '{"a" 1',
    '{"a":1 "b"',
    '{"a":1,,',
    '{"a":1]',
    '{"a":1,}',
    '[1,]',
    ']',
    '{"a":nope,',
    '{"a":"line\nbreak',
    '{"a":"line\nbreak"}',
    '{"a":"\\x"}',
  ])('%j has none', (head) => {
    expect(firstDocument(head)).toBeUndefined();
  });

  it('may be as deep as it is long', () => {
    expect(Array.isArray(firstDocument('['.repeat(65_536)))).toBe(true);
  });

  it('is what JSON.parse says of a whole, and a part of it wherever it is cut', () => {
    fc.assert(
      fc.property(container, fc.nat(), fc.constantFrom(undefined, 1, '\r\n'), (value, cut, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(firstDocument(text)).toEqual(value);
        const part = firstDocument(text.slice(0, 1 + (cut % text.length)));
        expect(part).toBeDefined();
        expect(isPartOf(part, value), `${JSON.stringify(part)} of ${text}`).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never throws', () => {
    const pieces = fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', '\n', ' ', '1', 'a', '"a"', 'é');
    fc.assert(
      fc.property(fc.array(pieces), (text) => {
        expect(() => firstDocument(`{${text.join('')}`)).not.toThrow();
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Are all keys and elements of `part` those of `whole`, in the same order? */
function isPartOf(part: unknown, whole: unknown): boolean {
  if (typeof part !== 'object' || part === null) return Object.is(part, whole);
  if (typeof whole !== 'object' || whole === null || Array.isArray(part) !== Array.isArray(whole))
    return false;
  const known = new Map(Object.entries(whole));
  return Object.entries(part).every(([key, value]) => known.has(key) && isPartOf(value, known.get(key)));
}
