/** Databases and exports of Cursor that people published: each is known, and what a separate reader counts in them is found. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { recogniseFile } from '../../src/ingest/recognise.ts';
import { CORPUS, type Row, rowsOf, temporaryFolder, withLoads } from '../adapters/load.ts';

const FOLDER = join(CORPUS, 'cursor');
const hasCorpus = existsSync(FOLDER);

interface Expected {
  readonly form: string;
  readonly sessions: number;
  readonly turns: number;
  readonly answers: number;
  readonly calls: number;
  readonly output: number | null;
}

const FILES: Readonly<Record<string, Expected>> = {
  // 26 conversations of two to several messages, and 5 tabs whose last message is the empty input box.
  'slevin48__cursor-history__state.vscdb': {
    form: 'state',
    sessions: 31,
    turns: 41 + 22,
    answers: 41 + 22,
    calls: 0,
    output: null,
  },
  'axsaucedo__agent_data_duckdb__test-data-cursor-state.vscdb': {
    form: 'state',
    sessions: 1,
    turns: 1,
    answers: 0,
    calls: 1,
    output: 34,
  },
  // 300 messages in turn, the n-th with n and 2n tokens; those of prompts are no call's.
  'axsaucedo__agent_data_duckdb__test-data-cursor-state-large.vscdb': {
    form: 'state',
    sessions: 1,
    turns: 150,
    answers: 150,
    calls: 150,
    output: 2 * 150 * 150,
  },
  'Dicklesworthstone__coding_agent_session_search__s-cursor-headers-only-workspace-file-uri.json': {
    form: 'export',
    sessions: 1,
    turns: 1,
    answers: 0,
    calls: 0,
    output: null,
  },
  'Dicklesworthstone__coding_agent_session_search__headers-only-workspace-vscode-remote-uri.json': {
    form: 'export',
    sessions: 1,
    turns: 0,
    answers: 1,
    calls: 0,
    output: null,
  },
  'Dicklesworthstone__coding_agent_session_search__ursor-headers-only-workspace-project-dir.json': {
    form: 'export',
    sessions: 1,
    turns: 1,
    answers: 1,
    calls: 0,
    output: null,
  },
};

async function toldOf(path: string): Promise<Row | undefined> {
  return withLoads(temporaryFolder(), [[path], [path]], async (connection) => {
    const [row] = await rowsOf(
      connection,
      `select
        (select count(*) from v1.sessions) as sessions,
        (select count(*) from v1.turns) as turns,
        (select count(*) from raw.events where event_type = 'assistant') as answers,
        (select count(*) from v1.llm_calls) as calls,
        (select sum(output_tokens)::bigint from v1.llm_calls) as output,
        (select count(*) from v1.rejects) as rejects`,
    );
    return row;
  });
}

describe.skipIf(!hasCorpus)('real and invented logs of Cursor', () => {
  for (const [name, { form, ...expected }] of Object.entries(FILES)) {
    test(name, async () => {
      const path = join(FOLDER, name);
      const found = recogniseFile(path, adapters);
      expect([found?.adapter.id, found?.form]).toEqual(['cursor', form]);
      expect(await toldOf(path)).toEqual({ ...expected, rejects: 0 });
    });
  }

  test('the folder of a workspace is known by its URI', async () => {
    const cwds = await withLoads(
      temporaryFolder(),
      [Object.keys(FILES).map((name) => join(FOLDER, name))],
      async (connection) =>
        rowsOf(connection, 'select distinct cwd from v1.sessions where cwd is not null order by cwd'),
    );
    expect(cwds.map(({ cwd }) => basename(String(cwd))).sort()).toEqual([
      'cursor project',
      'cursor-fixture',
      'remote-cursor',
    ]);
  });
});
