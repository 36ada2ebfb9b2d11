/** Real logs of Copilot CLI against answers computed by a program that shares no code with this one. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Connection } from '../../src/warehouse/connection.ts';
import { CORPUS, rowsOf, temporaryFolder, withLoads } from '../adapters/load.ts';

interface Truth {
  readonly session_id: string;
  readonly version: string;
  readonly types: Readonly<Record<string, number>>;
  readonly output_tokens: number;
  readonly tool_starts: number;
  readonly tool_completes: number;
  readonly tool_failures: number;
  readonly shutdown_model_metrics: Readonly<Record<string, Metrics>> | null;
  readonly first_ts: string;
  readonly last_ts: string;
}

interface Metrics {
  readonly requests: { readonly count: number };
  readonly usage: Readonly<
    Record<
      'inputTokens' | 'outputTokens' | 'cacheReadTokens' | 'cacheWriteTokens' | 'reasoningTokens',
      number
    >
  >;
}

const TRUTH = join(CORPUS, 'truth.json');
const logs = existsSync(TRUTH)
  ? Object.entries(
      (JSON.parse(readFileSync(TRUTH, 'utf8')) as { files: Record<string, Truth> }).files,
    ).filter(([file]) => file.startsWith('copilot/'))
  : [];

const FACTS = `select
    (select string_agg(native_session_id, ' ') from v1.sessions) as session_id,
    (select string_agg(agent_version, ' ') from v1.sessions) as version,
    (select count(*) from v1.turns) as prompts,
    (select coalesce(sum(output_tokens), 0) from v1.llm_calls) as output_tokens,
    (select count(*) from v1.tool_calls) as tool_starts,
    (select count(*) from v1.tool_calls where status <> 'pending') as tool_completes,
    (select count(*) from v1.tool_calls where status = 'failed' and status_source = 'flag') as tool_failures,
    (select min(started_at) from v1.sessions) as first_ts,
    (select max(ended_at) from v1.sessions) as last_ts,
    (select count(*) from v1.rejects) as bad_lines`;

const TOTALS = `select model_raw as model, sum(api_call_count)::bigint as calls,
    sum(coalesce(uncached_input_tokens, 0) + coalesce(cache_read_tokens, 0) + coalesce(cache_write_5m_tokens, 0))::bigint as input,
    coalesce(sum(cache_read_tokens), 0)::bigint as read, coalesce(sum(cache_write_5m_tokens), 0)::bigint as write,
    sum(output_tokens)::bigint as output, coalesce(sum(reasoning_tokens), 0)::bigint as reasoning
  from v1.llm_calls group by all order by all`;

async function answersOf(connection: Connection, truth: Truth): Promise<unknown> {
  const [facts] = await rowsOf(connection, FACTS);
  return { facts, totals: truth.shutdown_model_metrics === null ? null : await rowsOf(connection, TOTALS) };
}

function expectedOf(truth: Truth): unknown {
  const {
    session_id,
    version,
    output_tokens,
    tool_starts,
    tool_completes,
    tool_failures,
    first_ts,
    last_ts,
  } = truth;
  const prompts = truth.types['user.message'] ?? 0;
  return {
    facts: {
      session_id,
      version,
      prompts,
      output_tokens,
      tool_starts,
      tool_completes,
      tool_failures,
      first_ts,
      last_ts,
      bad_lines: 0,
    },
    totals:
      truth.shutdown_model_metrics &&
      Object.entries(truth.shutdown_model_metrics).map(([model, { requests, usage }]) => ({
        model,
        calls: requests.count,
        input: usage.inputTokens,
        read: usage.cacheReadTokens,
        write: usage.cacheWriteTokens,
        output: usage.outputTokens,
        reasoning: usage.reasoningTokens,
      })),
  };
}

describe.skipIf(logs.length === 0)('real logs of Copilot CLI', () => {
  test('each alone, by path', async () => {
    const home = temporaryFolder();
    for (const [file, truth] of logs) {
      const answers = await withLoads(home, [[join(CORPUS, file)]], (connection) =>
        answersOf(connection, truth),
      );
      expect(answers, file).toEqual(expectedOf(truth));
    }
  }, 300_000);

  test('all at once from their folder', async () => {
    const [sums] = await withLoads(temporaryFolder(), [[join(CORPUS, 'copilot')]], (connection) =>
      rowsOf(
        connection,
        `select sum(output_tokens)::bigint as output_tokens from v1.llm_calls where agent = 'copilot-cli'`,
      ),
    );
    const expected = logs.reduce((sum, [, { output_tokens }]) => sum + output_tokens, 0);
    expect(sums).toEqual({ output_tokens: expected });
  }, 300_000);
});
