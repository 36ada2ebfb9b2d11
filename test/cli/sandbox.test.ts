import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../src/warehouse/connection.ts';
import { enterSandbox, runInSandbox } from '../../src/warehouse/sandbox.ts';
import { EXAMPLE, runCli, withFolder } from './run-cli.ts';

let folder = '';
let leave: () => void = () => undefined;
let done: Promise<void> = Promise.resolve();

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
  mkdirSync(join(folder, 'outside'));
  writeFileSync(join(folder, 'outside', 'secret.csv'), 'secret\n42\n');
});

afterAll(async () => {
  leave();
  await done;
});

const HOSTILE = [
  "select * from read_csv('OUT/secret.csv')",
  "select * from read_text('OUT/secret.csv')",
  "select * from 'OUT/secret.csv'",
  "select * from glob('OUT/*')",
  "select * from sniff_csv('OUT/secret.csv')",
  "copy (select 42) to 'OUT/stolen.csv'",
  "explain analyze copy (select 42) to 'OUT/stolen.csv'",
  "copy raw.sources from 'OUT/secret.csv'",
  "export database 'OUT/stolen'",
  "import database 'OUT'",
  "attach 'OUT/new.duckdb' as other",
  "attach ':memory:' as other",
  'detach w',
  'install httpfs',
  'load httpfs',
  "load 'OUT/evil.duckdb_extension'",
  "select * from read_parquet('http://127.0.0.1:1/x.parquet')",
  'set enable_external_access = true',
  "set allowed_paths = ['/']",
  'set lock_configuration = false',
  "set memory_limit = '1TB'",
  'reset enable_external_access',
  'pragma enable_profiling',
  "call enable_logging(storage = 'file', storage_config = {'path': 'OUT/log'})",
  'checkpoint',
  'vacuum',
  'begin transaction',
  'commit',
  'commit; create table t as select 1',
  'create table t as select 1',
  'create or replace view v1.sessions as select 1 as session_id',
  'drop view v1.sessions',
  'insert into raw.sources select * from raw.sources',
  'update raw.sources set path = null',
  'delete from raw.sources',
  'truncate raw.sources',
  'alter table raw.sources drop column path',
  "comment on view v1.sessions is 'mine'",
  "create persistent secret stolen (type s3, key_id 'a', secret 'b')",
  "prepare p as copy (select 42) to 'OUT/stolen.csv'",
  "create temp macro m() as table select * from read_text('OUT/secret.csv'); from m()",
] as const;

test.each(HOSTILE)('refuses %s', async (hostile) => {
  const outside = join(folder, 'outside');
  const before = readFileSync(join(folder, 'w.duckdb'));
  const connection = await connect(join(folder, 'w.duckdb'), { access_mode: 'READ_ONLY' });
  try {
    await enterSandbox(connection, { isInMemory: false });
    const sql = hostile.replaceAll('OUT', outside);
    await expect(runInSandbox(connection, { sql, timeoutMs: 10_000 })).rejects.toMatchObject({
      code: 'bad_sql',
    });
  } finally {
    connection.close();
  }
  expect(readdirSync(outside)).toEqual(['secret.csv']);
  expect(readFileSync(join(folder, 'w.duckdb')).equals(before)).toBe(true);
});

test.each(
  HOSTILE.filter(
    (sql) => /^(create|drop|insert|update|delete|truncate|alter|commit)/.test(sql) && !sql.includes('temp'),
  ),
)('refuses %s in memory too', async (sql) => {
  const connection = await connect(':memory:');
  try {
    await connection.execute(
      'create schema v1; create schema raw; create table raw.sources (path varchar); create view v1.sessions as select 1 as session_id',
    );
    await enterSandbox(connection, { isInMemory: true });
    await expect(runInSandbox(connection, { sql, timeoutMs: 10_000 })).rejects.toMatchObject({
      code: 'bad_sql',
    });
  } finally {
    connection.close();
  }
});

test.each([
  ['select 1 as a', 1],
  ['with x as (select 1) select * from x union all select 2', 2],
  ['from v1.sessions limit 2', 2],
  ['values (1), (2)', 2],
  ['describe v1.sessions', undefined],
  ['summarize v1.sessions', undefined],
  ['show all tables', undefined],
  ['explain select 1', undefined],
  ['explain analyze select 1', undefined],
  ["set variable x = 41; select getvariable('x') + 1 as answer", 1],
  ['create temp table t as select range as i from range(10); select sum(i) from t', 1],
  ['create temp view t as select 1; from t', 1],
  ['create temp macro twice(x) as 2 * x; select twice(21)', 1],
  ['pivot (values (1, 2), (1, 3)) as t(a, b) on a using sum(b)', 1],
  ["select * from query('select 1')", 1],
] as const)('runs %s', async (sql, rowCount) => {
  const connection = await connect(join(folder, 'w.duckdb'), { access_mode: 'READ_ONLY' });
  try {
    await enterSandbox(connection, { isInMemory: false });
    const { result } = await runInSandbox(connection, { sql, timeoutMs: 10_000 });
    if (rowCount !== undefined) expect(result.rows).toHaveLength(rowCount);
    else expect(result.rows.length).toBeGreaterThan(0);
  } finally {
    connection.close();
  }
});

test('a query that takes too long is stopped, and it is said how to give it longer', async () => {
  const sql =
    'select count(*) from range(100000) a, range(100000) b, range(1000) c where a.range + b.range = c.range';
  const { code, err } = await runCli(['query', sql, '--timeout', '1', '-d', EXAMPLE]);
  expect(code).toBe(1);
  expect(err).toContain('--timeout');
});

test('only the -o file can be written', async () => {
  const file = join(folder, 'outside', 'out.parquet');
  const connection = await connect(join(folder, 'w.duckdb'), { access_mode: 'READ_ONLY' });
  try {
    await enterSandbox(connection, { isInMemory: false, outputFile: file });
    await connection.execute(`copy (select 42) to '${file}' (format parquet)`);
    await expect(connection.execute(`copy (select 42) to '${file}.x' (format parquet)`)).rejects.toThrow(
      /disabled/,
    );
  } finally {
    connection.close();
  }
  expect(existsSync(file)).toBe(true);
});

test('what is no statement or has no value is said', async () => {
  expect((await runCli(['query', '  ', '-d', EXAMPLE])).code).toBe(65);
  expect((await runCli(['query', 'select $x', '-d', EXAMPLE])).err).toContain('$x has no value');
  expect((await runCli(['query', 'selec 1', '-d', EXAMPLE])).err).toContain('LINE 1: selec 1');
});
