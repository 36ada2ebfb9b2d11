/** Files beside a log that tell of it: taken up when they come late, and no reason to read it again when they say what they said. */
import { appendFileSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planRefresh } from '../../src/ingest/refresh.ts';
import type { Connection } from '../../src/warehouse/connection.ts';
import {
  copySample,
  differences,
  dump,
  filesBelow,
  load,
  newWarehouse,
  ROOT,
  rowsOf,
  temporaryFolder,
  withHome,
} from './load.ts';

const homeOf = (agent: string, sample: string): string => {
  const home = temporaryFolder();
  copySample(join(ROOT, 'adapters', agent, 'samples', sample, 'input'), home);
  return home;
};

const fileIn = (home: string, ending: string): string => {
  const path = filesBelow(home).find((file) => file.endsWith(ending));
  if (path === undefined) throw new Error(`no ${ending} in ${home}`);
  return path;
};

const planned = async (connection: Connection, home: string) =>
  (await planRefresh({ connection, home, env: {}, now: new Date(), host: 'h', userName: null })).comparison;

const kindsOf = async (connection: Connection, home: string): Promise<readonly string[]> =>
  (await planned(connection, home)).changes.map(({ kind }) => kind);

async function withNew(use: (connection: Connection) => Promise<void>): Promise<void> {
  const connection = await newWarehouse();
  try {
    await use(connection);
  } finally {
    connection.close();
  }
}

test.each([
  ['qwen-code', 'subagent', 'agent-explore-7f3c.meta.json'],
  ['kimi-cli', 'fork', '0000000004/state.json'],
  ['kimi-cli', 'subagents', 'kimi.json'],
  ['kimi-code', 'fork', '0000000004/state.json'],
  ['gemini-cli', 'minimal', 'projects.json'],
  ['copilot-cli', 'folder-and-flat', 'workspace.yaml'],
  ['cursor', 'transcripts', '.workspace-trusted'],
  ['cursor', 'workspace-and-global', 'workspace.json'],
  ['openclaw', 'archives', 'sessions.json'],
  ['omp', 'subagents', '0000000001.jsonl'],
])('%s %s: %s that comes after its log counts as one that was there', async (agent, sample, ending) => {
  const home = homeOf(agent, sample);
  const whole = await withHome(home, dump);
  const path = fileIn(home, ending);
  const text = readFileSync(path);
  rmSync(path);
  await withNew(async (connection) => {
    await load(connection, home);
    writeFileSync(path, text);
    await load(connection, home);
    const late = differences(whole, await dump(connection));
    expect(late.filter((line) => !/^sources .*: modified_at \S+ → \S+$/.test(line))).toEqual([]);
  });
});

test('a neighbour that is written again, or is gone for a moment, is no reason to read its log', async () => {
  const home = homeOf('kimi-code', 'fork');
  const path = fileIn(home, '0000000004/state.json');
  const text = readFileSync(path, 'utf8');
  await withNew(async (connection) => {
    await load(connection, home);
    writeFileSync(path, JSON.stringify({ ...JSON.parse(text), updatedAt: 'later' }));
    expect(await planned(connection, home)).toMatchObject({ changes: [], restamped: [{}] });
    // With the next log that is loaded, what was seen is noted.
    appendFileSync(fileIn(home, '0000000003/agents/main/wire.jsonl'), '\n');
    await load(connection, home);
    expect(await planned(connection, home)).toMatchObject({ changes: [], restamped: [] });
    rmSync(path);
    expect(await kindsOf(connection, home)).toEqual([]);
    const log = fileIn(home, '0000000004/agents/main/wire.jsonl');
    appendFileSync(log, '\n');
    await load(connection, home);
    writeFileSync(path, text);
    expect(await kindsOf(connection, home)).toEqual([]);
    writeFileSync(path, JSON.stringify({ ...JSON.parse(text), workDir: '/home/dev/elsewhere' }));
    expect(await kindsOf(connection, home)).toEqual(['rewritten']);
  });
});

test("Kimi CLI's settings of today are not those of the sessions of yesterday", async () => {
  const home = homeOf('kimi-cli', 'subagents');
  const models = (connection: Connection) =>
    rowsOf(connection, 'select distinct model_raw from v1.llm_calls order by all');
  await withNew(async (connection) => {
    await load(connection, home);
    const before = await models(connection);
    const settings = fileIn(home, 'config.toml');
    writeFileSync(settings, 'default_model = "another"\n');
    const folders = fileIn(home, 'kimi.json');
    utimesSync(folders, new Date(), new Date());
    await load(connection, home);
    expect(await models(connection)).toEqual(before);
  });
});
