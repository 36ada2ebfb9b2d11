/** A view that says something else says so by its version. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { publicViews } from '../../src/catalog/contract.ts';
import { ROOT } from '../adapters/load.ts';
import { isAccepting } from '../docs/pages.ts';
import { judgeView, type Records, takeRecords, type ViewRecord } from './view-record.ts';

const FILE = join(ROOT, 'test', 'views', 'view-versions.json');

const ADVICE = {
  raise: 'it says something else than before: raise its @version',
  lowered: 'its @version went down',
  unclear: 'its rules and the logs changed together: accept one of them alone first, or raise its @version',
  news: 'npm run accept records it',
  same: '',
} as const;

test('a view whose rows or columns changed has a higher version', async () => {
  const records = await takeRecords();
  const recorded = (
    existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : { inputs: '', rules: '', views: {} }
  ) as Records;
  const isSameInput = recorded.inputs === records.inputs;
  const isSameRules = recorded.rules === records.rules;
  const judged = publicViews().map(({ name }) => {
    const now = records.views[name] as ViewRecord;
    return { name, judgement: judgeView(recorded.views[name], { now, isSameInput, isSameRules }) };
  });
  const gone = Object.keys(recorded.views).filter((name) => !(name in records.views));
  const faults = judged.filter(({ judgement }) => ['raise', 'lowered', 'unclear'].includes(judgement));
  const say = (list: typeof judged): readonly string[] =>
    list.map(({ name, judgement }) => `${name}: ${ADVICE[judgement]}`);
  expect([...say(faults), ...gone.map((name) => `${name}: a view of the contract went away`)]).toEqual([]);
  if (isAccepting) writeFileSync(FILE, `${JSON.stringify(records, null, 2)}\n`);
  else {
    expect(say(judged.filter(({ judgement }) => judgement === 'news'))).toEqual([]);
    expect(isSameInput, 'the fixtures changed: npm run accept records what the views say of them').toBe(true);
  }
});

describe('judgeView', () => {
  const before: ViewRecord = { version: 2, columns: 'c', rows: 'r', sql: 's' };
  const same = { isSameInput: true, isSameRules: true };
  const judge = (change: Partial<ViewRecord>, places: Partial<typeof same> = {}) =>
    judgeView(before, { now: { ...before, ...change }, ...same, ...places });

  test('asks for a higher version when rows or columns change', () => {
    expect(judge({ rows: 'other' })).toBe('raise');
    expect(judge({ rows: 'other', sql: 'other' }, { isSameRules: false })).toBe('raise');
    expect(judge({ columns: 'other' }, { isSameInput: false })).toBe('raise');
    expect(judge({ rows: 'other', version: 3 })).toBe('news');
  });

  test('takes other rows of other logs as they are, unless the rules changed as well', () => {
    expect(judge({ rows: 'other' }, { isSameInput: false })).toBe('news');
    expect(judge({ rows: 'other', sql: 'other' }, { isSameInput: false })).toBe('unclear');
    expect(judge({ rows: 'other' }, { isSameInput: false, isSameRules: false })).toBe('unclear');
  });

  test('lets SQL be written anew that says the same', () => {
    expect(judge({ sql: 'other' }, { isSameRules: false })).toBe('same');
    expect(judge({})).toBe('same');
  });

  test('lets no version go down', () => {
    expect(judge({ version: 1 })).toBe('lowered');
    expect(judgeView(undefined, { now: before, ...same })).toBe('news');
  });
});
