/** A folder of logs of all agents under names that say nothing: each is its agent's, none is lost, none counts twice. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { findLogs } from '../../src/ingest/find-logs.ts';
import { CORPUS, load, newWarehouse, rowsOf, temporaryFolder } from '../adapters/load.ts';
import { corpusEntries, hasCorpus } from './real-logs.ts';
import { putSample, sampleCases } from './sample-home.ts';

/** The agent that the corpus names a log after, where ours is called otherwise. Null: none of ours. */
const OURS: Readonly<Record<string, string | null>> = {
  claude: 'claude-code',
  gemini: 'gemini-cli',
  copilot: 'copilot-cli',
  qwen: 'qwen-code',
  grok: null,
  antigravity: null,
};

interface Renamed {
  /** What it was called. */
  readonly was: string;
  readonly agent: string | null;
  /** Whether the agent itself wrote it: what somebody made up for a test may look like any conversation. */
  readonly isLog: boolean;
}

/** Copies a file to the next meaningless name of the folder. */
function createFlatFolder() {
  const folder = temporaryFolder();
  const renamed = new Map<string, Renamed>();
  const take = (path: string, as: Renamed): void => {
    const name = join(folder, `f${String(renamed.size).padStart(4, '0')}`);
    copyFileSync(path, name);
    renamed.set(name, as);
  };
  return { folder, renamed, take };
}

/** What `-d` makes of the folder: files assigned to another agent than theirs, and logs that are nobody's. */
function misjudged(folder: string, renamed: ReadonlyMap<string, Renamed>) {
  const { files } = findLogs({ home: temporaryFolder(), env: {}, paths: [folder] });
  const found = new Map(files.map(({ path, adapter }) => [path, adapter.id]));
  expect(found.size).toBe(files.length);
  const strangers: string[] = [];
  const lost: string[] = [];
  for (const [path, { was, agent, isLog }] of renamed) {
    const got = found.get(path);
    if (got === undefined) {
      if (isLog) lost.push(`${agent}: ${was}`);
    } else if (got !== agent && !(!isLog && got === 'generic'))
      strangers.push(`${was}: ${got}, not ${agent}`);
  }
  return { strangers, lost };
}

/** Every log of every sample, as it stands in its agent's home. */
function sampleLogs(): ReturnType<typeof createFlatFolder> {
  const flat = createFlatFolder();
  for (const { id: agent } of adapters) {
    for (const name of sampleCases(agent)) {
      const home = temporaryFolder();
      putSample(home, { agent, name });
      for (const { path, sizeBytes } of findLogs({ home, env: {} }).files)
        if (sizeBytes > 0)
          flat.take(path, { was: `${agent}/${name}/${path.slice(home.length + 1)}`, agent, isLog: true });
    }
  }
  return flat;
}

describe('a flat folder of meaningless names', () => {
  test('holds the logs of the samples, each known as its agent’s', () => {
    const { folder, renamed } = sampleLogs();
    expect(misjudged(folder, renamed)).toEqual({ strangers: [], lost: [] });
  });

  test.skipIf(!hasCorpus)('holds real logs, each known as its agent’s, and loads', async () => {
    const { folder, renamed, take } = createFlatFolder();
    for (const { file, agent, kind } of corpusEntries)
      take(join(CORPUS, file), {
        was: file,
        agent: OURS[agent] === undefined ? agent : (OURS[agent] ?? null),
        isLog: kind === 'real',
      });
    expect(misjudged(folder, renamed)).toEqual({ strangers: [], lost: [] });
    const connection = await newWarehouse();
    try {
      await load(connection, temporaryFolder(), [folder]);
      const rows = await rowsOf(
        connection,
        'select agent, count(*) as source_count, count(distinct path) as path_count from v1.sources group by agent order by agent',
      );
      for (const { source_count, path_count } of rows) expect(path_count).toBe(source_count);
      const real = corpusEntries.filter(({ kind }) => kind === 'real');
      for (const { agent, source_count } of rows) {
        const mine = real.filter((entry) => (OURS[entry.agent] ?? entry.agent) === agent).length;
        expect(source_count, String(agent)).toBeGreaterThanOrEqual(mine);
      }
    } finally {
      connection.close();
    }
  });
});
