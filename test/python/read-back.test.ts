/** Answers in every format, read by programs that are not ours: equal rows and types. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/warehouse/connection.ts';
import { callCli } from '../cli/call-cli.ts';
import { makeWarehouse } from '../cli/run-cli.ts';
import { ROOT } from '../docs/pages.ts';
import { PYTHON, PYTHON_REASON, runPython } from './python.ts';

const SQL = readFileSync(join(ROOT, 'test/python/answers.sql'), 'utf8');
const FILES = ['parquet', 'arrow', 'json', 'jsonl', 'csv', 'md'];
const CHECKS = [
  'parquet, pyarrow',
  'parquet, duckdb',
  'parquet, pandas',
  'parquet, polars',
  'arrow, pyarrow',
  'arrow, polars',
  'arrow, duckdb',
  'json, json',
  'jsonl, json',
  'json, duckdb',
  'jsonl, polars',
  'jsonl, pandas',
  'csv, csv',
  'csv, duckdb',
  'csv, polars',
  'csv, pandas',
  'markdown, markdown-it',
  'empty',
];

describe.skipIf(PYTHON === undefined)(`read back${PYTHON_REASON}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'agenttrace-test-'));
  let said: ReadonlyMap<string, string> = new Map();

  beforeAll(async () => {
    const warehouse = await makeWarehouse();
    const write = async (sql: string, name: string): Promise<void> => {
      const logs = ['--warehouse', warehouse.file, '--no-refresh', '--quiet'];
      const output = join(folder, name);
      const { code, err } = await callCli(['query', '-', ...logs, '-o', output], { input: sql });
      expect([name, code, err]).toEqual([name, 0, '']);
    };
    for (const suffix of FILES) {
      await write(SQL, `answer.${suffix}`);
      await write(`select * from (${SQL}) where n < 0`, `empty.${suffix}`);
    }
    warehouse.remove();
    const truth = await connect(join(folder, 'truth.duckdb'));
    await truth.execute(`create table truth as ${SQL}`);
    truth.close();
    const lines = runPython(join(ROOT, 'test/python/read_back.py'), [folder]).trimEnd().split('\n');
    said = new Map(
      lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    );
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(CHECKS)('%s', (name) => {
    expect(said.get(name)).toBe('ok');
  });

  test('every check is named here', () => {
    expect([...said.keys()].toSorted()).toEqual(CHECKS.toSorted());
  });
});

test('a reader of CSV that skips empty lines finds every row of one column', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agenttrace-test-'));
  const file = join(folder, 'one.csv');
  const { code } = await callCli(['query', '--demo', 'values (1), (null), (3)', '-o', file, '--quiet']);
  expect(code).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe('col0\r\n1\r\n""\r\n3\r\n');
  rmSync(folder, { recursive: true, force: true });
});
