/** Cursor's databases: what is never read, what a running editor writes meanwhile, and what strangers look like. */
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'libsql';
import { describe, expect, test } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { recogniseFile } from '../../src/ingest/recognise.ts';
import { connect } from '../../src/warehouse/connection.ts';
import { load, onlyValue, plain, ROOT, rowsOf, temporaryFolder } from './load.ts';

const TABLES = `create table ItemTable (key text unique on conflict replace, value blob);
  create table cursorDiskKV (key text unique on conflict replace, value blob);`;
const SECRET = 'secret-of-an-account-41';

function stateOf(home: string): string {
  const path = join(home, '.config/Cursor/User/globalStorage/state.vscdb');
  mkdirSync(dirname(path), { recursive: true });
  return path;
}

const composer = (id: string, bubbles: readonly string[], updated = 1): string =>
  JSON.stringify({
    composerId: id,
    createdAt: 1780300800000,
    lastUpdatedAt: 1780300800000 + updated,
    fullConversationHeadersOnly: bubbles.map((bubbleId) => ({ bubbleId })),
  });

const prompt = (id: string, second: number): string =>
  JSON.stringify({ bubbleId: id, type: 1, text: 'go', createdAt: 1780300800000 + second * 1000 });

const answer = (id: string, tokens: number): string =>
  JSON.stringify({
    bubbleId: id,
    type: 2,
    text: 'on',
    createdAt: 1780300830000,
    tokenCount: { inputTokens: tokens, outputTokens: tokens },
  });

const told = `select list([s.native_session_id, s.turn_count::varchar, s.llm_call_count::varchar] order by s.native_session_id)
  from v1.sessions s`;

