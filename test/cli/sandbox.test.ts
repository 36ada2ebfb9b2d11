/** SQL of a stranger: what it may do, and that everything else is refused or stopped, with nothing read or written. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect } from '../../src/warehouse/connection.ts';
import { CONTROLS } from '../../src/warehouse/refuse-controls.ts';
import { enterSandbox } from '../../src/warehouse/sandbox.ts';
import { openInSandbox, runInSandbox } from '../../src/warehouse/sandboxed-query.ts';
import { callCli } from './call-cli.ts';
import { HARMLESS_FUNCTIONS, HOSTILE, HOSTILE_TO_A_FOLDER, STOPPED } from './hostile-sql.ts';
import { EXAMPLE, runCli, withFolder } from './run-cli.ts';

let folder = '';
let leave: () => void = () => undefined;
let done: Promise<void> = Promise.resolve();
let before: Buffer = Buffer.alloc(0);
const OUTSIDE = ['link.csv', 'open', 'secret.csv', 'secret.parquet'];
const OPENED = ['link.csv', 'tickets.csv', 'tickets.json', 'tickets.parquet'];

beforeAll(async () => {
  await new Promise<void>((ready) => {
    done = withFolder(
      (made) =>
        new Promise((resolve) => {
          folder = made;
          leave = () => resolve();
          ready();
        }),
    );
  });
  await runCli(['load', '-d', EXAMPLE, '--warehouse', join(folder, 'w.duckdb')]);
  before = readFileSync(join(folder, 'w.duckdb'));
  const opened = join(folder, 'outside', 'open');
  mkdirSync(opened, { recursive: true });
  writeFileSync(join(folder, 'outside', 'secret.csv'), 'secret\n42\n');
  symlinkSync(join(folder, 'outside', 'secret.csv'), join(folder, 'outside', 'link.csv'));
  symlinkSync(join(folder, 'outside', 'secret.csv'), join(opened, 'link.csv'));
  writeFileSync(join(opened, 'tickets.csv'), 'ticket,branch\nT-1,main\nT-2,fix\n');
  writeFileSync(join(opened, 'tickets.json'), '{"ticket": "T-3"}\n');
  const memory = await connect(':memory:');
  await memory.execute(`copy (select 'T-4' as ticket) to '${join(opened, 'tickets.parquet')}'`);
  await memory.execute(`copy (select 42 as secret) to '${join(folder, 'outside', 'secret.parquet')}'`);
  memory.close();
}, 60_000);

afterAll(async () => {
  leave();
  await done;
});

interface Opened {
  readonly readFolders?: readonly string[];
  readonly outputFile?: string;
}

/** A sandbox over the warehouse, as `query` opens it. */
async function openSandbox(opened: Opened = {}): Promise<Connection> {
  const connection = await connect(join(folder, 'w.duckdb'), {
    access_mode: 'READ_ONLY',
    threads: '1',
    temp_directory: join(folder, 'spill'),
  });
  await connection.execute(`set search_path = 'v1,main'`);
  await enterSandbox(connection, { isInMemory: false, memoryBytes: 256_000_000, ...opened });
  return connection;
}

async function inSandbox<T>(work: (connection: Connection) => Promise<T>, opened: Opened = {}): Promise<T> {
  const connection = await openSandbox(opened);
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}

const inPlace = (sql: string): string =>
  sql
    .replaceAll('OPEN', join(folder, 'outside', 'open'))
    .replaceAll('OUT', join(folder, 'outside'))
    .replaceAll('WAREHOUSE', join(folder, 'w.duckdb'));

const run = (sql: string, opened: Opened = {}): ReturnType<typeof runInSandbox> =>
  inSandbox((connection) => runInSandbox(connection, { sql: inPlace(sql), timeoutMs: 20_000 }), opened);

function expectNothingWritten(): void {
  expect(readdirSync(join(folder, 'outside'))).toEqual(OUTSIDE);
  expect(readdirSync(join(folder, 'outside', 'open'))).toEqual(OPENED);
  expect(readdirSync(folder).filter((name) => name !== 'spill')).toEqual(['outside', 'w.duckdb']);
}

