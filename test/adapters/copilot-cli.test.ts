/** What samples cannot show of Copilot: a log that grows line by line, a store that its agent has open, whose files are not its own. */
import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'libsql';
import { expect, test } from 'vitest';
import { copilotCli } from '../../adapters/copilot-cli/adapter.ts';
import { recogniseFile } from '../../src/ingest/recognise.ts';
import {
  copySample,
  differences,
  dump,
  fingerprint,
  load,
  logsOf,
  newWarehouse,
  ROOT,
  rowsOf,
  temporaryFolder,
  withHome,
  withLoads,
} from './load.ts';

const SAMPLES = join(ROOT, 'adapters/copilot-cli/samples');

const homeOf = (sample: string): string => {
  const home = temporaryFolder();
  copySample(join(SAMPLES, sample, 'input'), home);
  return home;
};

test.each(['resumed-totals', 'crash-after-resume', 'messages-only', 'tools', 'subagent'])(
  '%s, loaded in pieces as it grows, is as loaded at once',
  async (sample) => {
    const home = homeOf(sample);
    const [log = ''] = logsOf(home);
    const pieces = readFileSync(log, 'utf8').match(/(?:[^\n]*\n){1,2}|[^\n]+$/g) ?? [];
    const connection = await newWarehouse();
    try {
      writeFileSync(log, '');
      for (const piece of pieces) {
        appendFileSync(log, piece);
        await load(connection, home);
      }
      const grown = await dump(connection);
      expect(differences(await withHome(home, dump), grown)).toEqual([]);
    } finally {
      connection.close();
    }
  },
  60_000,
);

const CALLS = `select s.native_session_id as session, c.source_line, c.output_tokens, c.granularity
  from v1.llm_calls c join v1.sessions s using (session_id) order by all`;

test('a store that its agent has open is read as it is, and goes on where it ended', async () => {
  const home = homeOf('session-store');
  const path = join(home, '.copilot/session-store.db');
  const agent = new Database(path);
  const connection = await newWarehouse();
  try {
    agent.exec('pragma journal_mode = wal');
    await load(connection, home);
    const before = await rowsOf(connection, CALLS);
    expect(before.map(({ output_tokens }) => output_tokens)).toEqual([30, 12, 50, 9]);
    agent.exec(`insert into assistant_usage_events (session_id, model, input_tokens, output_tokens, cache_read_tokens,
      cache_write_tokens, created_at) values ('cs-8', 'gpt-5.4', 700, 11, 0, 0, '2026-05-08 07:00:09')`);
    const files = [path, `${path}-wal`].map((file) => [readFileSync(file, 'latin1'), statSync(file).mtimeMs]);
    await load(connection, home);
    expect(
      [path, `${path}-wal`].map((file) => [readFileSync(file, 'latin1'), statSync(file).mtimeMs]),
    ).toEqual(files);
    expect(await rowsOf(connection, CALLS)).toEqual([
      ...before,
      { session: 'cs-8', source_line: 6, output_tokens: 11, granularity: 'call' },
    ]);
    await load(connection, home);
    expect(await rowsOf(connection, CALLS)).toHaveLength(5);
  } finally {
    connection.close();
    agent.close();
  }
});

test('a store made anew is read from its start', async () => {
  const home = homeOf('session-store');
  const path = join(home, '.copilot/session-store.db');
  const connection = await newWarehouse();
  try {
    await load(connection, home);
    const store = new Database(path);
    store.exec(`delete from assistant_usage_events; insert into assistant_usage_events (id, session_id, model, input_tokens,
      output_tokens, created_at) values (1, 'cs-8', 'gpt-5.4', 100, 3, '2026-05-09 07:00:09')`);
    store.close();
    await load(connection, home);
    const rows = await rowsOf(connection, `select output_tokens from v1.llm_calls where output_tokens = 3`);
    expect(rows).toHaveLength(1);
  } finally {
    connection.close();
  }
});

