/** Goose's database while Goose is running: what is new is read, what was read stays, and nothing is changed. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'libsql';
import { expect, test } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { recogniseFile } from '../../src/ingest/recognise.ts';
import { type Connection, connect } from '../../src/warehouse/connection.ts';
import { load, ROOT, rowsOf, temporaryFolder, withLoads } from './load.ts';

const TABLES = `create table sessions (id text primary key, working_dir text, updated_at text, accumulated_input_tokens integer,
    accumulated_output_tokens integer);
  create table messages (id integer primary key autoincrement, session_id text, role text, content_json text, created_timestamp integer);`;
const LEDGER = `create table usage_ledger (id integer primary key autoincrement, session_id text, created_timestamp integer, model text,
    input_tokens integer, output_tokens integer, total_tokens integer);`;

test('a running Goose is read as it goes on', async () => {
  const home = temporaryFolder();
  const path = join(home, '.local/share/goose/sessions/sessions.db');
  mkdirSync(dirname(path), { recursive: true });
  const running = new Database(path);
  running.pragma('journal_mode = wal');
  running.exec(TABLES);
  const say = (session: string, role: string, second: number, text = `text ${second}`): void => {
    running
      .prepare('insert into messages (session_id, role, content_json, created_timestamp) values (?, ?, ?, ?)')
      .run(session, role, JSON.stringify([{ type: 'text', text }]), 1780300800 + second);
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
      `select native_session_id as id, turn_count as turns, llm_call_count as calls, output_tokens as output
      from v1.sessions order by id`,
    );
  };
  running.exec(`insert into sessions values ('s-1', '/home/dev/proj', '2026-06-01 08:00:02', 100, 10)`);
  say('s-1', 'user', 1);
  say('s-1', 'assistant', 2);
  expect(await told()).toEqual([{ id: 's-1', turns: 1, calls: 1, output: 10 }]);
  // The sums grow with the session, and are not added up.
  running.exec(
    `update sessions set updated_at = '2026-06-01 08:00:04', accumulated_output_tokens = 30 where id = 's-1'`,
  );
  say('s-1', 'user', 3);
  running.exec(`insert into sessions values ('s-2', '/home/dev/proj', '2026-06-01 08:00:05', null, null)`);
  say('s-2', 'user', 5);
  expect(await told()).toEqual([
    { id: 's-1', turns: 2, calls: 1, output: 30 },
    { id: 's-2', turns: 1, calls: 0, output: null },
  ]);
  // A compaction writes a conversation anew, under new numbers.
  running.exec(`delete from messages where session_id = 's-1'`);
  say('s-1', 'user', 1);
  say('s-1', 'assistant', 2);
  say('s-1', 'user', 3);
  say('s-1', 'user', 6, 'a new one');
  // An update brings the ledger: its calls take the place of the sums.
  running.exec(`${LEDGER} insert into usage_ledger values (1, 's-1', 1780300806, 'gpt-5', 50, 4, 54)`);
  expect(await told()).toEqual([
    { id: 's-1', turns: 3, calls: 1, output: 4 },
    { id: 's-2', turns: 1, calls: 0, output: null },
  ]);
  expect(await told()).toHaveLength(2);
  running.close();
  connection.close();
});

test('messages whose session is gone are told all the same', async () => {
  const path = join(temporaryFolder(), 'sessions.db');
  const database = new Database(path);
  database.exec(`${TABLES}
    insert into sessions values ('s-1', '/home/dev/proj', '2026-06-01 08:00:02', 100, 10);
    insert into messages values (1, 's-2', 'user', '[{"type":"text","text":"go"}]', 1780300801);`);
  database.close();
  const sessions = (connection: Connection) =>
    rowsOf(connection, 'select native_session_id as id, turn_count as turns from v1.sessions order by id');
  expect(await withLoads(temporaryFolder(), [[path]], sessions)).toContainEqual({ id: 's-2', turns: 1 });
});

test('is known by its content', () => {
  const folder = temporaryFolder();
  const ownerOf = (name: string, text: string): string | undefined => {
    writeFileSync(join(folder, name), text);
    return recogniseFile(join(folder, name), adapters)?.adapter.id;
  };
  const database = new Database(join(folder, 'any.db'));
  database.exec(TABLES);
  database.close();
  expect(recogniseFile(join(folder, 'any.db'), adapters)?.adapter.id).toBe('goose');
  const message = { role: 'user', created: 1756713601, content: [{ type: 'text', text: 'hi' }] };
  expect(ownerOf('a.jsonl', JSON.stringify(message))).toBe('goose');
  expect(ownerOf('b.jsonl', '{"working_dir":"/","description":"","message_count":0}')).toBe('goose');
  expect(ownerOf('c.jsonl', JSON.stringify({ ...message, sessionId: 's' }))).not.toBe('goose');
  expect(ownerOf('d.jsonl', '{"role":"user","content":[{"type":"text","text":"hi"}]}')).not.toBe('goose');
});

test('places follow the platform and the environment', () => {
  const goose = adapters.find(({ id }) => id === 'goose');
  const places = (platform: NodeJS.Platform, env = {}): readonly string[] | undefined =>
    goose?.places({ home: '/home/dev', env, platform, cwd: ROOT }).map(({ path }) => path);
  expect(places('linux', { GOOSE_PATH_ROOT: '/srv/goose' })).toEqual(['/srv/goose/data/sessions']);
  expect(places('darwin')).toContain('/home/dev/Library/Application Support/goose/sessions');
  expect(places('win32', { APPDATA: 'C:\\R' })).toEqual(['C:\\R\\Block\\goose\\data\\sessions']);
});
