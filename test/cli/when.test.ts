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

test('a timestamp without a time zone is read in that of the report', () => {
  expect(when('2026-01-31T18:00:00')).toBe('2026-01-31T18:00:00.000Z');
  expect(when('2026-01-31T18:00', '--since', 'Asia/Kolkata')).toBe('2026-01-31T12:30:00.000Z');
  expect(when('2026-03-29 12:00:00.5', '--until', 'Europe/Berlin')).toBe('2026-03-29T10:00:00.500Z');
});

test('what lies outside of the years of four digits is no bound', () => {
  for (const zone of ['UTC', 'Asia/Kolkata', 'America/New_York']) {
    expect(when('9999-12-31', '--until', zone)).toMatch(/^9999-12-31T/);
    expect(when('9999-12-31T23:00:00-14:00', '--until', zone)).toBe('9999-12-31T23:59:59.999Z');
    for (const text of ['999999d', '99999999999999999999w', '0001-01-01'])
      expect(when(text, '--since', zone)).toMatch(/^0001-01-01T/);
  }
  expect(when('0050-06-01')).toBe('0050-06-01T00:00:00.000Z');
});

test.each(['yesterday', '2026-02-30', '7', '-3d', '2026-1-1', '2026-01-31T', '2026-01-31T25:00', ''])(
  '“%s” is refused',
  (text) => {
    expect(() => when(text)).toThrow(/does not understand/);
  },
);
