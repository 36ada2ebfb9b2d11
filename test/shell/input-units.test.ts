import { expect, test } from 'vitest';
import { type InputUnit, readUnits, splitWords } from '../../src/cli/shell/input-units.ts';

const unitsOf = (...lines: readonly string[]): readonly InputUnit[] => {
  const input = readUnits();
  return [...lines.flatMap((line) => input.add(line)), ...input.end()];
};

test('statements take lines, and several stand on one', () => {
  expect(unitsOf('select 1,', '  2; select 3;', '', 'select 4')).toEqual([
    { kind: 'statement', sql: 'select 1,\n  2' },
    { kind: 'statement', sql: 'select 3' },
    { kind: 'statement', sql: 'select 4' },
  ]);
});

test('a backslash begins a command, but not inside of a statement', () => {
  expect(unitsOf('\\r tools --since 7d;', 'select', '\\d', ';')).toEqual([
    { kind: 'command', name: 'r', words: ['tools', '--since', '7d'] },
    { kind: 'statement', sql: 'select\n\\d' },
  ]);
});

test('words that end other shells end this one', () => {
  expect(
    unitsOf('exit;', 'QUIT', 'help').map((unit) => (unit.kind === 'command' ? unit.name : unit)),
  ).toEqual(['q', 'q', '?']);
});

test('words in quotes hold together', () => {
  expect(splitWords(`a "b c" --param x='y z'w ""`)).toEqual(['a', 'b c', '--param', 'x=y zw', '']);
});
