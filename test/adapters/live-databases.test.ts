/** The databases of agents at work: read with what is only in their write-ahead logs, and left as they are to the byte. */
import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { type Connection, connect } from '../../src/warehouse/connection.ts';
import {
  copyInto,
  copySample,
  filesBelow,
  fingerprint,
  load,
  ROOT,
  rowsOf,
  temporaryFolder,
} from './load.ts';

const TIMEOUT = 120_000;
const WRITER = join(ROOT, 'test/read/sqlite-writer.mjs');

/** Agents that keep a database, each with a sample that has one. */
const samples = adapters
  .filter(({ forms }) => Object.values(forms).some(({ format }) => format === 'sqlite'))
  .map(({ id }) => {
    const folder = join(ROOT, 'adapters', id, 'samples');
    const script = filesBelow(folder).find((path) => path.endsWith('.sql'));
    return {
      id,
      input: script === undefined ? undefined : script.slice(0, script.indexOf('/input/') + '/input'.length),
    };
  });

/** An agent that has its database open: what it wrote is in the write-ahead log alone. */
async function startAgent(script: string): Promise<{ readonly path: string; readonly writer: ChildProcess }> {
  const path = script.slice(0, -'.sql'.length);
  const writer = fork(WRITER);
  const tell = async (order: object): Promise<void> => {
    writer.send(order);
    const [answer] = (await once(writer, 'message')) as [{ readonly error?: string }];
    expect(answer.error).toBeUndefined();
  };
  await tell({ path });
  await tell({ sql: 'pragma journal_mode = wal' });
  await tell({ sql: 'pragma wal_autocheckpoint = 0' });
  await tell({ sql: readFileSync(script, 'utf8') });
  rmSync(script);
  return { path, writer };
}

/** What loading must leave alone, down to the bytes. */
const traces = (home: string): readonly string[] => [
  ...fingerprint(home),
  ...filesBelow(home).map((path) => createHash('sha256').update(readFileSync(path)).digest('hex')),
];

const COUNTS = `select agent, count(*) as sessions, sum(turn_count)::bigint as turns, sum(llm_call_count)::bigint as calls,
    sum(tool_call_count)::bigint as tools, sum(total_tokens)::bigint as tokens
  from v1.sessions group by agent order by agent`;

describe('databases of agents at work', () => {
  const live = temporaryFolder();
  const still = temporaryFolder();
  let agents: readonly { readonly path: string; readonly writer: ChildProcess }[] = [];
  let connection: Connection;

  beforeAll(async () => {
    for (const { input } of samples) {
      if (input === undefined) continue;
      copyInto(input, live);
      copySample(input, still);
    }
    agents = await Promise.all(
      filesBelow(live)
        .filter((path) => path.endsWith('.sql'))
        .map(startAgent),
    );
    connection = await connect(join(temporaryFolder(), 'warehouse.duckdb'));
  }, TIMEOUT);

  afterAll(() => {
    connection.close();
    for (const { writer } of agents) writer.kill();
  });

  test('each agent that keeps one has a sample of it', () => {
    expect(samples.filter(({ input }) => input === undefined)).toEqual([]);
    expect(samples.length).toBeGreaterThan(6);
  });

  test('are read as if they were closed, and no file is touched, locked or made', {
    timeout: TIMEOUT,
  }, async () => {
    for (const { path } of agents)
      expect(existsSync(`${path}-wal`) && existsSync(`${path}-shm`), path).toBe(true);
    const before = traces(live);
    await load(connection, live);
    expect(traces(live)).toEqual(before);
    const told = await rowsOf(connection, COUNTS);
    expect(told.map(({ agent }) => agent)).toEqual(expect.arrayContaining(samples.map(({ id }) => id)));

    const closed = await connect(join(temporaryFolder(), 'warehouse.duckdb'));
    await load(closed, still);
    expect(told).toEqual(await rowsOf(closed, COUNTS));
    closed.close();

    for (const { writer, path } of agents) {
      writer.send({ sql: 'create table if not exists later (at integer); insert into later values (1)' });
      expect(await once(writer, 'message'), path).toEqual([{ rows: [] }, undefined]);
    }
  });
});
