import { expect, test } from 'vitest';
import { parseWhen } from '../../src/cli/when.ts';

const now = new Date('2026-03-31T12:00:00Z');
const when = (text: string, flag: '--since' | '--until' = '--since', timeZone = 'UTC'): string =>
  parseWhen({ text, flag, now, timeZone }).toISOString();

test.each([
  ['7d', '2026-03-24T12:00:00.000Z'],
  ['24h', '2026-03-30T12:00:00.000Z'],
  ['2w', '2026-03-17T12:00:00.000Z'],
  ['2026-01-31', '2026-01-31T00:00:00.000Z'],
  ['2026-01-31T18:00:00+02:00', '2026-01-31T16:00:00.000Z'],
])('--since %s is %s', (text, instant) => expect(when(text)).toBe(instant));

test('--until holds the whole day that it names', () => {
  expect(when('2026-01-31', '--until')).toBe('2026-02-01T00:00:00.000Z');
});

test('a day begins at midnight of the time zone, also when clocks change', () => {
  expect(when('2026-01-31', '--since', 'Asia/Kolkata')).toBe('2026-01-30T18:30:00.000Z');
  expect(when('2026-03-29', '--since', 'Europe/Berlin')).toBe('2026-03-28T23:00:00.000Z');
  expect(when('2026-03-29', '--until', 'Europe/Berlin')).toBe('2026-03-29T22:00:00.000Z');
});

test.each(['yesterday', '2026-02-30', '7', '-3d', '2026-1-1', ''])('“%s” is refused', (text) => {
  expect(() => when(text)).toThrow(/does not understand/);
});
