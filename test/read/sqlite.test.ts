import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type Database from 'libsql';
import { afterEach, describe, expect, it } from 'vitest';
import { jsonText } from '../../src/read/json-text.ts';
import { copyPrivately } from '../../src/read/private-copy.ts';
import { databaseCompanions, databaseTables, openDatabase } from '../../src/read/sqlite.ts';
import { temporaryFolder } from '../adapters/load.ts';

const libsql = createRequire(import.meta.url)('libsql') as typeof Database;
const WRITER = fileURLToPath(new URL('./sqlite-writer.mjs', import.meta.url));

interface Writer {
  readonly run: (sql: string) => Promise<readonly (readonly unknown[])[]>;
  readonly kill: () => Promise<void>;
}

const children = new Set<ChildProcess>();
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

async function startWriter(path: string): Promise<Writer> {
  const child = fork(WRITER, { execArgv: [] });
  children.add(child);
  const ask = (message: object): Promise<readonly (readonly unknown[])[]> =>
    new Promise((resolve, reject) => {
      child.once('message', (answer: { rows: readonly unknown[][]; error?: string }) =>
        answer.error === undefined ? resolve(answer.rows) : reject(new Error(answer.error)),
      );
      child.send(message);
    });
  await ask({ path });
  return {
    run: (sql) => ask({ sql }),
    kill: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.send({ die: true });
      }),
  };
}

/** A closed database with `rows` rows, in a folder of its own. */
function makeDatabase({ rows = 3, name = 'a.db', mode = 'delete' } = {}): string {
  const path = join(temporaryFolder(), name);
  const database = new libsql(path);
  database.exec(`pragma journal_mode = ${mode}`);
  database.exec('create table message (id integer primary key, data text)');
  database.exec(
    `insert into message with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rows})
     select i, '{"n":' || i || ',"pad":"' || hex(zeroblob(40)) || '"}' from n`,
  );
  database.close();
  return path;
}

/** Every file of the folder: its bytes and when they were written. */
const traces = (path: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(dirname(path)).map((name) => {
      const file = join(dirname(path), name);
      const hash = createHash('sha256').update(readFileSync(file)).digest('hex');
      return [name, `${hash} ${statSync(file, { bigint: true }).mtimeNs}`];
    }),
  );

const copiesInUse = (): readonly string[] =>
  readdirSync(tmpdir()).filter(
    (name) =>
      name.startsWith(`agenttrace-${process.pid}-`) && readdirSync(join(tmpdir(), name)).includes('copy.db'),
  );

const countOf = (path: string): unknown => {
  const database = openDatabase(path);
  try {
    return [...database.rows('select count(*) as n from message')][0]?.n;
  } finally {
    database.close();
  }
};

