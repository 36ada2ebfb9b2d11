/** The program as a process: killed at any moment, eight at once, and before files that are no warehouse. */
import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/warehouse/connection.ts';
import { FIXTURE_HOME, fingerprint, onlyValue, rowsOf, temporaryFolder } from '../adapters/load.ts';
import { multipliedHome } from './big-home.ts';
import { run, withoutClock } from './program.ts';

const TIMEOUT = 300_000;

const digestOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

/** What a warehouse file holds: nothing at all, or so many calls and sources. */
async function contentOf(file: string): Promise<string> {
  if (!existsSync(file)) return 'nothing';
  const connection = await connect(file);
  try {
    const tables = await rowsOf(
      connection,
      `select table_name from duckdb_tables() where schema_name = 'mart' and table_name = 'llm_calls'`,
    );
    if (tables.length === 0) return 'nothing';
    const sources = await onlyValue(connection, 'select count(*) from raw.sources');
    const events = await onlyValue(connection, 'select count(*) from raw.events');
    const calls = await onlyValue(connection, 'select count(*) from mart.llm_calls');
    const sessions = await onlyValue(connection, 'select count(*) from mart.sessions');
    if (sources === 0 && events === 0 && calls === 0) return 'nothing';
    return JSON.stringify({ sources, events, calls, sessions });
  } finally {
    connection.close();
  }
}

describe('killed while it loads', () => {
  let home: string;
  let everything: string;
  let answer: unknown;

  beforeAll(async () => {
    home = multipliedHome(60);
    const file = join(temporaryFolder(), 'whole.duckdb');
    const whole = await run(home, ['load', '--warehouse', file]);
    expect(whole.err).not.toMatch(/\bat .*:\d+:\d+/);
    expect(whole.code).toBe(0);
    everything = await contentOf(file);
    expect(everything).not.toBe('nothing');
    answer = withoutClock((await run(home, ['overview', '-f', 'json', '--warehouse', file])).out);
  }, TIMEOUT);

  for (const delay of [20, 120, 250, 400, 600, 850, 1200, 1800]) {
    test(
      `after ${delay} ms`,
      async () => {
        const file = join(temporaryFolder(), 'killed.duckdb');
        await run(home, ['load', '--warehouse', file], { killAfterMs: delay });
        expect([everything, 'nothing']).toContain(await contentOf(file));
        const next = await run(home, ['overview', '-f', 'json', '--warehouse', file]);
        expect(next.code, next.err).toBe(0);
        expect(withoutClock(next.out)).toEqual(answer);
        expect(await contentOf(file)).toBe(everything);
      },
      TIMEOUT,
    );
  }
});

describe('eight at once', () => {
  test(
    'on one new warehouse all answer alike',
    async () => {
      const file = join(temporaryFolder(), 'shared.duckdb');
      const before = fingerprint(FIXTURE_HOME);
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, () => run(FIXTURE_HOME, ['overview', '-f', 'json', '--warehouse', file])),
      );
      expect(outcomes.map(({ code, err }) => (code === 0 ? 0 : err))).toEqual(outcomes.map(() => 0));
      const answers = outcomes.map(({ out }) => withoutClock(out));
      for (const other of answers) expect(other).toEqual(answers[0]);
      const alone = await run(FIXTURE_HOME, [
        'overview',
        '-f',
        'json',
        '--warehouse',
        join(temporaryFolder(), 'alone.duckdb'),
      ]);
      expect(withoutClock(alone.out)).toEqual(answers[0]);
      expect(fingerprint(FIXTURE_HOME)).toEqual(before);
    },
    TIMEOUT,
  );
});

describe('a file that is no warehouse', () => {
  async function expectRefused(file: string, codes: readonly number[]): Promise<void> {
    const before = digestOf(file);
    for (const args of [['overview'], ['load'], ['query', 'select count(*) from sessions'], ['doctor']]) {
      const { code, out, err } = await run(FIXTURE_HOME, [...args, '--warehouse', file]);
      // The doctor may report what is wrong and go on.
      if (args[0] === 'doctor') expect(code).not.toBe(70);
      else expect(codes, `${args.join(' ')}: ${out}${err}`).toContain(code);
      expect(err).not.toMatch(/\n\s+at .*:\d+:\d+/);
      if (args[0] !== 'doctor') expect(err.trim()).not.toBe('');
      expect(digestOf(file), `bytes after ${args.join(' ')}`).toBe(before);
    }
  }

  test(
    'text',
    async () => {
      const file = join(temporaryFolder(), 'notes.duckdb');
      writeFileSync(file, 'Remember the milk.\n'.repeat(2000));
      await expectRefused(file, [65]);
    },
    TIMEOUT,
  );

  test(
    'a DuckDB file of somebody else',
    async () => {
      const file = join(temporaryFolder(), 'other.duckdb');
      const connection = await connect(file);
      await connection.execute('create table sales as select range as id from range(1000)');
      await connection.execute('checkpoint');
      connection.close();
      await expectRefused(file, [65]);
    },
    TIMEOUT,
  );

  test(
    'half a warehouse',
    async () => {
      const file = join(temporaryFolder(), 'half.duckdb');
      expect((await run(FIXTURE_HOME, ['load', '--warehouse', file])).code).toBe(0);
      truncateSync(file, Math.floor(readFileSync(file).length / 2 / 4096) * 4096);
      const before = digestOf(file);
      const { code, err } = await run(FIXTURE_HOME, ['overview', '--warehouse', file]);
      expect([1, 65], err).toContain(code);
      expect(digestOf(file)).toBe(before);
    },
    TIMEOUT,
  );

  test(
    'a folder',
    async () => {
      const folder = join(temporaryFolder(), 'folder.duckdb');
      mkdirSync(folder);
      const { code, err } = await run(FIXTURE_HOME, ['overview', '--warehouse', folder]);
      expect([1, 64, 65], err).toContain(code);
      expect(err).not.toMatch(/\n\s+at .*:\d+:\d+/);
    },
    TIMEOUT,
  );

  test(
    'a warehouse that may only be read',
    async ({ skip }) => {
      const file = join(temporaryFolder(), 'read-only.duckdb');
      expect((await run(FIXTURE_HOME, ['load', '--warehouse', file])).code).toBe(0);
      chmodSync(file, 0o444);
      let isWritable = true;
      try {
        accessSync(file, constants.W_OK);
      } catch {
        isWritable = false;
      }
      if (isWritable) skip('this user may write everything');
      const before = digestOf(file);
      const fresh = await run(multipliedHome(1), ['overview', '--warehouse', file]);
      expect([0, 1, 65], fresh.err).toContain(fresh.code);
      expect(fresh.err).not.toMatch(/\n\s+at .*:\d+:\d+/);
      expect(digestOf(file)).toBe(before);
    },
    TIMEOUT,
  );
});
