/** What samples cannot show: other places and names, a database that its agent is writing, sources that tell the same twice. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import Database from 'libsql';
import { afterEach, describe, expect, test } from 'vitest';
import { opencode } from '../../adapters/opencode/adapter.ts';
import { readDatabase } from '../../adapters/opencode/read-database.ts';
import { recogniseFile } from '../../src/ingest/recognise.ts';
import { type Connection, connect } from '../../src/warehouse/connection.ts';
import { copyInto, copySample, fingerprint, load, ROOT, type Row, rowsOf, temporaryFolder } from './load.ts';

const SAMPLES = join(ROOT, 'adapters', 'opencode', 'samples');
const TREE = join(SAMPLES, 'tree', 'input', '.local', 'share', 'opencode', 'storage');
const AT = 1778000000000;

const SCHEMA = `
  create table session (id text primary key, project_id text not null, parent_id text, slug text not null,
    directory text not null, title text not null, version text not null, time_created integer, time_updated integer);
  create table message (id text primary key, session_id text, time_created integer, time_updated integer, data text);
  create table part (id text primary key, message_id text, session_id text, time_created integer, time_updated integer, data text);`;

interface Call {
  readonly id: string;
  readonly session: string;
  readonly at: number;
  readonly output: number;
  readonly isFinished?: boolean;
}

const tokens = (output: number) => ({
  total: 10 + output,
  input: 10,
  output,
  reasoning: 0,
  cache: { read: 0, write: 0 },
});

const answer = ({ at, output, isFinished = true }: Call) => ({
  role: 'assistant',
  modelID: 'claude-sonnet-4-5',
  providerID: 'anthropic',
  time: isFinished ? { created: at, completed: at + 900 } : { created: at },
  cost: 0,
  tokens: isFinished ? tokens(output) : { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } },
});

const finish = (output: number) => ({ type: 'step-finish', reason: 'stop', cost: 0, tokens: tokens(output) });

const quoted = (value: unknown): string => `'${JSON.stringify(value).replaceAll("'", "''")}'`;

const sessionSql = (id: string): string =>
  `insert into session values ('${id}', 'p1', null, 's', '/home/dev/shop', 'Fix', '1.18.0', ${AT}, ${AT});`;

function callSql(call: Call): string {
  const { id, session, at, output, isFinished = true } = call;
  const part = `insert into part values ('prt_${id}', 'msg_${id}', '${session}', ${at}, ${at}, ${quoted(finish(output))});`;
  return `
    insert into message values ('msg_${id}', '${session}', ${at}, ${at}, ${quoted(answer(call))})
      on conflict (id) do update set data = excluded.data, time_updated = excluded.time_updated + 900;
    ${isFinished ? part : ''}`;
}

function database(path: string, sql: string): string {
  mkdirSync(dirname(path), { recursive: true });
  const file = new Database(path);
  file.exec(sql);
  file.close();
  return path;
}

function file(path: string, content: unknown): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const formOf = (path: string): string | undefined => recogniseFile(path, [opencode])?.form;

const warehouse = (): Promise<Connection> => connect(join(temporaryFolder(), 'warehouse.duckdb'));

const callsIn = (connection: Connection): Promise<readonly Row[]> =>
  rowsOf(
    connection,
    `select s.native_session_id as session, c.output_tokens as output
    from v1.llm_calls c join v1.sessions s using (session_id) order by all`,
  );

async function callsOf(paths: readonly string[]): Promise<readonly Row[]> {
  const connection = await warehouse();
  try {
    await load(connection, temporaryFolder(), paths);
    return await callsIn(connection);
  } finally {
    connection.close();
  }
}

describe('recognition by content', () => {
  const folder = temporaryFolder();

  test('knows databases of both layouts under any name, and none of another agent', () => {
    expect(formOf(database(join(folder, 'a.bin'), SCHEMA))).toBe('database');
    expect(
      formOf(
        database(
          join(folder, 'b.db'),
          `create table session (id text primary key, project_id text, directory text);
          create table session_message (id text primary key, session_id text, type text, data text);`,
        ),
      ),
    ).toBe('database');
    expect(
      formOf(
        database(
          join(folder, 'c.db'),
          `create table sessions (id text, cost real, prompt_tokens integer);
          create table messages (id text, session_id text, role text, parts text);`,
        ),
      ),
    ).toBeUndefined();
    expect(
      formOf(
        database(join(folder, 'd.db'), 'create table session (id text); create table message (id text);'),
      ),
    ).toBeUndefined();
  });

  test('knows documents under any name, and none of another agent', () => {
    const session = { id: 'ses_1', projectID: 'p1', directory: '/home/dev/shop', time: { created: AT } };
    const message = { id: 'msg_1', sessionID: 'ses_1', role: 'user', time: { created: AT } };
    const part = { id: 'prt_1', messageID: 'msg_1', sessionID: 'ses_1', type: 'text', text: 'hello' };
    const forms = (documents: readonly unknown[]) =>
      documents.map((document, index) => formOf(file(join(folder, `${index}.txt`), document)));
    expect(forms([session, message, part, { info: session, messages: [] }, [message]])).toEqual([
      'session',
      'documents',
      'documents',
      'export',
      'documents',
    ]);
    expect(
      formOf(
        file(
          join(folder, 'pretty.json'),
          JSON.stringify({ info: session, messages: [{ info: message }] }, null, 2),
        ),
      ),
    ).toBe('export');
    expect(
      forms([
        { type: 'user', sessionId: 'x', uuid: 'y', message: { role: 'user', content: 'hello' } },
        [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }],
        { id: '1', role: 'user', content: 'hello', time: { created: AT } },
        { id: 'x', type: 'session', timestamp: '2026-05-05T00:00:00Z', cwd: '/home/dev' },
        { sessionId: 'x', messages: [{ id: '1', type: 'gemini', content: 'hello' }] },
        { id: 'a', type: 'text', text: 'hello' },
        { info: { id: 'x' }, messages: [] },
        'not json',
      ]),
    ).toEqual(new Array(8).fill(undefined));
  });

  test('leaves the messages and parts of a tree to its session', () => {
    expect(formOf(join(TREE, 'session', 'p1', 'ses_1.json'))).toBe('session');
    expect(formOf(join(TREE, 'message', 'ses_1', 'msg_v.json'))).toBeUndefined();
    expect(formOf(join(TREE, 'part', 'msg_v', 'prt_2.json'))).toBeUndefined();
  });
});

test('looks where the environment says', () => {
  const surroundings = { home: '/home/dev', env: {}, platform: 'linux', cwd: '/home/dev' } as const;
  const paths = (change: object) => opencode.places({ ...surroundings, ...change }).map(({ path }) => path);
  expect(paths({})).toEqual([
    '/home/dev/.local/share/opencode',
    '/home/dev/.local/share/kilo',
    '/home/dev/.local/share/mimocode',
  ]);
  expect(paths({ env: { XDG_DATA_HOME: '/data', OPENCODE_DB: 'own.db' } })).toEqual([
    '/data/opencode',
    '/data/kilo',
    '/data/mimocode',
    '/data/opencode/own.db',
  ]);
  expect(paths({ env: { OPENCODE_DB: '/elsewhere/own.db' } }).at(-1)).toBe('/elsewhere/own.db');
  expect(paths({ platform: 'win32', home: 'C:\\Users\\dev' })[0]).toBe(
    'C:\\Users\\dev\\.local\\share\\opencode',
  );
  expect(
    [
      'opencode.db',
      'opencode-local.db',
      'storage/session/p1/ses_1.json',
      'auth.json',
      'storage/part/m/p.json',
      'snapshot/x/a.db',
    ].map(opencode.formOf),
  ).toEqual(['database', 'database', 'session', undefined, undefined, undefined]);
});

describe('the same told twice', () => {
  const folder = temporaryFolder();
  const call: Call = { id: 'a', session: 'ses_1', at: AT + 1000, output: 7 };
  const info = {
    id: 'ses_1',
    projectID: 'p1',
    directory: '/home/dev/shop',
    version: '1.18.0',
    time: { created: AT, updated: AT },
  };
  const message = { id: 'msg_a', sessionID: 'ses_1', ...answer(call) };
  const part = { id: 'prt_a', sessionID: 'ses_1', messageID: 'msg_a', ...finish(7) };
  const exported = file(join(folder, 'export.json'), { info, messages: [{ info: message, parts: [part] }] });
  const live = database(join(folder, 'opencode.db'), SCHEMA + sessionSql('ses_1') + callSql(call));

  test('an export counts as its database does, and both together once', async () => {
    const once = [{ session: 'ses_1', output: 7 }];
    expect(await callsOf([exported])).toEqual(once);
    expect(await callsOf([live])).toEqual(once);
    expect(await callsOf([exported, live])).toEqual(once);
    expect(await callsOf([live, exported])).toEqual(once);
  });

  test('a message and its part, each alone in a flat folder, are one call', async () => {
    const flat = join(folder, 'flat');
    file(join(flat, 'a__message.json'), message);
    expect(await callsOf([flat])).toEqual([{ session: 'ses_1', output: 7 }]);
    file(join(flat, 'a__part.json'), part);
    file(join(flat, 'a__session.json'), info);
    expect(await callsOf([flat])).toEqual([{ session: 'ses_1', output: 7 }]);
    rmSync(join(flat, 'a__message.json'));
    expect(await callsOf([flat])).toEqual([{ session: 'ses_1', output: 7 }]);
  });

  test('a tree given as a folder counts as at home', async () => {
    const copy = join(folder, 'copied');
    copyInto(TREE, copy);
    expect(await callsOf([copy])).toEqual([{ session: 'ses_1', output: 50 }]);
  });
});

/** Another process that has a database open in WAL mode, as a running agent has it. */
interface Writer {
  readonly write: (sql: string) => Promise<void>;
  readonly end: () => void;
}

