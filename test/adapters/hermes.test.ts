/** Hermes Agent: databases that are being written, what comes again, and whose a file is. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, test } from 'vitest';
import { hermes } from '../../adapters/hermes/adapter.ts';
import { databaseTables } from '../../src/read/sqlite.ts';
import { type Connection, connect } from '../../src/warehouse/connection.ts';
import {
  copySample,
  differences,
  dump,
  filesBelow,
  fingerprint,
  load,
  ROOT,
  rowsOf,
  temporaryFolder,
  withHome,
  withoutSources,
} from './load.ts';

const sampleOf = (name: string): string => join(ROOT, 'adapters', 'hermes', 'samples', name, 'input');

function homeOf(name: string): string {
  const home = temporaryFolder();
  copySample(sampleOf(name), home);
  return home;
}

async function withWarehouse(use: (connection: Connection) => Promise<void>): Promise<void> {
  const connection = await connect(join(temporaryFolder(), 'warehouse.duckdb'));
  try {
    await use(connection);
  } finally {
    connection.close();
  }
}

const BEGUN_AT = 1778468400;

/** Writes as the agent does, and stays open. */
function openAgent(path: string) {
  const database = new Database(path);
  database.exec('pragma journal_mode = wal');
  const add = (table: string, row: Readonly<Record<string, unknown>>): void => {
    const names = Object.keys(row);
    database
      .prepare(
        `insert or replace into ${table} (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`,
      )
      .run(Object.values(row));
  };
  return {
    session: (id: string, row: Readonly<Record<string, unknown>> = {}) =>
      add('sessions', { id, source: 'cli', started_at: BEGUN_AT, ...row }),
    message: (session: string, second: number, role: string, content: string, row = {}) =>
      add('messages', { session_id: session, role, content, timestamp: BEGUN_AT + second, ...row }),
    usage: (session: string, calls: number, output: number) =>
      add('session_model_usage', {
        session_id: session,
        model: 'm',
        api_call_count: calls,
        output_tokens: output,
        last_seen: BEGUN_AT + calls,
      }),
    run: (sql: string) => database.exec(sql),
    close: () => database.close(),
  };
}

const facts = (connection: Connection) =>
  rowsOf(
    connection,
    `select native_session_id as id, turn_count, llm_call_count, api_call_count, output_tokens, tool_call_count
    from v1.sessions order by id`,
  );

const fact = (id: string, turns: number, calls: number, output: number) => ({
  id,
  turn_count: turns,
  llm_call_count: 1,
  api_call_count: calls,
  output_tokens: output,
  tool_call_count: 0,
});

/** Both ways of coming to the same state have to tell the same. */
async function expectAsWhole(home: string, connection: Connection): Promise<void> {
  const whole = await withHome(home, dump);
  const parts = await dump(connection);
  expect(differences(withoutSources(whole), withoutSources(parts))).toEqual([]);
}

test('a database is read while its agent writes, and is left as it is', async () => {
  const home = homeOf('compacted-in-place');
  const folder = join(home, '.hermes', 'profiles', 'work');
  const agent = openAgent(join(folder, 'state.db'));
  try {
    await withWarehouse(async (connection) => {
      agent.session('live');
      agent.message('live', 1, 'user', 'one');
      agent.usage('live', 1, 10);
      const before = fingerprint(folder);
      await load(connection, home);
      expect(fingerprint(folder)).toEqual(before);
      expect((await facts(connection)).filter(({ id }) => id === 'live')).toEqual([fact('live', 1, 1, 10)]);

      agent.message('live', 5, 'assistant', 'answer');
      agent.message('live', 9, 'user', 'two');
      agent.usage('live', 3, 25);
      const grown = fingerprint(folder);
      await load(connection, home);
      await load(connection, home);
      expect(fingerprint(folder)).toEqual(grown);
      expect((await facts(connection)).filter(({ id }) => id === 'live')).toEqual([fact('live', 2, 3, 25)]);
      await expectAsWhole(home, connection);
    });
  } finally {
    agent.close();
  }
});

test('only sessions that changed are read again', async () => {
  const home = homeOf('minimal');
  const path = join(home, '.hermes', 'state.db');
  const read = hermes.forms.state?.read;
  const take = (mark?: string) => {
    const records: unknown[] = [];
    const items = read?.({ path, ...(mark === undefined ? {} : { mark }) });
    for (let next = items?.next(); next !== undefined; next = items?.next()) {
      if (next.done === true) return { records, mark: next.value };
      if ('json' in next.value) records.push(JSON.parse(String(next.value.json)));
    }
    return { records, mark: undefined };
  };
  const first = take();
  expect(first.records).toHaveLength(5);
  expect(take(first.mark).records).toEqual([]);
  const agent = openAgent(path);
  agent.session('next');
  agent.message('next', 20, 'user', 'hello');
  const second = take(first.mark);
  expect(second.records).toEqual([
    expect.objectContaining({ kind: 'session', session: 'next' }),
    expect.objectContaining({ kind: 'message', session: 'next', role: 'user' }),
  ]);
  agent.usage('next', 1, 5);
  agent.close();
  expect(take(second.mark).records).toHaveLength(2);
});

