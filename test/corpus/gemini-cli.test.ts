/** Real Gemini CLI sessions against answers computed by a program that shares no code with this one. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { recogniseFile } from '../../src/ingest/recognise.ts';
import { CORPUS, copyInto, rowsOf, temporaryFolder, withLoads } from '../adapters/load.ts';

interface Truth {
  readonly session_id: string;
  readonly types: Readonly<Record<string, number>>;
  readonly usage_by_model: Readonly<
    Record<string, Readonly<Record<'messages' | 'input' | 'output' | 'cached' | 'thoughts' | 'tool', number>>>
  >;
  readonly tool_calls: number;
  readonly tool_errors: number;
  readonly tool_cancelled: number;
  readonly start: string;
}

const TRUTH = join(CORPUS, 'truth.json');
const hasCorpus = existsSync(TRUTH);

const logs: readonly (readonly [name: string, truth: Truth])[] = hasCorpus
  ? Object.entries(
      (JSON.parse(readFileSync(TRUTH, 'utf8')) as { files: Readonly<Record<string, Truth>> }).files,
    ).filter(([name]) => name.startsWith('gemini/'))
  : [];

/** Words of the program that stand as a user's: the truth counts them as messages, and they are no prompts. */
const ownWords = (path: string): number =>
  (readFileSync(path, 'utf8').match(/"content":\s*"System: Please continue\."/g) ?? []).length;

describe.skipIf(!hasCorpus)('the corpus', () => {
  test.each(logs)('%s', async (name, truth) => {
    const home = temporaryFolder();
    const path = join(home, `renamed-${basename(name)}`);
    copyInto(join(CORPUS, name), path);
    await withLoads(home, [[path], [path]], async (connection) => {
      const usage = await rowsOf(
        connection,
        `select model_raw as model, count(*) as messages,
            sum(uncached_input_tokens + cache_read_tokens) as input, sum(cache_read_tokens) as cached,
            sum(output_tokens) as output, sum(reasoning_tokens) as thoughts
        from v1.llm_calls group by all order by all`,
      );
      expect(usage).toEqual(
        Object.entries(truth.usage_by_model).map(
          ([model, { messages, input, cached, output, thoughts, tool }]) => ({
            model,
            messages,
            input: input + tool,
            cached,
            output: output + thoughts,
            thoughts,
          }),
        ),
      );
      const [facts] = await rowsOf(
        connection,
        `select
            (select count(*) from v1.tool_calls) as tool_calls,
            (select count(*) from v1.tool_calls where status = 'failed') as tool_errors,
            (select count(*) from v1.tool_calls where status = 'rejected') as tool_cancelled,
            (select count(*) from v1.turns) as prompts,
            (select count(*) from v1.rejects) as rejects,
            (select min(started_at) from v1.sessions) as start,
            (select min(native_session_id) from v1.sessions) as session_id`,
      );
      expect(facts).toEqual({
        tool_calls: truth.tool_calls,
        tool_errors: truth.tool_errors,
        tool_cancelled: truth.tool_cancelled,
        prompts: (truth.types.user ?? 0) - ownWords(path),
        rejects: 0,
        start: truth.start,
        session_id: truth.session_id,
      });
    });
  });

  test('knows its own among all agents', () => {
    const ids = logs.map(([name]) => recogniseFile(join(CORPUS, name), adapters)?.adapter.id);
    expect(ids).toEqual(logs.map(() => 'gemini-cli'));
  });
});
