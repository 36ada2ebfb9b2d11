/** Cline's files among the logs beside the repository. They are made by hand, in a form of their own: no answers are kept. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { recogniseFile } from '../../src/ingest/recognise.ts';
import { CORPUS, copyInto, filesBelow, rowsOf, temporaryFolder, withLoads } from '../adapters/load.ts';

const FOLDER = join(CORPUS, 'cline');
const hasCorpus = existsSync(FOLDER);
const FAMILY = ['cline', 'roo-code', 'kilo-code'];

const formOf = (path: string): string | undefined => {
  const found = recogniseFile(path, adapters);
  return found && FAMILY.includes(found.adapter.id) ? `${found.adapter.id} ${found.form}` : undefined;
};

describe.skipIf(!hasCorpus)('the corpus', () => {
  test('takes its own, and nothing of other agents', () => {
    expect(filesBelow(CORPUS).filter((path) => formOf(path) !== undefined)).toEqual(filesBelow(FOLDER));
    expect(filesBelow(FOLDER).map(formOf)).toEqual(['cline conversation', 'cline metadata', 'cline ui']);
  });

  test('its three files are one session, told by what the task shows', async () => {
    const folder = temporaryFolder();
    const files = filesBelow(FOLDER).map((source) => {
      const path = join(folder, basename(source));
      copyInto(source, path);
      return path;
    });
    for (const order of [files, files.toReversed()]) {
      await withLoads(
        folder,
        order.map((path) => [path]),
        async (connection) => {
          const sessions = await rowsOf(
            connection,
            'select turn_count, llm_call_count, tool_call_count, started_at, ended_at from v1.sessions',
          );
          expect(sessions).toEqual([
            {
              turn_count: 1,
              llm_call_count: 0,
              tool_call_count: 0,
              started_at: '2023-11-14T22:13:20.000Z',
              ended_at: '2023-11-14T22:13:21.000Z',
            },
          ]);
          expect(await rowsOf(connection, 'select * from v1.rejects')).toEqual([]);
        },
      );
    }
  });
});
