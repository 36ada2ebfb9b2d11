/** Real logs against answers computed by a program that shares no code with this one. */
import { describe, expect, test } from 'vitest';
import type { Connection } from '../../src/warehouse/connection.ts';
import {
  load,
  type ModelTotals,
  rowsOf,
  temporaryFolder,
  totals,
  withHome,
  withLoads,
} from '../adapters/load.ts';
import {
  type ClaudeTruth,
  type CodexTruth,
  claudeLogs,
  codexLogs,
  corpusFolder,
  corpusHome,
  hasCorpus,
  injectedPrompts,
  queuedPrompts,
  type RealLog,
  sharedMessageCount,
  sharedMessages,
} from './real-logs.ts';

const NOTHING: ModelTotals = { calls: 0, input: 0, read: 0, write: 0, output: 0 };
const CLASSES = ['calls', 'input', 'read', 'write', 'output'] as const;

/** One line for each figure that is not what it should be. */
function compared(
  name: string,
  actual: Readonly<Record<string, unknown>>,
  expected: Readonly<Record<string, unknown>>,
): readonly string[] {
  return Object.keys(expected).flatMap((key) =>
    actual[key] === expected[key] ? [] : [`${name}: ${key} is ${actual[key]}, should be ${expected[key]}`],
  );
}

function comparedByModel(
  name: string,
  actual: Readonly<Record<string, ModelTotals>>,
  expected: Readonly<Record<string, ModelTotals>>,
): readonly string[] {
  return [...new Set([...Object.keys(actual), ...Object.keys(expected)])].flatMap((model) =>
    compared(`${name} ${model}`, { ...(actual[model] ?? NOTHING) }, { ...(expected[model] ?? NOTHING) }),
  );
}

const sum = (parts: Iterable<ModelTotals>): ModelTotals => {
  const total = { ...NOTHING };
  for (const part of parts) for (const key of CLASSES) total[key] += part[key];
  return total;
};

const usageOf = (usage: ClaudeTruth['usage']): ModelTotals => ({
  calls: usage.messages,
  input: usage.input,
  read: usage.cache_read,
  write: usage.cache_creation,
  output: usage.output,
});

const usageByModel = (truth: ClaudeTruth): Record<string, ModelTotals> =>
  Object.fromEntries(Object.entries(truth.usage_by_model).map(([model, usage]) => [model, usageOf(usage)]));

async function claudeDifferences(
  connection: Connection,
  { name, path, truth }: RealLog<ClaudeTruth>,
): Promise<readonly string[]> {
  const transcript = await totals(connection, 'not is_from_progress');
  const progress = await totals(connection, 'is_from_progress');
  const [facts] = await rowsOf(
    connection,
    `select
        (select coalesce(sum(cache_write_1h_tokens), 0) from v1.llm_calls where not is_from_progress) as cc_1h,
        (select count(*) from v1.tool_calls) as tool_use,
        (select count(*) from v1.tool_calls where status <> 'pending') as tool_result,
        (select count(*) from v1.tool_calls where status in ('failed', 'rejected', 'interrupted')) as tool_errors,
        (select count(*) from v1.turns) as user_prompts,
        (select min(started_at) from v1.sessions) as first_ts,
        (select max(ended_at) from v1.sessions) as last_ts`,
  );
  return [
    ...comparedByModel(name, transcript, usageByModel(truth)),
    ...compared(
      `${name} in progress lines`,
      { ...sum(Object.values(progress)) },
      { ...usageOf(truth.nested_agent.usage) },
    ),
    ...compared(name, facts ?? {}, {
      cc_1h: truth.usage.cc_1h,
      tool_use: truth.tool_use,
      tool_result: truth.tool_result,
      tool_errors: truth.tool_errors,
      user_prompts: truth.user_prompts - injectedPrompts(path) + queuedPrompts(path),
      first_ts: truth.first_ts,
      last_ts: truth.last_ts,
    }),
  ];
}

const codexFacts = (where = 'true'): string => `select
    coalesce(sum(uncached_input_tokens + cache_read_tokens + coalesce(cache_write_5m_tokens, 0)
        + coalesce(cache_write_1h_tokens, 0)), 0) as input_tokens,
    coalesce(sum(cache_read_tokens), 0) as cached_input_tokens,
    coalesce(sum(output_tokens), 0) as output_tokens,
    coalesce(sum(reasoning_tokens), 0) as reasoning_output_tokens,
from v1.llm_calls where agent = 'codex' and ${where}`;

