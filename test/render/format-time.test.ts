import { describe, expect, it } from 'vitest';
import { formatInstant } from '../../src/render/format-time.ts';

describe('an instant', () => {
  it.each([
    ['UTC', false, '2026-01-31 18:04'],
    ['UTC', true, '2026-01-31 18:04:05.25'],
    ['Asia/Kathmandu', false, '2026-01-31 23:49'],
    ['America/New_York', true, '2026-01-31 13:04:05.25'],
  ])('is what the clock shows in %s', (timeZone, isPrecise, shown) => {
    expect(formatInstant('2026-01-31T18:04:05.250Z', { timeZone, isPrecise })).toBe(shown);
  });

  it('stays as it is where it is none', () => {
    expect(formatInstant('soon', { timeZone: 'UTC', isPrecise: false })).toBe('soon');
  });

  it('is the same in UTC as in a zone that never differs from it, in any year', () => {
    for (let year = 1; year < 30_000; year += 97) {
      const iso = new Date(
        Date.UTC(2000, year % 12, year % 28, year % 24, year % 60, year % 60, year % 1000),
      );
      iso.setUTCFullYear(year);
      const shown = ['UTC', 'Etc/UTC'].map((timeZone) =>
        formatInstant(iso.toISOString(), { timeZone, isPrecise: true }),
      );
      expect(shown[0]).toBe(shown[1]);
    }
  });
});
