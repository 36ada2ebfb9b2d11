import { expect, test } from 'vitest';
import { formatCell } from '../../src/render/format-cell.ts';
import { unitOf } from '../../src/render/units.ts';
import { style } from './style.ts';

test.each([
  ['health_mean', 98.19130434782609, '98.2'],
  ['health_change', -19.33333333333333, '-19.3'],
  ['health_change', 12, '12'],
  ['health_margin', 1.2148905684455884, '1.2'],
  ['output_per_second', 51.324880937584936, '51.3'],
])('%s %d has one decimal', (name, value, text) => {
  expect(formatCell(value, { name, type: 'DOUBLE' }, style())).toBe(text);
});

test('a mean of scores is a score, what it changed by is none', () => {
  expect(unitOf({ name: 'health_mean', type: 'DOUBLE' })).toBe('score');
  expect(unitOf({ name: 'health_change', type: 'DOUBLE' })).toBe('points');
});
