import { describe, expect, test } from 'vitest';
import {
  compactNumber,
  formatBytes,
  formatDuration,
  formatRatio,
  formatUsd,
  groupDigits,
  roundDigits,
} from '../../src/render/format-number.ts';

test.each([
  ['0', '0'],
  ['999', '999'],
  ['1000', '1,000'],
  ['-1234567', '-1,234,567'],
  ['170141183460469231731687303715884105727', '170,141,183,460,469,231,731,687,303,715,884,105,727'],
  ['1234.5678', '1,234.5678'],
])('groups %s as %s', (digits, text) => expect(groupDigits(digits)).toBe(text));

test.each([
  ['1.005', 2, '1.01'],
  ['-1.005', 2, '-1.01'],
  ['-0.001', 2, '0.00'],
  ['99.995', 2, '100.00'],
  ['2.5', 0, '3'],
  ['12', 2, '12.00'],
  ['123456789012345678.123456789', 2, '123456789012345678.12'],
])('rounds %s to %i places', (digits, places, text) => expect(roundDigits(digits, places)).toBe(text));

test.each([
  [0n, '0'],
  [950n, '950'],
  [1_000n, '1.0k'],
  [12_345n, '12.3k'],
  [999_949n, '1.0M'],
  [123_456n, '123k'],
  [1_234_567n, '1.2M'],
  [9_876_543_210n, '9.9B'],
  [-4_200n, '-4.2k'],
])('shortens %s to %s', (value, text) => expect(compactNumber(value)).toBe(text));

test.each([
  ['0.000000000', '$0.00'],
  ['0.002500000', '$0.0025'],
  ['0.000012345', '<$0.0001'],
  ['0.709', '$0.7090'],
  ['1.875', '$1.875'],
  ['12.344999999', '$12.34'],
  ['12.345000001', '$12.35'],
  ['1234567.891234567', '$1,234,567.89'],
  ['-3.5', '-$3.50'],
])('writes %s USD as %s', (digits, text) => expect(formatUsd(digits)).toBe(text));

test.each([
  [0, '0%'],
  [0.0001, '<0.1%'],
  [0.123456, '12.3%'],
  [0.04, '4.0%'],
  [0.99999, '99.9%'],
  [1, '100%'],
])('writes the share %d as %s', (ratio, text) => expect(formatRatio(ratio)).toBe(text));

test.each([
  [0n, '0 ms'],
  [999n, '999 ms'],
  [1_000n, '1.0 s'],
  [9_949n, '9.9 s'],
  [9_950n, '10 s'],
  [59_499n, '59 s'],
  [59_500n, '1m 00s'],
  [200_000n, '3m 20s'],
  [3_599_500n, '1h 00m'],
  [9_600_000n, '2h 40m'],
  [86_399_999n, '1d 0h'],
  [273_600_000n, '3d 4h'],
  [-1_500n, '-1.5 s'],
])('writes %s ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

describe('sizes', () => {
  test.each([
    [0n, '0 B'],
    [999n, '999 B'],
    [1_000n, '1.0 kB'],
    [441_000_000n, '441 MB'],
    [999_950_000n, '1.0 GB'],
  ])('writes %s as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});
