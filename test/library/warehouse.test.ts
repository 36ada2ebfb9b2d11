/** The library over the example home: load, query, Arrow, reports, and what ends or refuses them. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import {
  type LoadProgress,
  openWarehouse,
  type Parameters,
  type Warehouse,
  type WarehouseOptions,
} from '../../src/index.ts';
import { viewRows } from '../../src/views.ts';
import { FIXTURE_HOME, filesBelow, temporaryFolder } from '../adapters/load.ts';

const folder = temporaryFolder();
const home = join(folder, 'home');
const file = join(folder, 'warehouse.duckdb');
const progress: LoadProgress[] = [];
let warehouse: Warehouse;

beforeAll(async () => {
  cpSync(FIXTURE_HOME, home, { recursive: true });
  warehouse = await openWarehouse({ file });
  await warehouse.load({ directories: [home], onProgress: (now) => void progress.push(now) });
}, 60_000);
afterAll(() => warehouse.close());

const total = async (): Promise<unknown> =>
  (await warehouse.query('select count(*) as calls, sum(cost_usd) as cost_usd from llm_calls'))[0];

describe('load', () => {
  test('tells how far it is, and a second one that nothing changed', async () => {
    const [read] = progress.filter(({ phase }) => phase === 'reading').slice(-1);
    expect(read).toMatchObject({ fileCount: filesBelow(home).length });
    expect(read?.phase === 'reading' && read.bytesDone > 0 && read.bytesDone === read.bytesTotal).toBe(true);
    const stored = progress.flatMap((now) => (now.phase === 'storing' ? [now.doneRatio] : []));
    expect(stored).toEqual(stored.toSorted((a, b) => a - b));
    expect(stored.at(-1)).toBeGreaterThanOrEqual(0.9);
    const again = await warehouse.load({ directories: [home] });
    expect(again).toMatchObject({ newCount: 0, grownCount: 0, bytesRead: 0, unreadable: [] });
    expect(again.unchangedCount).toBe(again.sourceCount);
  });

  test('ended by its signal or by its callback, leaves the warehouse as it was', async () => {
    const before = await total();
    const other = join(folder, 'other');
    cpSync(join(FIXTURE_HOME, '.codex'), join(other, '.codex'), { recursive: true });
    for (const path of filesBelow(other)) {
      writeFileSync(path, readFileSync(path, 'utf8').replaceAll('01a1', '02b2'));
    }
    const reason = new Error('changed my mind');
    const controller = new AbortController();
    const ended = warehouse.load({
      directories: [other],
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    });
    await expect(ended).rejects.toBe(reason);
    await expect(warehouse.load({ directories: [other], signal: controller.signal })).rejects.toBe(reason);
    const thrown = new Error('thrown');
    const failed = warehouse.load({
      directories: [other],
      onProgress: () => {
        throw thrown;
      },
    });
    await expect(failed).rejects.toBe(thrown);
    expect(await total()).toEqual(before);
  });

  test('says which folder is not there', async () => {
    await expect(warehouse.load({ directories: [join(folder, 'gone')] })).rejects.toMatchObject({
      code: 'no_input',
      source: join(folder, 'gone'),
    });
  });
});

describe('query', () => {
  test('keeps every digit, and numbers names that come again', async () => {
    const sql = `
      select
          9223372036854775807 as big, cast(1 as decimal(18, 9)) / 1 as ratio, cast(0.1 as decimal(18, 9)) as cost_usd,
          timestamptz '2026-01-02 03:04:05.678901+00' as at, date '2026-01-02' as day_on, null as nothing,
          [1, null] as list, {'a': 1.5, 'b': 'x'} as struct, 1 as id, 2 as id, true as is_it`;
    expect(await warehouse.query(sql)).toEqual([
      {
        big: 9223372036854775807n,
        ratio: 1,
        cost_usd: '0.100000000',
        at: '2026-01-02T03:04:05.678901Z',
        day_on: '2026-01-02',
        nothing: null,
        list: [1, null],
        struct: { a: '1.5', b: 'x' },
        id: 1,
        id_1: 2,
        is_it: true,
      },
    ]);
  });

  test('takes parameters of every kind', async () => {
    const sql = `
      select count(*) as call_count
      from llm_calls
      where started_at >= $since and model = $model and total_tokens > $tokens and cost_usd >= $cost`;
    const parameters = { since: new Date('2026-11-10'), model: 'gpt-5.5', tokens: 10n, cost: '0.000001' };
    const [row] = await warehouse.query(sql, { parameters });
    expect(Number(row?.call_count)).toBeGreaterThan(0);
    await expect(warehouse.query(sql)).rejects.toMatchObject({ code: 'bad_sql' });
  });

  test('types rows by the schema of a view, or a part of it, and says which does not fit', async () => {
    const sessions = await warehouse.query('from sessions', { row: viewRows.sessions });
    expect(sessions.length).toBeGreaterThan(10);
    const total: bigint = sessions.reduce((sum, { total_tokens }) => sum + (total_tokens ?? 0n), 0n);
    expect(total).toBeGreaterThan(0n);
    const part = viewRows.sessions.pick({ session_id: true });
    const ids = await warehouse.query('select session_id from sessions', { row: part });
    expect(ids.map(({ session_id: id }) => id).sort()).toEqual(
      sessions.map(({ session_id: id }) => id).sort(),
    );
    const wrong = warehouse.query('select session_id, 1 as n from sessions', {
      row: z.object({ n: z.string() }),
    });
    await expect(wrong).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringMatching(/^Row 1 .*n: /),
    });
  });

  test.each([
    `select * from read_text('${import.meta.filename}')`,
    `copy (select 1) to '${folder}/out.csv'`,
    'drop view v1.sessions',
    'set enable_external_access = true',
    'select 1; select 2',
    'create temp table x as select 1',
    'select * from nothing_of_the_kind',
  ])('refuses %s', async (sql) => {
    await expect(warehouse.query(sql)).rejects.toMatchObject({ name: 'AgenttraceError', code: 'bad_sql' });
    expect(existsSync(join(folder, 'out.csv'))).toBe(false);
  });

  test('stops for its signal and when its time is up', async () => {
    const endless = 'select count(*) from range(100000000000) as a, range(100000000) as b';
    await expect(warehouse.query(endless, { timeoutMs: 100 })).rejects.toMatchObject({ code: 'failed' });
    const signal = AbortSignal.timeout(100);
    const ended: unknown = await warehouse.query(endless, { signal }).catch((error: unknown) => error);
    expect(signal.aborted).toBe(true);
    expect(ended).toBe(signal.reason);
    await expect(warehouse.query('select 1', { signal })).rejects.toBe(signal.reason);
  });

  test('counts days where the options say', async () => {
    const tokyo = await openWarehouse({ file, timeZone: 'Asia/Tokyo' });
    const sql = `select cast(timestamptz '2026-01-01 20:00:00+00' as date) as day_on`;
    expect(await tokyo.query(sql)).toEqual([{ day_on: '2026-01-02' }]);
    expect(await warehouse.query(sql)).toEqual([{ day_on: '2026-01-01' }]);
    await tokyo.close();
  });
});

test.each([{ timeZone: 'Mars/Base' }, { timeZone: '' }, { timeZone: '+02:00' }, { costMode: 'cheap' }])(
  'an option that is none is refused when it is given: %o',
  async (options) => {
    await expect(openWarehouse({ file, ...options } as WarehouseOptions)).rejects.toMatchObject({
      name: 'AgenttraceError',
      code: 'usage',
    });
  },
);

test.each([
  ['', {}, 'There is no SQL statement.'],
  ['-- nothing', {}, 'There is no SQL statement.'],
  ['select $x', {}, 'The parameter $x has no value.'],
  ['select $x', { x: undefined }, 'The parameter $x has no value.'],
  ['select 1', { x: 1 }, 'The SQL has no parameter $x.'],
])('says what is wrong with %o and %o', async (sql, parameters, message) => {
  await expect(warehouse.query(sql, { parameters: parameters as Parameters })).rejects.toMatchObject({
    name: 'AgenttraceError',
    message,
  });
});

test('Arrow holds the same rows', async () => {
  const sql = 'select session_id, cost_usd, total_tokens from sessions order by session_id';
  const table = tableFromIPC(await warehouse.queryArrow(sql));
  const rows = await warehouse.query(sql, {
    row: viewRows.sessions.pick({ session_id: true, total_tokens: true }),
  });
  expect(table.numRows).toBe(rows.length);
  expect([...(table.getChild('session_id') ?? [])]).toEqual(rows.map((row) => row.session_id));
  expect([...(table.getChild('total_tokens') ?? [])]).toEqual(rows.map((row) => row.total_tokens));
});

describe('reports', () => {
  test('run by name, with parameters, and agree with the views', async () => {
    const { title, columns, rows } = await warehouse.report('models', { parameters: { agent: 'codex' } });
    expect(title).toBe('Cost by model');
    expect(columns[0]).toMatchObject({ name: 'model', label: 'Model', type: 'VARCHAR' });
    const counted = await warehouse.query(`
      select model, count(*) as llm_call_count from llm_calls where agent = 'codex' group by model order by model`);
    const told = rows.map(({ model, llm_call_count }) => ({ model, llm_call_count }));
    expect(told.toSorted((a, b) => (String(a.model) < String(b.model) ? -1 : 1))).toEqual(counted);
    const [page] = (await warehouse.report('overview')).rows;
    expect(page).toMatchObject({ summary: { total_sessions: expect.anything() } });
  });

  test('come from folders, too, and say what is wrong', async () => {
    const reports = join(folder, 'reports');
    mkdirSync(reports);
    writeFileSync(
      join(reports, 'mine.sql'),
      '-- M.\n-- @title Mine\n-- @param n bigint 1 N.\nselect $n as n',
    );
    writeFileSync(join(reports, 'wrong.sql'), 'select nothing from sessions');
    const mine = await warehouse.report('mine', { folders: [reports], parameters: { n: 7 } });
    expect(mine).toMatchObject({ title: 'Mine', rows: [{ n: 7n }] });
    const names = (await warehouse.reports({ folders: [reports] })).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['mine', 'wrong', 'daily']));
    await expect(warehouse.report('wrong', { folders: [reports] })).rejects.toMatchObject({
      code: 'bad_sql',
      source: join(reports, 'wrong.sql'),
    });
    await expect(warehouse.report('mine')).rejects.toMatchObject({ code: 'usage' });
    await expect(warehouse.report('models', { parameters: { nonsense: 1 } })).rejects.toMatchObject({
      code: 'usage',
    });
  });
});

test('calls side by side are answered one after another, a load among them', async () => {
  const twin = await openWarehouse({ file });
  const answers = await Promise.all([
    total(),
    warehouse.load({ directories: [home] }),
    total(),
    twin.query('select count(*) as calls, sum(cost_usd) as cost_usd from llm_calls').then(([row]) => row),
  ]);
  expect(answers[2]).toEqual(answers[0]);
  expect(answers[3]).toEqual(answers[0]);
  await twin.close();
});

test('a warehouse for the time being is gone when it is closed', async () => {
  const brief = await openWarehouse({ file: ':memory:' });
  await expect(brief.query('select 1')).rejects.toMatchObject({ code: 'no_input' });
  await brief.load({ directories: [join(home, '.codex')] });
  const running = brief.query('select count(*) as n from sessions');
  await brief.close();
  expect((await running)[0]?.n).toBeGreaterThan(0n);
  expect(existsSync(dirname(brief.file))).toBe(false);
  await expect(brief.query('select 1')).rejects.toMatchObject({ code: 'usage' });
  await brief.close();
});