async function codexDifferences(
  connection: Connection,
  { name, truth }: RealLog<CodexTruth>,
): Promise<readonly string[]> {
  const [usage] = await rowsOf(connection, codexFacts());
  const [facts] = await rowsOf(
    connection,
    `select
        (select count(*) from v1.tool_calls) as calls,
        (select count(*) from v1.tool_calls where exit_code <> 0) as outputs_nonzero,
        (select count(*) from v1.turns) as user_messages,
        (select min(started_at) from v1.sessions) as first_ts,
        (select max(ended_at) from v1.sessions) as last_ts`,
  );
  const { input_tokens, cached_input_tokens, output_tokens, reasoning_output_tokens } = truth.delta_sum;
  return [
    ...compared(name, usage ?? {}, {
      input_tokens,
      cached_input_tokens,
      output_tokens,
      reasoning_output_tokens,
    }),
    ...compared(name, facts ?? {}, {
      calls: Object.values(truth.calls).reduce((total, count) => total + count, 0),
      outputs_nonzero: truth.outputs_nonzero,
      user_messages: truth.user_messages,
      first_ts: truth.first_ts,
      last_ts: truth.last_ts,
    }),
  ];
}

/** By model over all logs: what each says, less what two of them share. */
function expectedOfCorpus(): Readonly<Record<string, ModelTotals>> {
  const byModel: Record<string, ModelTotals> = {};
  for (const { truth } of claudeLogs) {
    for (const [model, usage] of Object.entries(usageByModel(truth))) {
      byModel[model] = sum([byModel[model] ?? NOTHING, usage]);
    }
  }
  for (const { model, input, read, write, output } of sharedMessages()) {
    const once = { calls: -1, input: -input, read: -read, write: -write, output: -output };
    byModel[model] = sum([byModel[model] ?? NOTHING, once]);
  }
  return byModel;
}

/**
 * One Codex log was resumed from another under a new id: it begins with that log's readings, word for word but for
 * their times. Alone it is the only trace of them; together each reading was billed once.
 */
const RESUMED = 'codex/Hoper-J__cpolar-connect__68-8816-40b2-a2d4-041ade599da6.jsonl';
const ORIGIN = 'codex/Hoper-J__cpolar-connect__74-da7e-4458-a91a-fffec2be9d7a.jsonl';

async function corpusDifferences(connection: Connection, name: string): Promise<readonly string[]> {
  const expected = expectedOfCorpus();
  const nested = sum(claudeLogs.map(({ truth }) => usageOf(truth.nested_agent.usage)));
  const [codex] = await rowsOf(connection, codexFacts());
  const counted = codexLogs.filter(
    (log) => log.name !== ORIGIN || !codexLogs.some((other) => other.name === RESUMED),
  );
  const codexSum = (key: keyof CodexTruth['delta_sum']): number =>
    counted.reduce((total, { truth }) => total + truth.delta_sum[key], 0);
  return [
    ...comparedByModel(
      name,
      await totals(connection, `agent = 'claude-code' and not is_from_progress`),
      expected,
    ),
    ...compared(
      `${name} in progress lines`,
      { ...sum(Object.values(await totals(connection, 'is_from_progress'))) },
      { ...nested },
    ),
    ...compared(`${name} codex`, codex ?? {}, {
      input_tokens: codexSum('input_tokens'),
      cached_input_tokens: codexSum('cached_input_tokens'),
      output_tokens: codexSum('output_tokens'),
      reasoning_output_tokens: codexSum('reasoning_output_tokens'),
    }),
  ];
}

const TIMEOUT = 900_000;

/** Loads each log alone; an error is a difference too, so that the list names every log that has one. */
async function foundAlone<Truth>(
  logs: readonly RealLog<Truth>[],
  find: (connection: Connection, log: RealLog<Truth>) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const home = temporaryFolder();
  const found: string[] = [];
  for (const log of logs) {
    try {
      found.push(...(await withLoads(home, [[log.path]], (connection) => find(connection, log))));
    } catch (error) {
      found.push(`${log.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return found;
}

describe.skipIf(!hasCorpus)('real logs', () => {
  test('there are as many as the truth speaks of, and as many shared messages', () => {
    expect(claudeLogs.length).toBeGreaterThan(0);
    expect(codexLogs.length).toBeGreaterThan(0);
    expect([...claudeLogs, ...codexLogs].filter((log) => log.truth === undefined)).toEqual([]);
    if (sharedMessageCount !== null) expect(sharedMessages()).toHaveLength(sharedMessageCount);
  });

  test(
    'every Claude Code log alone, by path',
    async () => expect(await foundAlone(claudeLogs, claudeDifferences)).toEqual([]),
    TIMEOUT,
  );

  test(
    'every Codex log alone, by path',
    async () => expect(await foundAlone(codexLogs, codexDifferences)).toEqual([]),
    TIMEOUT,
  );

  test(
    'all at once in one home, shared messages once',
    async () => {
      const home = corpusHome();
      const found = await withHome(home, async (connection) => {
        const first = await corpusDifferences(connection, 'home');
        await load(connection, home);
        return [...first, ...(await corpusDifferences(connection, 'home, loaded twice'))];
      });
      expect(found).toEqual([]);
    },
    TIMEOUT,
  );

  test(
    'all at once from one folder, recognised by content',
    async () => {
      const folder = corpusFolder();
      const found = await withLoads(temporaryFolder(), [[folder]], (connection) =>
        corpusDifferences(connection, 'folder'),
      );
      expect(found).toEqual([]);
    },
    TIMEOUT,
  );
});