test('a store of few columns is read as far as it goes, and nothing is written beside it', async () => {
  const home = temporaryFolder();
  const path = join(home, '.copilot/session-store.db');
  mkdirSync(dirname(path), { recursive: true });
  const store = new Database(path);
  store.exec(`create table assistant_usage_events (session_id text, model text, input_tokens integer, output_tokens integer);
    insert into assistant_usage_events values ('s', 'gpt-5.4', 10, 2)`);
  store.close();
  const before = fingerprint(home);
  await withHome(home, async (connection) => {
    expect(await rowsOf(connection, CALLS)).toEqual([
      { session: 's', source_line: 1, output_tokens: 2, granularity: 'call' },
    ]);
  });
  expect(fingerprint(home)).toEqual(before);
});

const START = (data: object): string =>
  `${JSON.stringify({ type: 'session.start', id: 'e1', timestamp: '2026-05-08T06:00:00Z', data: { sessionId: 's', producer: 'copilot-agent', ...data } })}\n`;

test.each([
  ['renamed.jsonl', 'jsonl', START({ copilotVersion: '1.0.90' })],
  ['long.jsonl', 'jsonl', START({ copilotVersion: '1.0.90', context: { cwd: 'x'.repeat(70_000) } })],
  ['GitHub.copilot-chat/transcripts/s.jsonl', undefined, START({ copilotVersion: '0.43.0' })],
  ['chat.jsonl', undefined, START({ copilotVersion: '0.43.0', vscodeVersion: '1.110.0' })],
  ['other.jsonl', undefined, '{"type":"session.start","data":{"sessionId":"s"}}\n'],
  ['hook.jsonl', undefined, '{"type":"user.message","prompt":"x","session_id":"s"}\n'],
  ['span.jsonl', undefined, '{"traceId":"a","spanId":"b","name":"chat"}\n'],
])('%s is recognised as %s', (name, form, text) => {
  const path = join(temporaryFolder(), name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  expect(recogniseFile(path, [copilotCli])?.form).toBe(form);
});

test('a store is known by its table of usage; the chat has one of the same name without', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'any.db');
  const store = new Database(path);
  store.exec('create table sessions (id text); create table turns (session_id text)');
  expect(recogniseFile(path, [copilotCli])).toBeUndefined();
  store.exec('create table assistant_usage_events (session_id text, input_tokens integer)');
  store.close();
  expect(recogniseFile(path, [copilotCli])?.form).toBe('store');
});

test('places on every platform', () => {
  const at = (platform: NodeJS.Platform, home: string, env: Record<string, string> = {}): readonly string[] =>
    copilotCli.places({ platform, home, env, cwd: home }).map(({ path }) => path);
  expect(at('linux', '/home/dev')).toEqual([
    '/home/dev/.copilot/session-state',
    '/home/dev/.copilot/session-store.db',
  ]);
  expect(at('win32', 'C:\\Users\\dev')[0]).toBe('C:\\Users\\dev\\.copilot\\session-state');
  expect(at('darwin', '/home/dev', { COPILOT_HOME: '/data/copilot' })[1]).toBe(
    '/data/copilot/session-store.db',
  );
});

test('the order of loading store and events does not matter', async () => {
  const home = homeOf('session-store');
  const logs = logsOf(home);
  expect(logs).toHaveLength(2);
  const whole = await withHome(home, dump);
  for (const order of [logs, [...logs].reverse()]) {
    const loads = order.map((log) => [log]);
    expect(differences(whole, await withLoads(home, loads, dump))).toEqual([]);
  }
});

test('folder and flat file, both named, are one session', async () => {
  const home = homeOf('folder-and-flat');
  const state = join(home, '.copilot', 'session-state');
  const both = ['cs-6.jsonl', 'cs-6/events.jsonl'].map((name) => join(state, name));
  await withLoads(home, [both], async (connection) => {
    expect(await rowsOf(connection, 'select count(*) as count from v1.sources')).toEqual([{ count: 2 }]);
    expect(await rowsOf(connection, 'select output_tokens from v1.llm_calls order by all')).toEqual([
      { output_tokens: 12 },
      { output_tokens: 30 },
    ]);
    expect(await rowsOf(connection, 'select turn_count from v1.sessions')).toEqual([{ turn_count: 2 }]);
  });
});
