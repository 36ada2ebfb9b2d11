/** What is no warehouse, and what other programs and users left in folders that all share. */
import { spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connect } from '../../src/warehouse/connection.ts';
import { temporaryFolder } from '../adapters/load.ts';
import { EXAMPLE, runCli } from '../cli/run-cli.ts';

test('a file of another program is left as it is, whatever DuckDB could make of it', async () => {
  const folder = temporaryFolder();
  const sqlite = join(folder, 'other.duckdb');
  writeFileSync(sqlite, Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4080)]));
  const before = readFileSync(sqlite);
  const env = { HOME: folder };
  for (const words of [['sessions'], ['sessions', '--no-refresh'], ['load']]) {
    const { code, err } = await runCli([...words, '--warehouse', sqlite], { env });
    expect([code, err]).toEqual([65, expect.stringContaining('This file is no DuckDB database')]);
  }
  expect(readFileSync(sqlite).equals(before)).toBe(true);
  // An extension that DuckDB fetched would lie there.
  expect(readdirSync(folder)).toEqual(['other.duckdb']);
});

test('DuckDB fetches nothing of itself', async () => {
  const connection = await connect(':memory:');
  try {
    const { rows } = await connection.query(
      `select name from duckdb_settings()
      where name in ('autoinstall_known_extensions', 'autoload_known_extensions', 'allow_community_extensions')
          and value = 'false'`,
    );
    expect(rows).toHaveLength(3);
  } finally {
    connection.close();
  }
});

test('a pipe as a warehouse is refused rather than waited for', async ({ skip }) => {
  const pipe = join(temporaryFolder(), 'pipe');
  if (spawnSync('mkfifo', [pipe]).status !== 0) return skip('no mkfifo here');
  const { code, err } = await runCli(['sessions', '--warehouse', pipe], {
    kill: { afterMs: 20_000, signal: 'SIGKILL' },
  });
  expect([code, err]).toEqual([65, expect.stringContaining('no DuckDB database')]);
});

test('what others left in the folder of temporary files is no business of this load', async ({ skip }) => {
  if (process.getuid?.() !== 0) return skip('only root makes files of others');
  const folder = temporaryFolder();
  const other = join(folder, 'agenttrace-99999999-other');
  mkdirSync(other);
  writeFileSync(join(other, 'part'), 'x');
  chownSync(other, 65534, 65534);
  const own = join(folder, 'agenttrace-99999999-own');
  mkdirSync(own);
  const link = join(folder, 'agenttrace-99999999-link');
  symlinkSync(other, link);
  const { code } = await runCli(['load', '-d', EXAMPLE], { env: { TMPDIR: folder } });
  expect(code).toBe(0);
  expect([other, join(other, 'part'), own, link].map((path) => existsSync(path))).toEqual([
    true,
    true,
    false,
    true,
  ]);
});
