/** The OpenCode logs beside the repository. They are fixtures without computed answers: what they hold was counted by hand. */
import { readdirSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CORPUS, load, rowsOf, temporaryFolder, withLoads } from '../adapters/load.ts';
import { hasCorpus } from './real-logs.ts';

const FOLDER = join(CORPUS, 'opencode');
const files = hasCorpus ? readdirSync(FOLDER).map((name) => join(FOLDER, name)) : [];

const SESSIONS = `
  select native_session_id as id, agent, cwd, turn_count as turns, llm_call_count as calls, tool_call_count as tools,
    started_at, ended_at
  from v1.sessions order by all`;

/** One session in flat files: itself, a prompt and an answer without figures. The other in lines. */
const EXPECTED = [
  {
    id: 'ses_opencode_test',
    agent: 'opencode',
    cwd: null,
    turns: 2,
    calls: 0,
    tools: 0,
    started_at: '2024-01-15T10:03:20.000Z',
    ended_at: '2024-01-15T10:03:55.000Z',
  },
  {
    id: 'ses_test1',
    agent: 'opencode',
    cwd: join(sep, 'tmp', 'test-project'),
    turns: 1,
    calls: 0,
    tools: 0,
    started_at: '2023-11-14T22:13:20.000Z',
    ended_at: '2023-11-14T22:13:23.000Z',
  },
];

describe.skipIf(!hasCorpus)('OpenCode logs', () => {
  test('every file is known by its content', async () => {
    await withLoads(temporaryFolder(), [files], async (connection) => {
      const sources = await rowsOf(
        connection,
        'select path, agent, reject_count from v1.sources order by path',
      );
      expect(
        sources.map(({ path, agent, reject_count }) => [basename(String(path)), agent, reject_count]),
      ).toEqual(
        files
          .map((path) => [basename(path), 'opencode', 0])
          .sort(([left], [right]) => (String(left) < String(right) ? -1 : 1)),
      );
    });
  });

  test('together and one by one, loaded again, they tell the same', async () => {
    for (const loads of [[files], files.map((path) => [path])]) {
      await withLoads(temporaryFolder(), loads, async (connection) => {
        expect(await rowsOf(connection, SESSIONS)).toEqual(EXPECTED);
        await load(connection, temporaryFolder(), files);
        expect(await rowsOf(connection, SESSIONS)).toEqual(EXPECTED);
      });
    }
  });
});