const thrown = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('the database of a running agent', () => {
  it('is read with what is only in its -wal, and without a trace', async () => {
    const path = makeDatabase({ mode: 'wal' });
    const writer = await startWriter(path);
    await writer.run("insert into message values (4, 'four')");
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
    const before = traces(path);
    const database = openDatabase(path);
    expect([...database.rows('select data from message where id = ?', [4])]).toEqual([{ data: 'four' }]);
    database.close();
    expect(traces(path)).toEqual(before);
    expect(Object.keys(before)).toEqual(['a.db', 'a.db-shm', 'a.db-wal']);
  });

  it('goes on, while one state is read', async () => {
    const path = makeDatabase({ mode: 'wal', rows: 1000 });
    const writer = await startWriter(path);
    await writer.run("insert into message values (1001, 'x')");
    const database = openDatabase(path);
    const ids = database.rows('select id from message order by id');
    ids.next();
    await writer.run("insert into message values (1002, 'y')");
    await writer.run("update message set data = 'z'");
    expect((await writer.run('pragma wal_checkpoint(passive)'))[0]?.[0]).toBe(0);
    expect([...ids]).toHaveLength(1000);
    expect([...database.rows("select count(*) as n from message where data = 'z'")]).toEqual([{ n: 0 }]);
    database.close();
    expect(countOf(path)).toBe(1002);
    expect((await writer.run('pragma wal_checkpoint(truncate)'))[0]?.[0]).toBe(0);
    expect(statSync(`${path}-wal`).size).toBe(0);
  });

  it('is let go of at close, though rows were left unread', async () => {
    const path = makeDatabase({ mode: 'wal', rows: 1000 });
    const writer = await startWriter(path);
    await writer.run("insert into message values (1001, 'x')");
    const database = openDatabase(path);
    const left = database.rows('select a.id from message a, message b');
    left.next();
    for (const row of database.rows('select id from message')) if (row.id === 20) break;
    database.close();
    database.close();
    expect(() => left.next()).toThrow('the database is closed');
    expect((await writer.run('pragma wal_checkpoint(truncate)'))[0]?.[0]).toBe(0);
    if (process.platform === 'linux') {
      const open = readdirSync('/proc/self/fd').map((fd) =>
        thrownOr(() => readlinkSync(`/proc/self/fd/${fd}`)),
      );
      expect(open.filter((file) => String(file).startsWith(dirname(path)))).toEqual([]);
    }
  });

  it('is read after the agent was killed, and without a trace', async () => {
    const path = makeDatabase({ mode: 'wal' });
    const writer = await startWriter(path);
    await writer.run("insert into message values (4, 'four')");
    await writer.kill();
    const before = traces(path);
    expect(Object.keys(before)).toEqual(['a.db', 'a.db-shm', 'a.db-wal']);
    expect(countOf(path)).toBe(4);
    expect(traces(path)).toEqual(before);
  });

  it('is an error while it is locked', async () => {
    const path = makeDatabase({ mode: 'wal' });
    const writer = await startWriter(path);
    await writer.run("insert into message values (4, 'four')");
    await writer.run('pragma locking_mode = exclusive');
    await writer.run("insert into message values (5, 'five')");
    const before = traces(path);
    expect(thrown(() => openDatabase(path))).toMatchObject({
      code: 'ESQLITE',
      message: 'database is locked',
    });
    expect(traces(path)).toEqual(before);
  });
});

describe('a database with changes still to be applied', () => {
  it('is read from a copy when there is a -wal and no -shm', async () => {
    const path = makeDatabase({ mode: 'wal' });
    const writer = await startWriter(path);
    await writer.run("insert into message values (4, 'four')");
    const copied = join(temporaryFolder(), 'b.db');
    for (const suffix of ['', '-wal']) copyFileSync(path + suffix, copied + suffix);
    chmodSync(copied, 0o444);
    const before = traces(copied);
    const database = openDatabase(copied);
    const folder = copiesInUse()[0] ?? '';
    expect(statSync(join(tmpdir(), folder)).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o700);
    expect([...database.rows('select count(*) as n from message')]).toEqual([{ n: 4 }]);
    database.close();
    expect(copiesInUse()).toEqual([]);
    expect(traces(copied)).toEqual(before);
  });

  it('is read as before the transaction that a killed agent left in its -journal', async () => {
    const path = makeDatabase({ rows: 20_000 });
    const writer = await startWriter(path);
    await writer.run('pragma cache_size = 5');
    await writer.run('begin');
    await writer.run("update message set data = 'gone'");
    await writer.kill();
    const before = traces(path);
    expect(Object.keys(before)).toEqual(['a.db', 'a.db-journal']);
    expect(readFileSync(path).includes('gone')).toBe(true);
    const database = openDatabase(path);
    expect([...database.rows("select count(*) as n, sum(data = 'gone') as gone from message")]).toEqual([
      { n: 20_000, gone: 0 },
    ]);
    database.close();
    expect(traces(path)).toEqual(before);
    expect(copiesInUse()).toEqual([]);
  });

  it('needs no copy for a -journal that was used up and kept', async () => {
    const path = makeDatabase();
    const writer = await startWriter(path);
    await writer.run('pragma journal_mode = persist');
    await writer.run("insert into message values (4, 'four')");
    expect(statSync(`${path}-journal`).size).toBeGreaterThan(0);
    const database = openDatabase(path);
    expect(copiesInUse()).toEqual([]);
    expect([...database.rows('select count(*) as n from message')]).toEqual([{ n: 4 }]);
    database.close();
  });

  it('is an error that says what to do when it is too large to copy', () => {
    const path = makeDatabase();
    writeFileSync(`${path}-wal`, 'x'.repeat(100));
    expect(thrown(() => copyPrivately({ path, companion: '-wal', limit: 1000 }))).toMatchObject({
      code: 'ETOOLARGE',
      message: expect.stringContaining('open the agent once and quit it'),
    });
    expect(copiesInUse()).toEqual([]);
  });
});