test('the list is long', () => {
  expect(new Set([...HOSTILE, ...HOSTILE_TO_A_FOLDER, ...STOPPED]).size).toBeGreaterThan(120);
});

/** One sandbox for many statements: whatever one of them did would help the next. */
function shared(open: () => Promise<Connection>): (sql: string) => Promise<unknown> {
  let opening: Promise<Connection> | undefined;
  afterAll(async () => (await opening)?.close());
  return async (sql) => {
    opening ??= open();
    const connection = await opening;
    try {
      return await runInSandbox(connection, { sql: inPlace(sql), timeoutMs: 20_000 });
    } finally {
      await connection.execute('rollback');
      await connection.execute('begin transaction read only');
    }
  };
}

describe('refuses', () => {
  const runShared = shared(() => openSandbox());

  test.each(HOSTILE)('%s', async (sql) => {
    await expect(runShared(sql)).rejects.toMatchObject({ name: 'AgenttraceError', code: 'bad_sql' });
    expectNothingWritten();
  });
});

describe('refuses with a folder open', () => {
  const runShared = shared(() => openSandbox({ readFolders: [join(folder, 'outside', 'open')] }));

  test.each(HOSTILE_TO_A_FOLDER)('%s', async (sql) => {
    await expect(runShared(sql)).rejects.toMatchObject({ name: 'AgenttraceError', code: 'bad_sql' });
    expectNothingWritten();
  });
});

describe('refuses in memory too', () => {
  const runShared = shared(async () => {
    const connection = await connect(':memory:');
    await connection.execute(
      'create schema v1; create schema raw; create table raw.sources (path varchar); create view v1.sessions as select 1 as session_id',
    );
    await enterSandbox(connection, { isInMemory: true });
    return connection;
  });

  test.each(HOSTILE.filter((sql) => /^(create|drop|insert|update|delete|truncate|alter|commit)/.test(sql)))(
    '%s',
    async (sql) => {
      await expect(runShared(sql)).rejects.toMatchObject({ code: 'bad_sql' });
    },
  );
});

test.each(STOPPED)('stops %s', async (sql) => {
  const stopped = inSandbox((connection) => runInSandbox(connection, { sql, timeoutMs: 300 }));
  await expect(stopped).rejects.toMatchObject({ name: 'AgenttraceError', code: 'failed' });
  expectNothingWritten();
});

test('after all that the warehouse is byte by byte as it was', () => {
  expect(readFileSync(join(folder, 'w.duckdb')).equals(before)).toBe(true);
});

test('every function of DuckDB that reads as a table is known to be harmless or is refused', async () => {
  const { result } = await run(
    `select distinct function_name from duckdb_functions() where function_type in ('table', 'table_macro') and database_name = 'system'`,
  );
  const names = result.rows.map(([name]) => String(name));
  const known = new Set([...CONTROLS, ...HARMLESS_FUNCTIONS]);
  expect(names.filter((name) => !known.has(name))).toEqual([]);
  expect(names).toEqual(expect.arrayContaining([...CONTROLS]));
});

