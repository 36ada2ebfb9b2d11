/** A load of much, in several portions, is stored in a draft: seen as whole portions, and nothing of it stays. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/warehouse/connection.ts';
import { FIXTURE_HOME, onlyValue, ROOT, type Row, rowsOf, temporaryFolder } from '../adapters/load.ts';
import { type RunOptions, run, withoutClock } from './program.ts';

const TIMEOUT = 300_000;
const LOADED = readFileSync(join(ROOT, 'scripts/generate-logs/loaded.sql'), 'utf8');
/** More than are stored in one portion. */
const AGENTS = ['claude-code', 'codex', 'kimi-code', 'droid', 'qwen-code', 'pi', 'cline'] as const;

type Totals = Readonly<Record<string, Row>>;

let home: string;
let written: Totals;

beforeAll(() => {
  home = temporaryFolder();
  const script = join(ROOT, 'scripts/generate-logs.mjs');
  const output = execFileSync(process.execPath, [
    script,
    '--home',
    home,
    '--agents',
    AGENTS.join(','),
    '--mb',
    '5',
  ]);
  written = JSON.parse(output.toString()) as Totals;
}, TIMEOUT);

/** Of each agent whose sessions a warehouse holds, what it holds of them. */
async function totalsOf(file: string): Promise<Totals> {
  const connection = await connect(file);
  try {
    const rows = await rowsOf(connection, LOADED);
    return Object.fromEntries(rows.map(({ agent, ...totals }) => [String(agent), totals]));
  } finally {
    connection.close();
  }
}

const newFile = (): string => join(temporaryFolder(), 'warehouse.duckdb');

async function load(file: string, options: RunOptions = {}): Promise<void> {
  const { code, err } = await run(home, ['load', '--warehouse', file], options);
  // Killed, it has no code.
  if (code !== null) expect(code, err).toBe(0);
}

test('all of it is there, and nothing else', { timeout: TIMEOUT }, async () => {
  const file = newFile();
  await load(file);
  expect(readdirSync(dirname(file))).toEqual(['warehouse.duckdb']);
  expect(await totalsOf(file)).toEqual(written);
  expect(statSync(file).mode & 0o077).toBe(0);
});

describe('killed', () => {
  for (const delay of [300, 600, 900, 1200, 1500, 1900, 2400]) {
    test(`after ${delay} ms`, { timeout: TIMEOUT }, async () => {
      const file = newFile();
      await load(file, { killAfterMs: delay });
      // Whole agents, as each agent's logs are in one portion; there may be no file yet.
      const held = readdirSync(dirname(file)).includes('warehouse.duckdb') ? await totalsOf(file) : {};
      for (const [agent, totals] of Object.entries(held))
        expect({ agent, totals }).toEqual({ agent, totals: written[agent] });
      expect([0, AGENTS.length - 1, AGENTS.length]).toContain(Object.keys(held).length);
      await load(file);
      expect(await totalsOf(file)).toEqual(written);
      expect(readdirSync(dirname(file))).toEqual(['warehouse.duckdb']);
    });
  }
});

test('ended by Ctrl-C, it leaves nothing behind', { timeout: TIMEOUT }, async () => {
  for (const killAfterMs of [700, 1100, 1500]) {
    const file = newFile();
    const scratch = temporaryFolder();
    const args = ['load', '--warehouse', file];
    const { code } = await run(home, args, { killAfterMs, signal: 'SIGINT', scratch });
    expect([0, 130]).toContain(code);
    expect(readdirSync(dirname(file))).toEqual(['warehouse.duckdb']);
    expect(readdirSync(scratch)).toEqual([]);
  }
});

test('three at once answer alike', { timeout: TIMEOUT }, async () => {
  const file = newFile();
  const outcomes = await Promise.all(
    [1, 2, 3].map(() => run(home, ['overview', '-f', 'json', '--warehouse', file])),
  );
  expect(outcomes.map(({ code, err }) => (code === 0 ? 0 : err))).toEqual([0, 0, 0]);
  const answers = outcomes.map(({ out }) => withoutClock(out));
  for (const other of answers) expect(other).toEqual(answers[0]);
  expect(await totalsOf(file)).toEqual(written);
});

test('a link to a warehouse stays one, and the warehouse keeps its permissions', {
  timeout: TIMEOUT,
}, async () => {
  const file = newFile();
  const link = join(temporaryFolder(), 'link.duckdb');
  await run(FIXTURE_HOME, ['load', '--warehouse', file]);
  chmodSync(file, 0o640);
  symlinkSync(file, link);
  await load(link);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o640);
  const { 'claude-code': mixed, codex: alsoMixed, ...others } = await totalsOf(file);
  expect(mixed?.calls).toBeGreaterThan(Number(written['claude-code']?.calls));
  expect(alsoMixed?.calls).toBeGreaterThan(Number(written.codex?.calls));
  expect(written).toMatchObject(others);
});

test('what stands in the log of writes alone is not lost', { timeout: TIMEOUT }, async () => {
  const file = newFile();
  await run(temporaryFolder(), ['load', '--warehouse', file]);
  const connection = await connect(file, { checkpoint_threshold: '1GB' });
  await connection.execute('pragma disable_checkpoint_on_shutdown');
  await connection.execute(`insert into raw.properties values ('a test', 'kept')`);
  connection.close();
  expect(readdirSync(dirname(file))).toEqual(['warehouse.duckdb', 'warehouse.duckdb.wal']);
  await load(file);
  expect(await totalsOf(file)).toEqual(written);
  const after = await connect(file);
  expect(await onlyValue(after, `select value from raw.properties where name = 'a test'`)).toBe('kept');
  after.close();
});

test('a place where no warehouse can be made', { timeout: TIMEOUT }, async () => {
  const notAFolder = join(temporaryFolder(), 'notes.txt');
  writeFileSync(notAFolder, 'words');
  const { code, err } = await run(home, ['load', '--warehouse', join(notAFolder, 'warehouse.duckdb')]);
  expect(code, err).toBe(1);
  expect(err).toMatch(/^error: The warehouse cannot be made here: not a directory\./);
  expect(err).toContain('--warehouse FILE');
});

test('drafts of processes that are gone are removed, those of others stay', {
  timeout: TIMEOUT,
}, async () => {
  const file = newFile();
  mkdirSync(dirname(file), { recursive: true });
  const gone = '999999999';
  for (const name of [`${gone}.loading`, `${gone}.loading.wal`, `${process.pid}.shown`, `${gone}.notes`])
    writeFileSync(`${file}.${name}`, 'rows');
  await load(file);
  expect(readdirSync(dirname(file)).sort()).toEqual(
    ['warehouse.duckdb', `warehouse.duckdb.${process.pid}.shown`, `warehouse.duckdb.${gone}.notes`].sort(),
  );
});
