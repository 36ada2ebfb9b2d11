import fc from 'fast-check';
import { expect, test } from 'vitest';
import { divideHalfUp, formatDecimal, parseDecimal } from '../../src/prices/decimal.ts';

test.each([
  ['3e-7', 15, 300_000_000n],
  ['0.0000003', 15, 300_000_000n],
  ['3.625e-9', 15, 3_625_000n],
  ['1.5000999999999998e-7', 15, 150_010_000n],
  ['1.5e-16', 15, 0n],
  ['5e-16', 15, 1n],
  ['-1', 2, -100n],
  ['.5', 1, 5n],
  ['5.', 1, 50n],
  ['', 1, null],
  ['.', 1, null],
  ['1,5', 1, null],
  ['NaN', 1, null],
  ['0x10', 1, null],
  ['1e9999', 1, null],
])('reads %s at %i places', (text, places, units) => {
  expect(parseDecimal(text, places)).toBe(units);
});

test('reads a number by its shortest form, without binary dust', () => {
  expect(parseDecimal(3e-7, 15)).toBe(300_000_000n);
  expect(parseDecimal(0.1 + 0.2, 9)).toBe(300_000_000n);
});

test('writes the shortest form, and reads it back', () => {
  expect(formatDecimal(300_000_000n, 9)).toBe('0.3');
  expect(formatDecimal(3_000_000_000n, 9)).toBe('3');
  expect(formatDecimal(0n, 9)).toBe('0');
  expect(formatDecimal(-5n, 1)).toBe('-0.5');
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), (units) => {
      expect(parseDecimal(formatDecimal(units, 9), 9)).toBe(units);
    }),
  );
});

test('rounds a half up', () => {
  expect(divideHalfUp(4n, 10n)).toBe(0n);
  expect(divideHalfUp(5n, 10n)).toBe(1n);
  expect(divideHalfUp(14n, 10n)).toBe(1n);
});