describe('a state database', () => {
  test('keys other than those of conversations are never asked for', async () => {
    const home = temporaryFolder();
    const path = stateOf(home);
    const database = new Database(path);
    database.exec(TABLES);
    const put = database.prepare('insert into ItemTable values (?, ?)');
    const isSecret = [
      'cursorAuth/accessToken',
      'cursorAuth/refreshToken',
      'composer.composerDataX',
      'secret://a',
    ];
    for (const key of isSecret) put.run(key, JSON.stringify({ composerId: SECRET, allComposers: SECRET }));
    const putDisk = database.prepare('insert into cursorDiskKV values (?, ?)');
    putDisk.run('composerData:c-1', composer('c-1', ['m-1']));
    putDisk.run('bubbleId:c-1:m-1', prompt('m-1', 1));
    for (const key of ['agentKv:blob:1', 'bubbleIdX:c-1:m-2', 'composerDataX:c-2', 'checkpointId:c-1:1'])
      putDisk.run(key, JSON.stringify({ composerId: SECRET, bubbleId: SECRET, text: SECRET, type: 1 }));
    database.close();
    const file = join(temporaryFolder(), 'warehouse.duckdb');
    const connection = await connect(file);
    await load(connection, home);
    expect(await onlyValue(connection, told)).toEqual([['c-1', '1', '0']]);
    const tables = await rowsOf(
      connection,
      `select schema_name || '.' || table_name as name from duckdb_tables() where schema_name in ('raw', 'mart')`,
    );
    for (const { name } of tables) {
      const found = `select count(*) from ${String(name)} as t where t::varchar like '%${SECRET}%'`;
      expect(await onlyValue(connection, found), String(name)).toBe(0);
    }
    connection.close();
    expect(readFileSync(file).includes(SECRET)).toBe(false);
  });

  test('what a running editor writes is read, and nothing is changed', async () => {
    const home = temporaryFolder();
    const path = stateOf(home);
    const editor = new Database(path);
    editor.pragma('journal_mode = wal');
    editor.pragma('wal_autocheckpoint = 0');
    editor.exec(TABLES);
    const put = editor.prepare('insert into cursorDiskKV values (?, ?)');
    put.run('composerData:c-1', composer('c-1', ['m-1']));
    put.run('bubbleId:c-1:m-1', prompt('m-1', 1));
    const untouched = () =>
      ['', '-wal'].map(
        (suffix) => `${statSync(path + suffix).mtimeMs} ${readFileSync(path + suffix).length}`,
      );
    const connection = await connect(join(temporaryFolder(), 'warehouse.duckdb'));
    const told1 = async () => {
      const before = untouched();
      await load(connection, home);
      expect(untouched()).toEqual(before);
      return plain((await connection.query(told)).rows[0]?.[0] ?? null);
    };
    expect(await told1()).toEqual([['c-1', '1', '0']]);
    // A conversation goes on; another begins before it in the order of keys.
    put.run('bubbleId:c-1:m-2', answer('m-2', 0));
    put.run('composerData:c-1', composer('c-1', ['m-1', 'm-2'], 2));
    put.run('bubbleId:a-1:m-1', prompt('m-1', 2));
    put.run('composerData:a-1', composer('a-1', ['m-1']));
    expect(await told1()).toEqual([
      ['a-1', '1', '0'],
      ['c-1', '1', '0'],
    ]);
    // A message is written again, with its tokens, and nothing else.
    put.run('bubbleId:c-1:m-2', answer('m-2', 7));
    expect(await told1()).toEqual([
      ['a-1', '1', '0'],
      ['c-1', '1', '1'],
    ]);
    // A build that updates in place changes no rowid, but says when.
    editor
      .prepare('update cursorDiskKV set value = ? where key = ?')
      .run(answer('m-2', 9), 'bubbleId:c-1:m-2');
    editor
      .prepare('update cursorDiskKV set value = ? where key = ?')
      .run(composer('c-1', ['m-1', 'm-2'], 3), 'composerData:c-1');
    await told1();
    expect(await onlyValue(connection, 'select sum(output_tokens)::bigint from v1.llm_calls')).toBe(9);
    // What was deleted stays told; rowids that begin anew are noticed.
    editor.exec('delete from cursorDiskKV');
    put.run('bubbleId:d-1:m-1', prompt('m-1', 3));
    expect(await told1()).toEqual([
      ['a-1', '1', '0'],
      ['c-1', '1', '1'],
      ['d-1', '1', '0'],
    ]);
    editor.close();
    connection.close();
  });

  test('is known by its content, and so are transcripts and exports', () => {
    const folder = temporaryFolder();
    const formOf = (name: string, text: string): string | undefined => {
      const path = join(folder, name);
      writeFileSync(path, text);
      const found = recogniseFile(path, adapters);
      return found?.adapter.id === 'cursor' ? found.form : undefined;
    };
    const databaseForm = (name: string, sql: string): string | undefined => {
      const path = join(folder, name);
      const database = new Database(path);
      database.exec(sql);
      database.close();
      return recogniseFile(path, adapters)?.form;
    };
    expect(databaseForm('a.db', TABLES)).toBe('state');
    expect(
      databaseForm('b.db', `create table ItemTable (key, value); insert into ItemTable values ('x', 1);`),
    ).toBeUndefined();
    expect(
      databaseForm(
        'c.db',
        `create table ItemTable (key, value); insert into ItemTable values ('composer.composerData', '{}');`,
      ),
    ).toBe('state');
    const line = { role: 'user', message: { content: [{ type: 'text', text: 'hi' }] } };
    expect(formOf('d.jsonl', JSON.stringify(line))).toBe('transcript');
    expect(formOf('e.jsonl', JSON.stringify({ ...line, type: 'user' }))).toBeUndefined();
    expect(formOf('f.jsonl', '{"role":"user","content":"hi"}')).toBeUndefined();
    expect(formOf('g.txt', 'user:\n<user_query>\nhi\n</user_query>\n\nassistant:\nyes\n')).toBe('text');
    expect(formOf('h.txt', 'user:\nhi\nassistant:\nyes\n')).toBeUndefined();
    expect(formOf('i.json', '{"usageEvents":[{"timestamp":"1","model":"m"}]}')).toBe('usage_json');
    const header =
      'Date,Kind,Model,Max Mode,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output Tokens,Total Tokens,Cost';
    expect(formOf('j.csv', `${header}\n`)).toBe('usage_csv');
    expect(formOf('k.csv', 'Date,Model,Cost\n')).toBeUndefined();
  });
});

