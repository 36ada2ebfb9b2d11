/** A Qwen Code session that another reader's project keeps, and whether files of other agents are left alone. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { geminiCli } from '../../adapters/gemini-cli/adapter.ts';
import { adapters } from '../../adapters/index.ts';
import { qwenCode } from '../../adapters/qwen-code/adapter.ts';
import { recogniseFile } from '../../src/ingest/recognise.ts';
import { CORPUS, copyInto, filesBelow, rowsOf, temporaryFolder, withLoads } from '../adapters/load.ts';

interface Line {
  readonly type?: string;
  readonly model?: string;
  readonly usageMetadata?: Readonly<Record<string, number>>;
}

const folder = join(CORPUS, 'qwen');
const hasCorpus = existsSync(folder);
const logs = hasCorpus ? filesBelow(folder) : [];

const linesOf = (path: string): readonly Line[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

describe.skipIf(!hasCorpus)('the corpus', () => {
  test.each(logs)('%s', async (log) => {
    const path = join(temporaryFolder(), 'renamed.log');
    copyInto(log, path);
    const answers = linesOf(path).filter(({ usageMetadata }) => usageMetadata !== undefined);
    const sum = (key: string): number =>
      answers.reduce((total, { usageMetadata }) => total + (usageMetadata?.[key] ?? 0), 0);
    await withLoads(temporaryFolder(), [[path], [path]], async (connection) => {
      expect(
        await rowsOf(
          connection,
          `select count(*) as calls, sum(uncached_input_tokens + cache_read_tokens) as prompt,
              sum(cache_read_tokens) as cached, sum(output_tokens) as output, any_value(model_raw) as model
          from v1.llm_calls where agent = 'qwen-code'`,
        ),
      ).toEqual([
        {
          calls: answers.length,
          prompt: sum('promptTokenCount'),
          cached: sum('cachedContentTokenCount'),
          output: sum('totalTokenCount') - sum('promptTokenCount'),
          model: answers[0]?.model,
        },
      ]);
      expect(
        await rowsOf(
          connection,
          `select
              (select count(*) from v1.tool_calls where status <> 'pending') as results,
              (select count(*) from v1.turns) as prompts,
              (select count(*) from v1.api_errors) as api_errors,
              (select count(*) from v1.rejects) as rejects`,
        ),
      ).toEqual([
        {
          results: linesOf(path).filter(({ type }) => type === 'tool_result').length,
          prompts: linesOf(path).filter(({ type }) => type === 'user').length,
          api_errors: 0,
          rejects: 0,
        },
      ]);
    });
  });

  test('knows its own among all agents', () => {
    expect(logs.map((path) => recogniseFile(path, adapters)?.adapter.id)).toEqual(
      logs.map(() => 'qwen-code'),
    );
  });

  test.each([
    [qwenCode.id, qwenCode, '/qwen/'],
    [geminiCli.id, geminiCli, '/gemini/'],
  ])('%s takes nothing of other agents, nor of Antigravity or Grok', (_, adapter, own) => {
    const taken = filesBelow(CORPUS).filter(
      (path) => recogniseFile(path, [adapter]) !== undefined && !path.includes(own),
    );
    expect(taken).toEqual([]);
  });
});
