/** Forgetting as a command: what it asks, says and leaves in the files. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forget } from '../../src/ingest/forget.ts';
import { connect } from '../../src/warehouse/connection.ts';
import { callCli } from './call-cli.ts';
import { EXAMPLE, type Ran } from './run-cli.ts';

const TIMEOUT = 120_000;
const SESSION = '6a87a9dc-6cd5-497a-acab-a1d82d7e371a';
/** Stands in the session's log: as its folder and in a command. */
const FOLDER = 'planted-folder-q7x2kv';
const COMMAND = 'planted-command-w3vz8m';

let folder: string;
let logs: string;
let log: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'agenttrace-forget-'));
  logs = join(folder, 'logs');
  file = join(folder, 'w.duckdb');
  const projects = join(EXAMPLE, '.claude', 'projects');
  const payments = readdirSync(projects).find((name) => name.includes('payments')) ?? '';
  cpSync(join(projects, payments), logs, { recursive: true });
  log = join(logs, `${SESSION}.jsonl`);
  const planted = readFileSync(log, 'utf8')
    .replaceAll('/home/dev/payments-api', `/home/dev/${FOLDER}`)
    .replaceAll('npm run migrate', `npm run migrate -- ${COMMAND}`);
  writeFileSync(log, planted);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const call = (...words: readonly string[]): Promise<Ran> =>
  callCli([...words, '--warehouse', file], { cwd: folder });
const reload = (): Promise<Ran> => call('load', '-d', logs);

/** Files beside the warehouse, itself with them, in which a planted word stands. */
const tellingFiles = (): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(logs))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => [FOLDER, COMMAND, SESSION].some((word) => readFileSync(path).includes(word)));

async function sessions(): Promise<readonly string[]> {
  const { out, err } = await call(
    'query',
    'select native_session_id from sessions',
    '-f',
    'jsonl',
    '--no-refresh',
  );
  expect(err).toBe('');
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => String(JSON.parse(line).native_session_id));
}

test(
  'asks first, says what goes, leaves no byte of it, and lets it come back',
  async () => {
    expect((await reload()).code).toBe(0);
    const before = await sessions();
    expect(before).toContain(SESSION);
    expect(tellingFiles()).toEqual([file]);
    const bytes = readFileSync(file);

    const unasked = await call('forget', '6a87');
    expect([unasked.code, unasked.err]).toEqual([
      64,
      expect.stringContaining('--yes removes without asking'),
    ]);
    const dry = await call('forget', '6a87', '--dry-run', '-f', 'json');
    expect(JSON.parse(dry.out)).toMatchObject([
      { session_id: `claude-code:${SESSION}`, kind: 'main', agent: 'claude-code' },
    ]);
    expect(dry.err).toMatch(/would remove session .*: \d+ rows/);
    expect(readFileSync(file).equals(bytes)).toBe(true);

    mkdirSync(`${file}.answers`);
    writeFileSync(join(`${file}.answers`, 'kept.json'), FOLDER);
    const done = await call('forget', '6a87', '--yes');
    expect(done.code, done.err).toBe(0);
    expect(done.err).toMatch(/removed session .*: \d+ rows\. The logs on disk are as they were/);
    expect(tellingFiles()).toEqual([]);
    expect(existsSync(`${file}.answers`)).toBe(false);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await sessions()).toEqual(before.filter((id) => id !== SESSION));

    await reload();
    expect(await sessions()).not.toContain(SESSION);
    expect(tellingFiles()).toEqual([]);
    const again = await call('forget', SESSION, '--yes');
    expect(again.err).toContain('forgotten before');
    const list = JSON.parse((await call('forget', '-f', 'json')).out);
    expect(list).toMatchObject([{ what: 'session', agent: 'claude-code', source_count: 1 }]);
    expect((await call('forget', '--undo', 'beef')).code).toBe(66);

    expect((await call('forget', '--undo', list[0].id)).code).toBe(0);
    await reload();
    expect([...(await sessions())].sort()).toEqual([...before].sort());
  },
  TIMEOUT,
);

test(
  'finishes what a run that was broken off had begun',
  async () => {
    await reload();
    const connection = await connect(file);
    await forget(connection, { target: { kind: 'source', path: log }, now: new Date() });
    connection.close();
    // DuckDB leaves the bytes of what it deletes: without this the rest would show nothing.
    expect(tellingFiles()).toEqual([file]);
    mkdirSync(`${file}.answers`, { recursive: true });
    writeFileSync(join(`${file}.answers`, 'kept.json'), FOLDER);
    const listed = await call('forget');
    expect(listed.err).toContain('anew');
    expect(listed.out).toMatch(/log +claude-code/);
    expect(tellingFiles()).toEqual([]);
    expect(existsSync(`${file}.answers`)).toBe(false);
    expect((await call('forget')).err).toBe('');
  },
  TIMEOUT,
);

test('a folder, an unknown session and a missing warehouse are told', async () => {
  expect((await call('forget', logs, '--yes')).err).toContain('one by one');
  expect((await call('forget', 'nothing-like-it', '--yes')).code).toBe(66);
  const { code, err } = await callCli(['forget', 'x', '--yes', '--warehouse', join(folder, 'none.duckdb')]);
  expect([code, err]).toEqual([66, expect.stringContaining('There is no warehouse yet')]);
});
