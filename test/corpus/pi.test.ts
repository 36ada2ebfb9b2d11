/** Real sessions of pi against answers computed by a program that shares no code with this one. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Connection } from '../../src/warehouse/connection.ts';
import { CORPUS, type Row, rowsOf, temporaryFolder, withLoads } from '../adapters/load.ts';

interface PiTruth {
  readonly usage_by_model: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly tool_calls: number;
  readonly tools: Readonly<Record<string, number>>;
  readonly tool_results: number;
  readonly tool_errors: number;
  readonly user_messages: number;
  readonly session_id: string;
  readonly types: Readonly<Record<string, number>>;
  readonly first_ts: string;
  readonly last_ts: string;
}

const truthFile = join(CORPUS, 'truth.json');
const hasCorpus = existsSync(truthFile);
const logs = (
  hasCorpus
    ? Object.entries(
        (JSON.parse(readFileSync(truthFile, 'utf8')) as { files: Record<string, unknown> }).files,
      )
    : []
).flatMap(([name, truth]) =>
  name.startsWith('pi/') ? [{ path: join(CORPUS, name), truth: truth as PiTruth }] : [],
);

async function answers(connection: Connection): Promise<Row> {
  const [facts] = await rowsOf(
    connection,
    `select
        (select native_session_id from v1.sessions) as session_id,
        (select count(*) from v1.tool_calls) as tool_calls,
        (select count(*) from v1.tool_calls where status <> 'pending') as tool_results,
        (select count(*) from v1.tool_calls where status in ('failed', 'rejected', 'interrupted')) as tool_errors,
        (select count(*) from v1.turns) as user_messages,
        (select count(*) from v1.compactions) as compactions,
        (select min(started_at) from v1.sessions) as first_ts,
        (select max(ended_at) from v1.sessions) as last_ts`,
  );
  const usage = await rowsOf(
    connection,
    `select
        provider || '/' || model_raw as model,
        count(*) as messages,
        sum(uncached_input_tokens) as input,
        sum(output_tokens) as output,
        sum(cache_read_tokens) as "cacheRead",
        sum(cache_write_5m_tokens + cache_write_1h_tokens) as "cacheWrite",
        round(coalesce(sum(reported_cost_usd), 0), 6) as cost
    from v1.llm_calls group by all order by model`,
  );
  const tools = await rowsOf(
    connection,
    'select tool_name, count(*) as calls from v1.tool_calls group by all order by tool_name',
  );
  return { ...facts, usage, tools } as Row;
}

const expected = (truth: PiTruth): Row => ({
  session_id: truth.session_id,
  tool_calls: truth.tool_calls,
  tool_results: truth.tool_results,
  tool_errors: truth.tool_errors,
  user_messages: truth.user_messages,
  compactions: truth.types.compaction ?? 0,
  first_ts: truth.first_ts,
  last_ts: truth.last_ts,
  usage: Object.entries(truth.usage_by_model)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([model, { messages, input, output, cacheRead, cacheWrite, cost }]) => ({
      model,
      messages: messages ?? 0,
      input: input ?? 0,
      output: output ?? 0,
      cacheRead: cacheRead ?? 0,
      cacheWrite: cacheWrite ?? 0,
      cost: Math.round((cost ?? 0) * 1e6) / 1e6,
    })),
  tools: Object.entries(truth.tools)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([tool_name, calls]) => ({ tool_name, calls })),
});

test.skipIf(!hasCorpus)('every log agrees with what another program counted', async () => {
  expect(logs.length).toBeGreaterThan(0);
  for (const { path, truth } of logs) {
    const actual = await withLoads(temporaryFolder(), [[path], [path]], answers);
    expect(actual, path).toEqual(expected(truth));
  }
});