test('exports of billed requests are usage without conversations, and two of them overlap', async () => {
  const folder = temporaryFolder();
  const csv = join(folder, 'usage.csv');
  writeFileSync(
    csv,
    [
      'Date,Kind,Model,Max Mode,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output Tokens,Total Tokens,Cost',
      '"2026-06-01T08:00:00.000Z","Included","claude-4.5-sonnet","No","100","20","3,000","50","3170","Included"',
      '"2026-06-01T09:00:00.000Z","On-Demand","gpt-5","No","0","10","0","5","15","$0.25"',
      'cut',
    ].join('\n'),
  );
  copyFileSync(csv, join(folder, 'again.csv'));
  const json = join(folder, 'events.json');
  writeFileSync(
    json,
    JSON.stringify({
      usageEvents: [
        {
          timestamp: '1780311600000',
          userEmail: 'dev@example.com',
          model: 'default',
          chargedCents: 2.5,
          tokenUsage: { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 },
        },
      ],
    }),
  );
  const connection = await connect(join(temporaryFolder(), 'warehouse.duckdb'));
  await load(connection, temporaryFolder(), [csv, join(folder, 'again.csv'), json]);
  const rows = await rowsOf(
    connection,
    `select model_raw, uncached_input_tokens as input, cache_read_tokens as read, cache_write_5m_tokens as write,
      output_tokens as output, reported_cost_usd as cost
    from v1.llm_calls order by started_at`,
  );
  expect(rows).toEqual([
    { model_raw: 'claude-4.5-sonnet', input: 20, read: 3000, write: 100, output: 50, cost: null },
    { model_raw: 'gpt-5', input: 10, read: 0, write: 0, output: 5, cost: 0.25 },
    { model_raw: null, input: 1, read: 3, write: 4, output: 2, cost: 0.025 },
  ]);
  connection.close();
});

test('places follow the platform', () => {
  const cursor = adapters.find(({ id }) => id === 'cursor');
  const first = (platform: NodeJS.Platform, env = {}): string | undefined =>
    cursor?.places({ home: '/home/dev', env, platform, cwd: ROOT })[0]?.path;
  expect(first('linux')).toBe('/home/dev/.config/Cursor/User');
  expect(first('darwin')).toBe('/home/dev/Library/Application Support/Cursor/User');
  expect(first('win32', { APPDATA: 'C:\\Users\\dev\\AppData\\Roaming' })).toBe(
    'C:\\Users\\dev\\AppData\\Roaming\\Cursor\\User',
  );
});

test('a conversation that is listed before it is kept, or after, counts by what is kept', async () => {
  const list = `insert into ItemTable values ('composer.composerHeaders', '{"allComposers":[{"composerId":"c-1"}]}')`;
  const keep = `insert into cursorDiskKV values ('composerData:c-1', '${composer('c-1', ['m-1', 'm-2'])}'),
    ('bubbleId:c-1:m-1', '${prompt('m-1', 1)}'), ('bubbleId:c-1:m-2', '${answer('m-2', 7)}')`;
  for (const steps of [
    [list, keep],
    [keep, list],
  ]) {
    const home = temporaryFolder();
    const database = new Database(stateOf(home));
    database.exec(TABLES);
    const connection = await connect(join(temporaryFolder(), 'warehouse.duckdb'));
    for (const step of steps) {
      database.exec(step);
      await load(connection, home);
    }
    database.close();
    expect(await onlyValue(connection, told)).toEqual([['c-1', '1', '1']]);
    connection.close();
  }
});

describe('a message that stands in several conversations', () => {
  const SHARED = '11111111-1111-4111-8111-111111111111';
  const rows = (id: string, second: number, origin?: string): readonly [string, string][] => [
    [
      `composerData:${id}`,
      JSON.stringify({
        ...JSON.parse(composer(id, [SHARED, `own-${id}`], second)),
        createdFromComposerId: origin,
      }),
    ],
    [`bubbleId:${id}:${SHARED}`, answer(SHARED, 7)],
    [`bubbleId:${id}:own-${id}`, prompt(`own-${id}`, second)],
  ];
  const conversations = {
    origin: rows('origin', 40),
    a: rows('a', 50, 'origin'),
    z: rows('z', 60, 'origin'),
    aa: rows('aa', 70, 'z'),
  };

  type Name = keyof typeof conversations;
  const loads: readonly [Name, readonly (readonly Name[])[]][] = [
    ['origin', [['origin', 'a']]],
    ['origin', [['origin'], ['a']]],
    ['origin', [['a'], ['origin']]],
    ['origin', [['z'], ['aa'], ['origin']]],
    ['a', [['z'], ['a']]],
    ['z', [['aa'], ['z']]],
  ];
  test.each(loads)('is of %s, loaded as %j', async (owner, stages) => {
    const home = temporaryFolder();
    const database = new Database(stateOf(home));
    database.exec(TABLES);
    const put = database.prepare('insert into cursorDiskKV values (?, ?)');
    const connection = await connect(join(temporaryFolder(), 'warehouse.duckdb'));
    for (const stage of stages) {
      for (const row of stage.flatMap((name) => conversations[name])) put.run(...row);
      await load(connection, home);
    }
    database.close();
    const owners = `select session_id from v1.llm_calls
      union all select session_id from v1.events where event_type = 'assistant'`;
    expect(await rowsOf(connection, owners)).toEqual(Array(2).fill({ session_id: `cursor:${owner}` }));
    connection.close();
  });
});
