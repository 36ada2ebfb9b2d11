/** Where the time of turns and models went, and what failing APIs cost of it: worked out by hand. */
import { describe, expect, it } from 'vitest';
import { rowsOf } from '../views/warehouse.ts';
import { type LineOfStory, tell } from './story.ts';

const LINES: readonly LineOfStory[] = [
  { at: '10:00:00', event: 'system' },
  { at: '10:00:01', prompt: 5 },
  { at: '10:00:05', thinks: 10, response: 'r1' },
  { at: '10:00:06', tools: [{ id: 'a' }], response: 'r1', usage: [10, 0, 0, 0, 100] },
  { at: '10:00:16', result: 'a' },
  { at: '10:00:17', error: 'overloaded', retryMs: 2000 },
  { at: '10:00:18', error: 'overloaded', retryMs: 4000 },
  { at: '10:00:30', says: 3, usage: [10, 0, 0, 0, 50] },
  { at: '10:05:00', prompt: 5 },
  { at: '10:05:01', error: 'rate_limit', isFinal: true },
];

async function ask(sql: string, lines: readonly LineOfStory[] = LINES): Promise<readonly unknown[]> {
  const connection = await tell([{ session: 's', lines }]);
  try {
    return await rowsOf(connection, sql);
  } finally {
    connection.close();
  }
}

describe('turn latency', () => {
  it('parts the time from a prompt to the next', async () => {
    expect(
      await ask(`
        select turn_number, wall_ms, model_ms, retry_ms, tool_ms, permission_ms, human_ms, unknown_ms, model_wait_count,
            model_longest_ms, tool_longest_ms
        from v1.turn_latency order by turn_number`),
    ).toEqual([
      {
        turn_number: 1,
        wall_ms: 299_000,
        model_ms: 19_000,
        retry_ms: 5000,
        tool_ms: 10_000,
        permission_ms: 0,
        human_ms: 270_000,
        unknown_ms: 0,
        model_wait_count: 5,
        model_longest_ms: 12_000,
        tool_longest_ms: 10_000,
      },
      {
        turn_number: 2,
        wall_ms: 1000,
        model_ms: 1000,
        retry_ms: 0,
        tool_ms: 0,
        permission_ms: 0,
        human_ms: 0,
        unknown_ms: 0,
        model_wait_count: 1,
        model_longest_ms: 1000,
        tool_longest_ms: null,
      },
    ]);
  });

  it('is not known without times', async () => {
    expect(await ask('select wall_ms, model_ms from v1.turn_latency', [{ at: null, prompt: 5 }])).toEqual([
      { wall_ms: null, model_ms: null },
    ]);
  });
});

describe('a turn', () => {
  it('ends no earlier than it began where a result bears an earlier time', async () => {
    expect(
      await ask('select duration_ms from v1.turns', [
        { at: '10:00:00', prompt: 5 },
        { at: '10:00:04', tools: [{ id: 'a' }] },
        { at: '09:59:58', result: 'a' },
      ]),
    ).toEqual([{ duration_ms: 4000 }]);
  });
});

describe('model latency', () => {
  it('is the wait for each call, without the waits before a retry', async () => {
    // 4 s and 1 s for the first call; 1 s, 1 s and 12 s less 5 s for the second.
    expect(
      await ask(`
        select agent, model, llm_call_count, timed_count, stated_count, total_ms, p50_ms, p95_ms, longest_ms, first_token_ms,
            output_per_second
        from v1.model_latency`),
    ).toEqual([
      {
        agent: 'agent-a',
        model: 'large',
        llm_call_count: 2,
        timed_count: 2,
        stated_count: 0,
        total_ms: 14_000,
        p50_ms: 5000,
        p95_ms: 9000,
        longest_ms: 9000,
        first_token_ms: null,
        output_per_second: 150 / 14,
      },
    ]);
  });
});

describe('model latency of a call after a wait without an answer', () => {
  it.each<[string, LineOfStory]>([
    ['that a person broke off', { at: '10:05:00', event: 'user_injected', isInterruption: true }],
    ['that an error ended', { at: '10:05:00', error: 'overloaded', isFinal: true }],
  ])('%s', async (_, end) => {
    // 5 minutes for nothing, then 7 s; of the second call 3 s and, after a word in between, 4 s.
    expect(
      await ask('select timed_count, total_ms, longest_ms from v1.model_latency', [
        { at: '10:00:00', prompt: 5 },
        end,
        { at: '10:06:00', prompt: 5 },
        { at: '10:06:07', says: 3, usage: [10, 0, 0, 0, 50] },
        { at: '10:10:00', prompt: 5 },
        { at: '10:10:03', thinks: 3, response: 'r', usage: [10, 0, 0, 0, 5] },
        { at: '10:10:04', prompt: 5 },
        { at: '10:10:08', says: 3, response: 'r', usage: [10, 0, 0, 0, 50] },
      ]),
    ).toEqual([{ timed_count: 2, total_ms: 14_000, longest_ms: 7000 }]);
  });
});

describe('API reliability', () => {
  it('counts failures by kind, and the waits they cost', async () => {
    expect(
      await ask(`
        select error_kind, error_count, retried_count, final_count, retry_wait_ms, llm_call_count, error_ratio
        from v1.api_reliability order by error_kind`),
    ).toEqual([
      {
        error_kind: 'overloaded',
        error_count: 2,
        retried_count: 2,
        final_count: 0,
        retry_wait_ms: 6000,
        llm_call_count: 2,
        error_ratio: 0.4,
      },
      {
        error_kind: 'rate_limit',
        error_count: 1,
        retried_count: 0,
        final_count: 1,
        retry_wait_ms: null,
        llm_call_count: 2,
        error_ratio: 0.2,
      },
    ]);
  });

  it.each([
    ['18', { llm_call_count: 18, error_ratio: 0.1 }],
    ['null', { llm_call_count: null, error_ratio: null }],
  ])('holds failures against the calls that a sum stands for: %s', async (count, expected) => {
    const connection = await tell([
      {
        session: 's',
        lines: [
          { at: '10:00:00', prompt: 5 },
          { at: '10:00:01', error: 'overloaded' },
          { at: '10:00:02', error: 'overloaded' },
          { at: '10:00:09', says: 3, usage: [10, 0, 0, 0, 50] },
        ],
      },
    ]);
    try {
      // As of a log that sums up its calls at the end.
      await connection.execute(
        `update mart.llm_calls set granularity = 'session', api_call_count = ${count};
        update mart.sessions set api_call_count = ${count}`,
      );
      expect(await rowsOf(connection, 'select llm_call_count, error_ratio from v1.api_reliability')).toEqual([
        expected,
      ]);
    } finally {
      connection.close();
    }
  });
});