describe('a database that nobody has open', () => {
  it.each(['delete', 'wal'])('is read without a trace in mode %s', (mode) => {
    const path = makeDatabase({ mode });
    const before = traces(path);
    expect(countOf(path)).toBe(3);
    expect(traces(path)).toEqual(before);
    expect(Object.keys(before)).toEqual(['a.db']);
  });

  it('is read beside a -shm without a -wal, which is not made', () => {
    const path = makeDatabase({ mode: 'wal' });
    writeFileSync(`${path}-shm`, Buffer.alloc(32_768));
    const before = traces(path);
    expect(countOf(path)).toBe(3);
    expect(traces(path)).toEqual(before);
  });

  it('is an error if it changed while it was read', async () => {
    const path = makeDatabase({ rows: 1000 });
    const database = openDatabase(path);
    const rows = database.rows('select id from message');
    rows.next();
    const writer = await startWriter(path);
    await writer.run("update message set data = 'z'");
    expect(thrown(() => [...rows])).toMatchObject({ code: 'EBUSYDB' });
    expect(thrown(() => [...database.rows('select id from message')])).toMatchObject({ code: 'EBUSYDB' });
    database.close();
    expect(countOf(path)).toBe(1000);
  });

  it('is an error of that kind, too, if the change looks like damage or leaves the time as it was', () => {
    const path = makeDatabase({ rows: 100_000 });
    const { mtime, atime } = statSync(path);
    const cut = openDatabase(path);
    const rows = cut.rows('select data from message');
    rows.next();
    truncateSync(path, 8192);
    expect(thrown(() => [...rows])).toMatchObject({ code: 'EBUSYDB' });
    cut.close();

    const other = makeDatabase();
    utimesSync(other, atime, mtime);
    const counted = openDatabase(other);
    const writer = new libsql(other);
    writer.exec("update message set data = '' where id = 1");
    writer.close();
    utimesSync(other, atime, mtime);
    expect(thrown(() => [...counted.rows('select 1')])).toMatchObject({ code: 'EBUSYDB' });
    counted.close();
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'may lie in a folder that is read-only',
    () => {
      const path = makeDatabase({ mode: 'wal' });
      chmodSync(path, 0o444);
      chmodSync(dirname(path), 0o555);
      expect(countOf(path)).toBe(3);
      chmodSync(dirname(path), 0o755);
    },
  );

  it.skipIf(process.platform === 'win32')('is found whatever its path', () => {
    const name = "a b?c#d%41%'ü&mode=rwc;.db";
    const path = makeDatabase({ name });
    expect(countOf(path)).toBe(3);
    expect(readdirSync(dirname(path))).toEqual([name]);
  });

  it.skipIf(process.platform === 'win32')(
    'is found behind a link, with what is beside it there',
    async () => {
      const path = makeDatabase({ mode: 'wal' });
      const writer = await startWriter(path);
      await writer.run("insert into message values (4, 'four')");
      const link = join(temporaryFolder(), 'link.db');
      symlinkSync(path, link);
      expect(countOf(link)).toBe(4);
      expect(databaseCompanions(link).map((file) => basename(file))).toEqual(['a.db-wal', 'a.db-journal']);
      expect(readdirSync(dirname(link))).toEqual(['link.db']);
    },
  );
});

describe('a file that is no sound database', () => {
  const notADatabase = { code: 'ESQLITE', message: 'file is not a database' };

  it('is an error in the words of SQLite', () => {
    const text = join(temporaryFolder(), 'a.db');
    writeFileSync(text, 'plain text\n'.repeat(1000));
    expect(thrown(() => openDatabase(text))).toMatchObject(notADatabase);
    writeFileSync(text, 'short\n');
    expect(thrown(() => openDatabase(text))).toMatchObject(notADatabase);
    expect(databaseTables(text)).toBeUndefined();
  });

  it('is an error of the system where it is that', () => {
    const folder = temporaryFolder();
    expect(thrown(() => openDatabase(folder))).toMatchObject({ code: 'EISDIR' });
    expect(thrown(() => openDatabase(join(folder, 'none.db')))).toMatchObject({ code: 'ENOENT' });
    expect(databaseTables(folder)).toBeUndefined();
    expect(databaseTables(join(folder, 'none.db'))).toBeUndefined();
  });

  it('is an error where the damage is met, without its path', () => {
    const malformed = { code: 'ESQLITE', message: 'database disk image is malformed' };
    const overwritten = makeDatabase({ rows: 10_000 });
    const bytes = readFileSync(overwritten);
    writeFileSync(overwritten, bytes.fill(0xff, 5 * 4096, 6 * 4096));
    const database = openDatabase(overwritten);
    const rows = database.rows('select data from message');
    expect(rows.next().done).toBe(false);
    expect(thrown(() => [...rows])).toMatchObject(malformed);
    database.close();

    const cut = makeDatabase({ rows: 10_000 });
    truncateSync(cut, 5 * 4096 + 17);
    expect(thrown(() => countOf(cut))).toMatchObject(malformed);

    const header = makeDatabase();
    const first = readFileSync(header);
    writeFileSync(header, first.fill(0xff, 16, 24));
    expect(String(thrown(() => countOf(header)))).not.toContain(dirname(header));
    expect(databaseTables(header)).toBeUndefined();

    const names = makeDatabase();
    writeFileSync(names, swapBytes(readFileSync(names), { from: 'data text', to: 'd\xff\xfea text' }));
    expect(thrown(() => countOf(names))).toMatchObject({ code: 'ESQLITE' });
  });

  it('has no tables while it is empty', () => {
    const path = join(temporaryFolder(), 'a.db');
    writeFileSync(path, '');
    const database = openDatabase(path);
    expect(database.tables().size).toBe(0);
    database.close();
    expect(databaseTables(path)).toBeUndefined();
  });

  it('may still be a database whose -wal is none', () => {
    const path = makeDatabase({ mode: 'wal' });
    writeFileSync(`${path}-wal`, 'no log at all\n'.repeat(100));
    expect(countOf(path)).toBe(3);
  });
});

describe('tables and rows', () => {
  function open(script: string): ReturnType<typeof openDatabase> {
    const path = join(temporaryFolder(), 'a.db');
    const database = new libsql(path);
    database.exec(script);
    database.close();
    return openDatabase(path);
  }

  it('names the columns of tables and views, but of none that cannot be read', () => {
    const database = open(`
      create table "Odd ""name""" (id text, "b c" blob, twice int as (id || id));
      create view some as select id, 1 as one from "Odd ""name""";
      create view broken as select * from missing;
      create virtual table words using fts5(body);
    `);
    const tables = new Map([...database.tables()].filter(([name]) => !name.startsWith('words_')));
    expect(tables).toEqual(
      new Map([
        ['Odd "name"', ['id', 'b c', 'twice']],
        ['some', ['id', 'one']],
        ['words', ['body']],
      ]),
    );
    database.close();
  });

  it('gives every value as it is', () => {
    const database = open('select 1');
    const values = (sql: string, params?: readonly (string | number | null)[]) =>
      [...database.rows(sql, params)].flatMap((row) => Object.values(row));
    expect(values("select null, 1.5, -7, 'ü', ''")).toEqual([null, 1.5, -7, 'ü', '']);
    expect(values('select 9007199254740991, 9007199254740993')).toEqual([
      9007199254740991,
      9007199254740993n,
    ]);
    expect(values("select x'00ff', x''").map((cell) => [...(cell as Uint8Array)])).toEqual([[0, 255], []]);
    expect(values("select 'a' || char(0) || 'b', cast(x'61ff62' as text)")).toEqual(['a\0b', 'a\uFFFDb']);
    expect(values('select typeof(?) as a, ? || 1 as b, ? as c, ? as d', [1, 2, null, 'x'])).toEqual([
      'integer',
      '21',
      null,
      'x',
    ]);
    expect(values('with q as (select 3 as x) select x from q order by x -- the end')).toEqual([3]);
    database.close();
  });

  it.each([0, 1, 7, 8, 9, 16, 300])('ends after %s rows, in order, each time', (rows) => {
    const path = makeDatabase({ rows: 300 });
    const database = openDatabase(path);
    const expected = Array.from({ length: rows }, (_, index) => 300 - index);
    for (let time = 0; time < 2; time += 1) {
      const read = [...database.rows('select id from message order by id desc limit ?', [rows])];
      expect(read.map(({ id }) => id)).toEqual(expected);
    }
    database.close();
  });

  it('answers one query within another, even the same', () => {
    const path = makeDatabase({ rows: 20 });
    const database = openDatabase(path);
    const ids = (): readonly unknown[] => [...database.rows('select id from message')].map(({ id }) => id);
    for (const { id } of database.rows('select id from message')) {
      expect(ids()).toHaveLength(20);
      expect([...database.rows('select id from message where id = ?', [id ?? null])]).toEqual([{ id }]);
    }
    database.close();
  });

  it('throws ESQLITE for a column that is not there', () => {
    const path = makeDatabase();
    const database = openDatabase(path);
    expect(thrown(() => [...database.rows('select absent from message')])).toMatchObject({
      code: 'ESQLITE',
      message: 'no such column: absent',
    });
    expect([...database.rows('select id from message')]).toHaveLength(3);
    database.close();
  });

  it('streams', () => {
    const path = makeDatabase({ rows: 300_000 });
    const database = openDatabase(path);
    const before = process.memoryUsage();
    let count = 0;
    let most = 0;
    for (const _ of database.rows('select id, data from message order by data desc')) {
      count += 1;
      if (count % 10_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed - before.heapUsed);
    }
    database.close();
    expect(count).toBe(300_000);
    expect(most).toBeLessThan(50_000_000);
  });
});

describe('databaseTables', () => {
  it('tells a database by what is in it, not by its name', async () => {
    const path = makeDatabase({ name: 'state.vscdb', mode: 'wal' });
    const writer = await startWriter(path);
    await writer.run('create table later (x)');
    expect(databaseTables(path)).toEqual(
      new Map([
        ['message', ['id', 'data']],
        ['later', ['x']],
      ]),
    );
  });
});

describe('jsonText', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(`x${text}`).subarray(1);

  it.each([
    ['{"a":1}', '{"a":1}'],
    [bytes(' {"ü":[1]}\n'), '{"ü":[1]}'],
    ['\uFEFF[1,\r\n 2]', '[1,  2]'],
    ['"text"', '"text"'],
    ['-1.5e3', '-1.5e3'],
    ['null', 'null'],
  ])('takes %j', (cell, text) => {
    expect(jsonText(cell)).toBe(text);
  });

  it.each([
    null,
    undefined,
    '',
    '  \n',
    7,
    7n,
    'plain',
    '{"cut":',
    '[',
    '"',
    '1, "a": 2',
    '01',
    bytes('\0\0'),
  ])('leaves %s', (cell) => {
    expect(jsonText(cell)).toBeUndefined();
  });
});

function thrownOr<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

function swapBytes(bytes: Buffer, { from, to }: { from: string; to: string }): Buffer {
  const at = bytes.indexOf(from);
  bytes.write(to, at, 'latin1');
  return bytes;
}