describe('what may run', () => {
  test.each([
    ['select 1 as a', 1],
    ['(select 1) union all (select 2)', 2],
    ['with x as (select 1) select * from x union all select 2', 2],
    ['from v1.sessions limit 2', 2],
    ['from sessions select count(*)', 1],
    ['table sessions', undefined],
    ['values (1), (2)', 2],
    ['describe v1.sessions', undefined],
    ['describe select 1', 1],
    ['summarize v1.sessions', undefined],
    ['show all tables', undefined],
    ['explain select 1', 1],
    ['explain analyze select 1', 1],
    ['explain (format json) select 1', 1],
    ['explain (analyze, format json) from sessions', 1],
    ["set variable x = 41; select getvariable('x') + 1 as answer", 1],
    ["set variable x = 41; reset variable x; select getvariable('x')", 1],
    ['create temp table t as select range as i from range(10); select sum(i) from t', 1],
    ['create or replace temporary view t as select 1; from t', 1],
    ['create temp macro twice(x) as 2 * x; select twice(21)', 1],
    ['create temp macro two() as table select 1 union all select 2; from two()', 2],
    ['create temp view sessions as select 1; from sessions', 1],
    ['pivot (values (1, 2), (1, 3)) as t(a, b) on a using sum(b)', 1],
    ['pivot sessions on agent in (codex) using count(*) group by kind', undefined],
    ['unpivot (select 1 as a, 2 as b) on a, b', 2],
    ["select * from query('select 1')", 1],
    ["from query_table('sessions') limit 1", 1],
    ["select count(*) from tool_calls where command like '%enable_logging()%'", 1],
    ["select ';' as a, $$;$$ as b, $x$ ; $x$ as c, e'\\';' as d, \"e;\" from (select 1 as \"e;\"); ;", 1],
    ['-- drop table t;\nselect /* ; /* drop */ ; */ 1', 1],
    ['\ufeffselect\u00a01', 1],
  ] as const)('%s', async (sql, rowCount) => {
    const { result } = await run(sql);
    if (rowCount !== undefined) expect(result.rows).toHaveLength(rowCount);
    else expect(result.rows.length).toBeGreaterThan(0);
  });

  test.each([
    ["from 'OPEN/tickets.csv'", [['T-1'], ['T-2']]],
    ["from read_csv('OPEN/ticket*.csv')", [['T-1'], ['T-2']]],
    ["from 'OPEN/tickets.json'", [['T-3']]],
    ["from 'OPEN/tickets.parquet'", [['T-4']]],
  ] as const)('with a folder open, %s', async (sql, rows) => {
    const { result } = await run(`select ticket from (${sql}) order by 1`, {
      readFolders: [join(folder, 'outside', 'open')],
    });
    expect(result.rows).toEqual(rows);
  });

  test('the last of several statements answers, and its place is told in the whole text', async () => {
    const { result } = await run('select 1 as a;\n\nselect 2 as b;');
    expect(result).toEqual({ columns: [{ name: 'b', type: 'INTEGER' }], rows: [[2]] });
    await expect(run('select 1;\n/* two */ select 2;  select nope')).rejects.toThrow(
      /LINE 2: {22}select nope\n {36}\^/,
    );
  });

  test('nothing runs where one of several statements may not', async () => {
    await inSandbox(async (connection) => {
      const sql = 'create temp table kept as select 1; drop view v1.sessions';
      await expect(runInSandbox(connection, { sql, timeoutMs: 10_000 })).rejects.toThrow(
        'DROP VIEW is not allowed here',
      );
      await expect(connection.query('from kept')).rejects.toThrow(/kept does not exist/);
    });
  });
});

test('a query that fails on its way is an error, however many rows came before', async () => {
  await expect(
    run("select if(range = 150000, error('not this one'), range) as i from range(200000)"),
  ).rejects.toMatchObject({ code: 'bad_sql', message: expect.stringContaining('not this one') });
  await expect(
    run('create temp table t as from range(200000); select sqrt(150000 - range) from t'),
  ).rejects.toMatchObject({ code: 'bad_sql', message: expect.stringContaining('cannot take square root') });
});

test('a query that is interrupted while its rows come ends as an error', async () => {
  await inSandbox(async (connection) => {
    const { rows } = await openInSandbox(connection, { sql: 'from range(1000000)', timeoutMs: 20_000 });
    const reading = async (): Promise<void> => {
      for await (const some of rows()) if (some.length > 0) connection.interrupt();
    };
    await expect(reading()).rejects.toThrow('Interrupted');
  });
});

test('only the -o file can be written', async () => {
  const file = join(folder, 'written.parquet');
  await inSandbox(
    async (connection) => {
      await connection.execute(`copy (select 42) to '${file}' (format parquet, use_tmp_file false)`);
      await expect(connection.execute(`copy (select 42) to '${file}.x' (format parquet)`)).rejects.toThrow(
        /disabled/,
      );
    },
    { outputFile: file },
  );
  expect(existsSync(file)).toBe(true);
});

