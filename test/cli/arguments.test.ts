import { expect, test } from 'vitest';
import { normaliseArguments, readBareWord } from '../../src/cli/arguments.ts';
import { REPORT_OPTIONS } from '../../src/cli/common-options.ts';
import { nearest } from '../../src/cli/nearest.ts';

const KNOWN = {
  commands: ['overview', 'latest', 'query', 'doctor', 'prices', 'waste', 'compare'],
  options: REPORT_OPTIONS,
};
const normalise = (line: string): string =>
  normaliseArguments(line.split(' ').filter(Boolean), KNOWN).join(' ');

test.each([
  ['', ''],
  ['--overview -f json', 'overview -f json'],
  ['-overview -f=json', 'overview -f json'],
  ['-f json -latest', 'latest -f json'],
  ['--latest --overview', 'overview'],
  ['--doctor -d logs', 'doctor -d logs'],
  ['-list-models', 'prices'],
  ['--update-pricing', 'prices --update-pricing'],
  ['prices --update-pricing', 'prices --update-pricing'],
  ['-d logs latest -fjson', 'latest -d logs -f json'],
  ['logs/a.jsonl -f md', 'logs/a.jsonl -f md'],
  ['-d latest', '-d latest'],
  ['--since=7d overview', 'overview --since 7d'],
  ['--demo=true', '--demo'],
  ['query -', 'query -'],
  ['query -- --overview', 'query -- --overview'],
  ['-version', '--version'],
  ['--nope', '--nope'],
  ['-test-match', 'prices'],
])('“%s” is “%s”', (given, normal) => expect(normalise(given)).toBe(normal));

test.each([
  [
    ['query', '-- slowest\nselect 1 a'],
    ['query', '--', '-- slowest\nselect 1 a'],
  ],
  [
    ['query', '-- a = b\nselect 1', '-f', 'json'],
    ['query', '-f', 'json', '--', '-- a = b\nselect 1'],
  ],
  [
    ['-f', 'json', 'query', '-1 as a'],
    ['query', '-f', 'json', '--', '-1 as a'],
  ],
  [
    ['query', '--', '--x'],
    ['query', '--', '--x'],
  ],
  [
    ['query', '--x'],
    ['query', '--x'],
  ],
  [
    ['-dmy logs', '--project=my shop'],
    ['-d', 'my logs', '--project', 'my shop'],
  ],
])('%j is %j: no flag has blanks in its name', (given, normal) =>
  expect(normaliseArguments(given, KNOWN)).toEqual(normal),
);

test.each([
  ['logs', 'folder', 'folder'],
  ['a.jsonl', 'file', 'session'],
  ['3f2a', 'nothing', 'session'],
  ['codex:019f', 'nothing', 'session'],
  ['deadbeef', 'nothing', 'session'],
  ['missing/file.jsonl', 'nothing', 'session'],
  ['overveiw', 'nothing', 'typo'],
] as const)('the bare word %s (%s) is a %s', (word, kind, meaning) =>
  expect(readBareWord(word, kind)).toBe(meaning),
);

test('finds what was meant', () => {
  expect(nearest('overveiw', ['overview', 'latest'])).toEqual(['overview']);
  expect(nearest('sesions', ['sessions', 'session_cost', 'tools'])).toEqual(['sessions']);
  expect(nearest('session', ['session_cost', 'session_health', 'session_latency', 'sessions'])[0]).toBe(
    'sessions',
  );
  expect(nearest('xyzzy', ['overview', 'latest'])).toEqual([]);
});
