/** Amp's file among the logs beside the repository. It is made by hand and holds no usage: no answers are kept. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { recogniseFile } from '../../src/ingest/recognise.ts';
import { CORPUS, filesBelow, rowsOf, withLoads } from '../adapters/load.ts';

const FOLDER = join(CORPUS, 'amp');
const hasCorpus = existsSync(FOLDER);

describe.skipIf(!hasCorpus)('the corpus', () => {
  test('takes its own, and nothing of other agents', () => {
    const ours = filesBelow(CORPUS).filter((path) => recogniseFile(path, adapters)?.adapter.id === 'amp');
    expect(ours).toEqual(filesBelow(FOLDER));
  });

  test('a thread without usage has its prompt and its times', async () => {
    await withLoads(FOLDER, [filesBelow(FOLDER)], async (connection) => {
      expect(
        await rowsOf(
          connection,
          'select native_session_id, turn_count, llm_call_count, started_at, ended_at from v1.sessions',
        ),
      ).toEqual([
        {
          native_session_id: 'thread-001',
          turn_count: 1,
          llm_call_count: 0,
          started_at: '2023-11-14T22:13:20.000Z',
          ended_at: '2023-11-14T22:13:25.000Z',
        },
      ]);
      expect(await rowsOf(connection, 'select * from v1.rejects')).toEqual([]);
    });
  });
});