test('messages that are written anew under other ids replace the old ones; a deleted session stays', async () => {
  const home = homeOf('minimal');
  const agent = openAgent(join(home, '.hermes', 'state.db'));
  try {
    await withWarehouse(async (connection) => {
      agent.session('kept');
      agent.usage('kept', 1, 5);
      await load(connection, home);
      agent.message('kept', 1, 'user', 'one');
      agent.message('kept', 2, 'user', 'two');
      await load(connection, home);
      expect((await facts(connection)).at(-1)).toEqual(fact('kept', 2, 1, 5));
      agent.run(`delete from messages where session_id = 'kept'`);
      agent.message('kept', 3, 'user', 'one');
      agent.message('kept', 4, 'user', 'three');
      agent.message('kept', 5, 'user', 'four');
      await load(connection, home);
      expect((await facts(connection)).at(-1)).toEqual(fact('kept', 3, 1, 5));
      await expectAsWhole(home, connection);

      agent.run(`delete from messages where session_id = 'kept'; delete from sessions where id = 'kept'`);
      await load(connection, home);
      expect((await facts(connection)).at(-1)).toEqual(fact('kept', 3, 1, 5));
    });
  } finally {
    agent.close();
  }
});

test('a lineage that grows session by session is told as when it is read at once', async () => {
  const home = homeOf('lineage');
  const path = join(home, '.hermes', 'state.db');
  const [script = ''] = filesBelow(sampleOf('lineage')).map((file) => readFileSync(file, 'utf8'));
  const statements = script.split(/;\n/).filter((statement) => statement.trim() !== '');
  const database = new Database(path);
  for (const table of ['messages', 'sessions', 'session_model_usage']) database.exec(`delete from ${table}`);
  database.exec(`delete from sqlite_sequence`);
  try {
    await withWarehouse(async (connection) => {
      for (const [index, statement] of statements.filter((text) => text.startsWith('INSERT')).entries()) {
        database.exec(statement);
        if (index % 5 === 4) await load(connection, home);
      }
      await load(connection, home);
      await expectAsWhole(home, connection);
    });
  } finally {
    database.close();
  }
});

test('without a database that can be read the transcript counts', async () => {
  const home = homeOf('minimal');
  writeFileSync(join(home, '.hermes', 'state.db'), Buffer.alloc(8192));
  await withHome(home, async (connection) => {
    expect(await rowsOf(connection, 'select turn_count, llm_call_count from v1.sessions')).toEqual([
      { turn_count: 2, llm_call_count: 0 },
    ]);
  });
});

test('its files are known by content, and others are not its own', () => {
  const claimed = (path: string) =>
    hermes.recognise({
      text: readFileSync(path).subarray(0, 65_536).toString('utf8'),
      path,
      tables: () => databaseTables(path),
    });
  const home = homeOf('minimal');
  expect(filesBelow(home).map(claimed).sort()).toEqual(['snapshot', 'state', 'transcript']);
  const folder = temporaryFolder();
  const stranger = join(folder, 'state.db');
  const database = new Database(stranger);
  database.exec(
    'create table sessions (id text, model text); create table messages (session_id text, role text)',
  );
  database.close();
  expect(claimed(stranger)).toBeUndefined();
  for (const [name, text] of [
    ['a.jsonl', '{"role":"user","content":"hi"}\n'],
    ['b.json', '{"session_id":"x","schema_version":1,"messages":[]}'],
    ['c.json', '[]'],
  ] as const) {
    writeFileSync(join(folder, name), text);
    expect(claimed(join(folder, name)), name).toBeUndefined();
  }
});

test('places: profiles and sessions, and no other folder', () => {
  const [place] = hermes.places({ home: '/home/dev', env: {}, platform: 'linux', cwd: '/' });
  expect(place?.path).toBe('/home/dev/.hermes');
  const entered = [
    'sessions',
    'profiles',
    'profiles/work',
    'profiles/work/sessions',
    'skills',
    'profiles/work/logs',
  ];
  expect(entered.filter((folder) => place?.enters?.(folder))).toEqual(entered.slice(0, 4));
  expect(
    ['state.db', 'profiles/a/state.db', 'sessions/a.jsonl', 'sessions/sessions.json', 'auth.json'].map(
      hermes.formOf,
    ),
  ).toEqual(['state', 'state', 'transcript', undefined, undefined]);
  const env = { HERMES_HOME: 'D:\\h' };
  expect(hermes.places({ home: 'C:\\Users\\dev', env, platform: 'win32', cwd: '/' })[0]?.path).toBe('D:\\h');
});
