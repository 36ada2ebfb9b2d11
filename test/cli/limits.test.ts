/** Lists that end at their report's own limit say so, and no others. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../adapters/load.ts';
import { callCli } from './call-cli.ts';
import { EXAMPLE, makeWarehouse, type Ran, runCli } from './run-cli.ts';

let warehouse: Awaited<ReturnType<typeof makeWarehouse>>;
beforeAll(async () => {
  warehouse = await makeWarehouse();
}, 60_000);
afterAll(() => warehouse.remove());

const folder = temporaryFolder();
mkdirSync(join(folder, 'agenttrace', 'reports'), { recursive: true });
writeFileSync(
  join(folder, 'agenttrace', 'reports', 'newest.sql'),
  `-- The newest sessions, oldest first.
-- @param limit bigint 3 Only the last sessions, so many.
with newest as (select session_id, started_at from sessions order by started_at desc limit $limit)
select session_id from newest order by started_at
`,
);

const call = (...words: readonly string[]): Promise<Ran> =>
  callCli([...words, '--warehouse', warehouse.file, '--no-refresh'], { env: { XDG_CONFIG_HOME: folder } });

/** The example home has eighteen sessions, and `compare` shows fifteen. */
const FIRST = 'note: These are the first 15; there may be more: --limit N shows them.\n';
const LAST = 'note: These are the last 3; there may be more: --limit N shows them.\n';

test.each(['table', 'json', 'jsonl', 'csv', 'markdown', 'html', 'parquet', 'arrow'])(
  'a list that may go on says so beside the answer: %s',
  async (format) => {
    const short = await call('compare', '-f', format);
    expect(short.err).toBe(FIRST);
    expect((await call('report', 'newest', '-f', format)).err).toContain(LAST);
    const same = await call('compare', '-f', format, '--limit', '15');
    expect(same.err).toBe('');
    if (format !== 'parquet') expect(short.stdout.equals(same.stdout)).toBe(true);
  },
);

test('nothing is said where a number was asked for, the list ends before, or notes are not wanted', async () => {
  for (const words of [
    ['compare', '--limit', '2'],
    ['compare', '--param', 'limit=15'],
    ['compare', '--quiet'],
    ['compare', '--project', 'storefront'],
    ['sessions'],
    ['overview'],
  ])
    expect([words, (await call(...words)).err]).toEqual([words, '']);
});

test('a kept answer says it, too', async () => {
  const home = join(folder, 'home');
  cpSync(EXAMPLE, home, { recursive: true });
  const ask = (): Promise<Ran> =>
    runCli(['compare', '-f', 'json'], {
      env: { HOME: home, AGENTTRACE_WAREHOUSE: join(folder, 'w.duckdb') },
    });
  const first = await ask();
  expect(first.err).toContain(FIRST);
  expect(await ask()).toMatchObject({ err: FIRST, out: first.out });
});