describe('from the command line', () => {
  const words = (more: readonly string[]): readonly string[] => [
    'query',
    '--warehouse',
    join(folder, 'w.duckdb'),
    '--no-refresh',
    ...more,
  ];
  const query = (...more: readonly string[]): ReturnType<typeof callCli> => callCli(words(more));

  test('a query that takes too long is stopped, and it is said how to give it longer', async () => {
    const sql =
      'select count(*) from range(100000000) a, range(100000000) b where hash(a.range + b.range) = 1';
    const { code, err } = await query(sql, '--timeout', '1');
    expect(code).toBe(1);
    expect(err).toMatch(/stopped after 1 s[\s\S]*--timeout/);
  });

  test('what DuckDB neither counts nor interrupts ends with the process, and it is said why', async () => {
    const sql = 'select list_transform(range(100000000), lambda x: repeat(x::varchar, 20))';
    const { code, out, err } = await runCli(words([sql, '--memory', '64']));
    expect([code, out]).toEqual([null, '']);
    expect(err).toMatch(/took more than 128 MB of memory[\s\S]*--memory/);
  });

  test('a folder is opened on purpose, and said', async () => {
    const opened = join(folder, 'outside', 'open');
    const sql = `select count(*) as n from '${join(opened, 'tickets.csv')}'`;
    expect(await query(sql, '-f', 'csv', '--unsafe-external', opened)).toMatchObject({
      code: 0,
      out: 'n\r\n2\r\n',
      err: expect.stringContaining(`can read every file below ${opened}`),
    });
    expect(await query(sql)).toMatchObject({ code: 65, err: expect.stringContaining('--unsafe-external') });
    expect((await query(sql, '--unsafe-external', '/')).code).toBe(64);
    expect((await query(sql, '--unsafe-external', join(folder, 'none'))).code).toBe(66);
  });

  test('values have the type that the SQL needs', async () => {
    const sql =
      'select count(*) filter (started_at > $day) as after_day, $text as text from sessions where total_tokens > $tokens group by all limit $most';
    const values = ['day=2026-11-10', 'text=it’s; --', 'tokens=10', 'most=1'];
    const given = values.flatMap((value) => ['--param', value]);
    const { out, err } = await query(sql, ...given, '-f', 'json');
    expect(err).toBe('');
    expect(JSON.parse(out)).toEqual([{ after_day: expect.any(Number), text: 'it’s; --' }]);
    expect(JSON.parse(out)[0].after_day).toBeGreaterThan(0);
  });

  test.each([
    [[], 65, '$day has no value', '--param day=VALUE'],
    [['--param', 'day=soon'], 64, 'wants a value of type TIMESTAMP WITH TIME ZONE, not “soon”', ''],
    [['--param', 'day=2026-11-10', '--param', 'dey=x'], 64, 'no parameter $dey', 'It has $day.'],
  ] as const)('values %j: %i', async (given, code, message, hint) => {
    const ran = await query('from sessions where started_at > $day', ...given);
    expect(ran.code).toBe(code);
    expect(ran.err).toContain(message);
    expect(ran.err).toContain(hint);
  });

  test('what is no statement is said, in DuckDB’s words with the caret', async () => {
    expect((await query('  ')).code).toBe(65);
    expect((await query('/* nothing */')).err).toContain('There is no SQL statement');
    expect((await query('selec 1')).err).toContain('LINE 1: selec 1\n        ^');
    const column = await query('select sesion_id from sessions');
    expect(column.err).toMatch(/Candidate bindings: "session_id"[\s\S]*\^[\s\S]*Did you mean session_id/);
    const view = await query('from sesions');
    expect(view.err).toMatch(/Did you mean sessions\? agenttrace schema/);
  });

  test('a plan is not run, a profile is; both as text and as JSON', async () => {
    const endless = 'select count(*) from range(100000000) a, range(100000000) b';
    expect((await query(endless, '--plan')).out).toContain('RANGE');
    expect(JSON.parse((await query(endless, '--plan', '-f', 'json')).out)[0]).toHaveProperty('name');
    expect((await query('select 42', '--profile')).out).toContain('Total Time');
    expect((await query('select 42', '--plan', '-f', 'csv')).code).toBe(64);
  });

  test('--limit holds in every format', async () => {
    for (const format of ['jsonl', 'csv', 'markdown', 'table']) {
      const { out } = await query('from range(5000)', '--limit', '3000', '-f', format);
      expect(out.match(/\b(?:2,?999|3,?000)\b/g)).toEqual([expect.stringMatching(/2,?999/)]);
    }
  });
});