const WRITER = `
  const Database = require(process.argv[1]);
  const database = new Database(process.argv[2]);
  database.exec('pragma journal_mode = wal; pragma wal_autocheckpoint = 0');
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    database.exec(JSON.parse(line));
    console.log('done');
  });`;

const writers: ChildProcess[] = [];

function writerOf(path: string): Writer {
  mkdirSync(dirname(path), { recursive: true });
  const child = spawn(
    process.execPath,
    ['-e', WRITER, createRequire(import.meta.url).resolve('libsql'), path],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  writers.push(child);
  const lines: Interface = createInterface({ input: child.stdout });
  const answers = lines[Symbol.asyncIterator]();
  return {
    write: async (sql) => {
      child.stdin.write(`${JSON.stringify(sql)}\n`);
      expect((await answers.next()).value).toBe('done');
    },
    end: () => child.kill('SIGKILL'),
  };
}

afterEach(() => {
  for (const child of writers.splice(0)) child.kill('SIGKILL');
});

const bytesOf = (path: string): readonly string[] =>
  ['', '-wal', '-shm'].map((end) =>
    createHash('sha256')
      .update(readFileSync(path + end))
      .digest('hex'),
  );

test('a part that is written over in a tree is read again', async () => {
  const home = temporaryFolder();
  const root = join(home, '.local', 'share', 'opencode', 'storage');
  const tool = (status: string): void => {
    const state = { status, input: {}, output: '', time: { start: AT + 10, end: AT + 20 } };
    const part = {
      id: 'prt_1',
      messageID: 'msg_a',
      sessionID: 'ses_1',
      type: 'tool',
      callID: 'c1',
      tool: 'bash',
      state,
    };
    file(join(root, 'part', 'msg_a', 'prt_1.json'), part);
  };
  const told = {
    id: 'ses_1',
    projectID: 'p1',
    directory: '/home/dev/shop',
    version: '1.0.0',
    time: { created: AT },
  };
  file(join(root, 'session', 'p1', 'ses_1.json'), told);
  const call = { id: 'msg_a', session: 'ses_1', at: AT, output: 1 };
  file(join(root, 'message', 'ses_1', 'msg_a.json'), { ...answer(call), id: 'msg_a', sessionID: 'ses_1' });
  file(join(root, 'message', 'ses_1', 'msg_b.json'), {
    id: 'msg_b',
    sessionID: 'ses_1',
    role: 'user',
    time: { created: AT + 15 },
  });
  const statuses = (connection: Connection) => rowsOf(connection, 'select status from v1.tool_calls');
  const connection = await warehouse();
  try {
    tool('error');
    await load(connection, home);
    expect(await statuses(connection)).toEqual([{ status: 'failed' }]);
    tool('completed');
    await load(connection, home);
    expect(await statuses(connection)).toEqual([{ status: 'ok' }]);
  } finally {
    connection.close();
  }
});

describe('the database of a running agent', () => {
  test('is read with its write-ahead log, left as it is, and gone on from', async () => {
    const home = temporaryFolder();
    const path = join(home, '.local', 'share', 'opencode', 'opencode.db');
    const writer = writerOf(path);
    const connection = await warehouse();
    const loadUntouched = async (): Promise<readonly Row[]> => {
      const before = [...fingerprint(home), ...bytesOf(path)];
      await load(connection, home);
      expect([...fingerprint(home), ...bytesOf(path)]).toEqual(before);
      return callsIn(connection);
    };
    try {
      await writer.write(
        SCHEMA + sessionSql('ses_1') + callSql({ id: 'a', session: 'ses_1', at: AT + 1000, output: 1 }),
      );
      const first = [{ session: 'ses_1', output: 1 }];
      expect(await loadUntouched()).toEqual(first);
      expect(await loadUntouched()).toEqual(first);

      const begun: Call = { id: 'b', session: 'ses_1', at: AT + 200_000, output: 2, isFinished: false };
      await writer.write(callSql(begun));
      expect(await loadUntouched()).toEqual(first);

      await writer.write(callSql({ ...begun, isFinished: true }));
      await writer.write(
        sessionSql('ses_2') + callSql({ id: 'c', session: 'ses_2', at: AT + 300_000, output: 3 }),
      );
      const all = [...first, { session: 'ses_1', output: 2 }, { session: 'ses_2', output: 3 }];
      expect(await loadUntouched()).toEqual(all);

      await writer.write(
        "delete from part where session_id = 'ses_2'; delete from message where session_id = 'ses_2'",
      );
      expect(await loadUntouched()).toEqual(all);

      const fresh = await warehouse();
      await load(fresh, home);
      expect(await callsIn(fresh)).toEqual(all.slice(0, 2));
      fresh.close();
    } finally {
      connection.close();
      writer.end();
    }
  });

  test('only sessions that were written since are read again', () => {
    const path = database(
      join(temporaryFolder(), 'opencode.db'),
      SCHEMA + sessionSql('ses_1') + callSql({ id: 'a', session: 'ses_1', at: AT, output: 1 }),
    );
    const linesSince = (mark?: string): { readonly lines: readonly number[]; readonly mark: string } => {
      const reading = readDatabase(mark === undefined ? { path } : { path, mark });
      const lines: number[] = [];
      for (;;) {
        const next = reading.next();
        if (next.done === true) return { lines, mark: next.value ?? '' };
        lines.push(next.value.lineNo);
      }
    };
    const first = linesSince();
    database(path, sessionSql('ses_2') + callSql({ id: 'b', session: 'ses_2', at: AT + 500_000, output: 2 }));
    const second = linesSince(first.mark);
    const later = linesSince(second.mark);
    database(path, "delete from message where id = 'msg_b'; vacuum");
    expect([first.lines, second.lines, later.lines, linesSince(later.mark).lines]).toEqual([
      [1],
      [1, 2],
      [2],
      [1],
    ]);
  });

  test('a session that moves to the second table counts once', async () => {
    const home = temporaryFolder();
    const path = join(home, '.local', 'share', 'opencode', 'opencode.db');
    const connection = await warehouse();
    try {
      const call: Call = { id: 'a', session: 'ses_1', at: AT + 1000, output: 1 };
      database(path, SCHEMA + sessionSql('ses_1') + callSql(call));
      await load(connection, home);
      const row = (id: string, at: number): string => {
        const data = {
          model: { id: 'claude-sonnet-4-5', providerID: 'anthropic' },
          content: [],
          tokens: tokens(5),
          cost: 0,
          time: { created: at, completed: at + 1 },
        };
        return `insert into session_message values ('${id}', 'ses_1', 'assistant', ${at}, ${at}, ${quoted(data)});`;
      };
      database(
        path,
        `create table session_message (id text primary key, session_id text, type text, time_created integer, time_updated integer, data text);
        ${row('msg_x', AT + 1000)} ${row('msg_y', AT + 2000)}`,
      );
      await load(connection, home);
      expect(await callsIn(connection)).toEqual([
        { session: 'ses_1', output: 5 },
        { session: 'ses_1', output: 5 },
      ]);
    } finally {
      connection.close();
    }
  });

  test('a fork made between two loads is told from its original', async () => {
    const home = temporaryFolder();
    const whole = temporaryFolder();
    copySample(join(SAMPLES, 'forked', 'input'), whole);
    const source = new Database(join(whole, '.local/share/opencode/opencode.db'));
    const copyRows = (where: string): string =>
      ['session', 'message', 'part']
        .flatMap((table) =>
          (
            source
              .prepare(`select * from ${table} where ${table === 'session' ? 'id' : 'session_id'} ${where}`)
              .raw()
              .all() as unknown[][]
          ).map(
            (row) =>
              `insert into ${table} values (${row.map((cell) => (typeof cell === 'string' ? `'${cell.replaceAll("'", "''")}'` : String(cell))).join(', ')});`,
          ),
        )
        .join('\n');
    const path = join(home, '.local', 'share', 'opencode', 'opencode.db');
    const connection = await warehouse();
    try {
      database(path, SCHEMA + copyRows("= 'ses_orig'"));
      await load(connection, home);
      database(path, copyRows("= 'ses_fork'"));
      await load(connection, home);
      expect(await callsIn(connection)).toEqual([
        { session: 'ses_fork', output: 6 },
        { session: 'ses_orig', output: 20 },
      ]);
    } finally {
      connection.close();
      source.close();
    }
  });
});
