/** What samples cannot show: the list of projects, other agents' databases, a database that grows. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'libsql';
import { expect, test } from 'vitest';
import { crush } from '../../adapters/crush/adapter.ts';
import { recogniseFile } from '../../src/ingest/recognise.ts';
import { connect } from '../../src/warehouse/connection.ts';
import { copySample, fingerprint, load, ROOT, rowsOf, temporaryFolder } from './load.ts';

function sampleDatabase(): string {
  const folder = temporaryFolder();
  copySample(join(ROOT, 'adapters', 'crush', 'samples', 'minimal', 'input'), folder);
  return join(folder, '.crush', 'crush.db');
}

test('finds the database of every project in the list, and of the folder it is called in', () => {
  const home = temporaryFolder();
  const data = join(home, '.local', 'share', 'crush');
  mkdirSync(data, { recursive: true });
  const projects = [
    { path: '/home/dev/shop', data_dir: '.crush' },
    { path: '/home/dev/site', data_dir: '/var/crush/site' },
    { path: '/home/dev/old' },
    { path: 5 },
  ];
  writeFileSync(join(data, 'projects.json'), JSON.stringify({ projects }));
  const surroundings = { home, env: {}, platform: 'linux', cwd: '/home/dev/here' } as const;
  expect(crush.places(surroundings).map(({ path }) => path)).toEqual([
    data,
    '/home/dev/shop/.crush/crush.db',
    '/var/crush/site/crush.db',
    '/home/dev/old/.crush/crush.db',
    '/home/dev/here/.crush/crush.db',
  ]);
  writeFileSync(join(data, 'projects.json'), '{"projects":[');
  expect(crush.places(surroundings)).toHaveLength(2);
  expect(
    crush
      .places({ home: 'C:\\Users\\dev', env: {}, platform: 'win32', cwd: 'C:\\shop' })
      .map(({ path }) => path),
  ).toEqual(['C:\\Users\\dev\\AppData\\Local\\crush', 'C:\\shop\\.crush\\crush.db']);
});

test('knows its database under any name, and none of another agent', () => {
  const renamed = join(temporaryFolder(), 'backup');
  copyFileSync(sampleDatabase(), renamed);
  expect(recogniseFile(renamed, [crush])?.form).toBe('database');
  const other = join(dirname(renamed), 'other.db');
  const database = new Database(other);
  database.exec(
    'create table sessions (id text, cost real); create table messages (id text, session_id text)',
  );
  database.close();
  expect(recogniseFile(other, [crush])).toBeUndefined();
});

test('goes on where it ended: a growing cost replaces the old one', async () => {
  const path = sampleDatabase();
  const folder = dirname(path);
  const connection = await connect(join(temporaryFolder(), 'warehouse.duckdb'));
  const costs = () =>
    rowsOf(
      connection,
      `select s.native_session_id as session, s.turn_count as turns, c.reported_cost_usd as cost
      from v1.llm_calls c join v1.sessions s using (session_id) order by all`,
    );
  try {
    await load(connection, temporaryFolder(), [path]);
    const untouched = fingerprint(folder);
    await load(connection, temporaryFolder(), [path]);
    expect(fingerprint(folder)).toEqual(untouched);
    expect(await costs()).toEqual([
      { session: 's1', turns: 1, cost: 0.42 },
      { session: 's2', turns: 1, cost: null },
    ]);
    const database = new Database(path);
    // A newer Crush adds a column: the model that a router chose.
    database.exec(`
      alter table messages add column prism_model_id text;
      update messages set prism_model_id = 'claude-opus-4-5', updated_at = 1778009999 where session_id = 's1' and role = 'assistant';
      update sessions set cost = 0.5, updated_at = 1778009999 where id = 's1';
      insert into messages values ('m9', 's1', 'user', '[{"type":"text","data":{"text":"more"}}]', null, 1778009999, 1778009999, null, null, 0, null);`);
    database.close();
    await load(connection, temporaryFolder(), [path]);
    expect(await costs()).toEqual([
      { session: 's1', turns: 2, cost: 0.5 },
      { session: 's2', turns: 1, cost: null },
    ]);
    expect(
      await rowsOf(
        connection,
        "select distinct model_raw from v1.llm_calls c join v1.sessions s using (session_id) where native_session_id = 's1'",
      ),
    ).toEqual([{ model_raw: 'claude-opus-4-5' }]);
  } finally {
    connection.close();
  }
});
