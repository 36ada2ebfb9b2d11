/** Zed's threads while Zed is running: a thread is written anew with each message, and read so. */
import { copyFileSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'libsql';
import { expect, test } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { recogniseFile } from '../../src/ingest/recognise.ts';
import { connect } from '../../src/warehouse/connection.ts';
import {
  differences,
  dump,
  load,
  newWarehouse,
  ROOT,
  rowsOf,
  temporaryFolder,
  withLoads,
  withoutSources,
} from './load.ts';

const TABLE =
  'create table threads (id text primary key, summary text, updated_at text, data_type text, data blob)';

test('a running Zed is read as it goes on', async () => {
  const home = temporaryFolder();
  const path = join(home, '.local/share/zed/threads/threads.db');
  mkdirSync(dirname(path), { recursive: true });
  const running = new Database(path);
  running.pragma('journal_mode = wal');
  running.exec(TABLE);
  const save = (id: string, prompts: number): void => {
    const ids = Array.from({ length: prompts }, (_, index) => `u-${index}`);
    const thread = {
      version: '0.3.0',
      model: { provider: 'anthropic', model: 'claude-sonnet-4-5' },
      messages: ids.map((user) => ({ User: { id: user, content: [{ Text: 'go' }] } })),
      request_token_usage: Object.fromEntries(ids.map((user) => [user, { output_tokens: 2 }])),
    };
    running
      .prepare(
        `insert into threads values (?, '', ?, 'json', ?)
        on conflict(id) do update set updated_at = excluded.updated_at, data = excluded.data`,
      )
      .run(id, `2026-06-01T08:00:0${prompts}+00:00`, JSON.stringify(thread));
  };
  const connection = await connect(join(temporaryFolder(), 'warehouse.duckdb'));
  const told = async () => {
    const state = () =>
      ['', '-wal'].map((suffix) => [
        statSync(path + suffix).mtimeMs,
        readFileSync(path + suffix).toString('hex'),
      ]);
    const before = state();
    await load(connection, home);
    expect(state()).toEqual(before);
    return rowsOf(
      connection,
      `select native_session_id as id, turn_count as turns, output_tokens as output from v1.sessions order by id`,
    );
  };
  save('th-b', 1);
  expect(await told()).toEqual([{ id: 'th-b', turns: 1, output: 2 }]);
  save('th-b', 3);
  save('th-a', 2);
  const all = [
    { id: 'th-a', turns: 2, output: 4 },
    { id: 'th-b', turns: 3, output: 6 },
  ];
  expect(await told()).toEqual(all);
  running.exec(`delete from threads where id = 'th-a'`);
  expect(await told()).toEqual(all);
  running.close();
  connection.close();
});

test('threads are told alike however often they were read, and once where the database was copied', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'threads.db');
  const database = new Database(path);
  database.exec(TABLE.replace('data blob', 'data blob, created_at text'));
  const save = (id: string, created: number, updated: number): void => {
    const thread = {
      version: '0.3.0',
      model: { provider: 'anthropic', model: 'claude-sonnet-4-5' },
      messages: [{ User: { id: `${id}-u`, content: [{ Text: 'go' }] } }],
    };
    const time = (minute: number): string => `2026-06-01T08:0${minute}:00+00:00`;
    database
      .prepare(`insert or replace into threads values (?, '', ?, 'json', ?, ?)`)
      .run(id, time(updated), JSON.stringify(thread), time(created));
  };
  const connection = await newWarehouse();
  try {
    for (const [id, created, updated] of [
      ['th-b', 0, 0],
      ['th-a', 1, 1],
      ['th-b', 0, 5],
    ] as const) {
      save(id, created, updated);
      await load(connection, temporaryFolder(), [folder]);
    }
    const whole = await withLoads(temporaryFolder(), [[folder]], dump);
    expect(differences(withoutSources(whole), withoutSources(await dump(connection)))).toEqual([]);
    copyFileSync(path, join(folder, 'copy.db'));
    await load(connection, temporaryFolder(), [folder]);
    expect(await rowsOf(connection, 'select count(*) as event_count from v1.events')).toEqual([
      { event_count: 6 },
    ]);
  } finally {
    database.close();
    connection.close();
  }
});

test('is known by its table, and looked for where each platform has it', () => {
  const path = join(temporaryFolder(), 'any.sqlite');
  const database = new Database(path);
  database.exec(TABLE);
  database.close();
  expect(recogniseFile(path, adapters)?.adapter.id).toBe('zed');
  const zed = adapters.find(({ id }) => id === 'zed');
  const first = (platform: NodeJS.Platform, env = {}): string | undefined =>
    zed?.places({ home: '/home/dev', env, platform, cwd: ROOT })[0]?.path;
  expect(first('linux')).toBe('/home/dev/.local/share/zed/threads');
  expect(first('darwin')).toBe('/home/dev/Library/Application Support/Zed/threads');
  expect(first('win32', { LOCALAPPDATA: 'C:\\L' })).toBe('C:\\L\\Zed\\threads');
});
