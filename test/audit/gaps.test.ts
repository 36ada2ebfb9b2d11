/** Silences, by what was being waited for: worked out by hand. */
import { describe, expect, it } from 'vitest';
import { rowsOf } from '../views/warehouse.ts';
import { type LineOfStory, type Story, tell } from './story.ts';

const GAPS = `select before, after, gap_kind, gap_ms from v1.gaps order by started_at`;
const SPLIT = `select wall_ms, model_ms, tool_ms, permission_ms, human_ms, unknown_ms, retry_ms from v1.session_latency`;

async function ask(
  lines: readonly LineOfStory[],
  sql: string,
  more: Partial<Story> = {},
): Promise<readonly unknown[]> {
  const connection = await tell([{ session: 's', lines, ...more }]);
  try {
    return await rowsOf(connection, sql);
  } finally {
    connection.close();
  }
}

const gap = (before: string, after: string, gap_kind: string, gap_ms: number) => ({
  before,
  after,
  gap_kind,
  gap_ms,
});

describe('gaps', () => {
  it('are the model’s, a tool’s and the person’s in turn', async () => {
    const lines: readonly LineOfStory[] = [
      { at: '10:00:00', prompt: 5 },
      { at: '10:00:04', thinks: 10, response: 'r1' },
      { at: '10:00:05', tools: [{ id: 't1' }], response: 'r1' },
      { at: '10:00:15', result: 't1' },
      { at: '10:00:18', says: 3 },
      { at: '10:10:18', prompt: 5 },
      { at: '10:10:20', says: 3 },
      { at: '10:10:21', event: 'meta' },
    ];
    expect(await ask(lines, GAPS)).toEqual([
      gap('user_prompt', 'reasoning', 'model', 4000),
      gap('reasoning', 'tool_call', 'model', 1000),
      gap('tool_call', 'tool_result', 'tool', 10_000),
      gap('tool_result', 'assistant', 'model', 3000),
      gap('assistant', 'user_prompt', 'human', 600_000),
      gap('user_prompt', 'assistant', 'model', 2000),
      gap('assistant', 'meta', 'unknown', 1000),
    ]);
    expect(await ask(lines, SPLIT)).toEqual([
      {
        wall_ms: 621_000,
        model_ms: 10_000,
        tool_ms: 10_000,
        permission_ms: 0,
        human_ms: 600_000,
        unknown_ms: 1000,
        retry_ms: 0,
      },
    ]);
  });

  it('count tools that run at once once', async () => {
    const lines: readonly LineOfStory[] = [
      { at: '10:00:00', prompt: 5 },
      { at: '10:00:02', tools: [{ id: 't1' }], response: 'r1' },
      { at: '10:00:03', tools: [{ id: 't2' }], response: 'r1' },
      { at: '10:00:08', result: 't1' },
      { at: '10:00:12', result: 't2' },
      { at: '10:00:13', says: 1 },
    ];
    expect(await ask(lines, SPLIT)).toMatchObject([{ wall_ms: 13_000, model_ms: 3000, tool_ms: 10_000 }]);
  });

  it('are a wait for permission where a tool took less time by itself, or was refused', async () => {
    const lines: readonly LineOfStory[] = [
      { at: '10:00:00', prompt: 5 },
      { at: '10:00:01', tools: [{ id: 't1' }] },
      { at: '10:00:31', result: 't1', durationMs: 5000 },
      { at: '10:00:32', tools: [{ id: 't2' }] },
      { at: '10:00:42', result: 't2', status: 'rejected' },
      { at: '10:00:43', says: 1 },
    ];
    expect(await ask(lines, GAPS)).toEqual([
      gap('user_prompt', 'tool_call', 'model', 1000),
      gap('tool_call', 'tool_result', 'permission', 25_000),
      gap('tool_call', 'tool_result', 'tool', 5000),
      gap('tool_result', 'tool_call', 'model', 1000),
      gap('tool_call', 'tool_result', 'permission', 10_000),
      gap('tool_result', 'assistant', 'model', 1000),
    ]);
  });

  it('let a tool run no longer than it was waited for, whatever duration the log states', async () => {
    const lines: readonly LineOfStory[] = [
      { at: '10:00:00', prompt: 5 },
      { at: '10:00:01', tools: [{ id: 't1' }, { id: 't2' }] },
      { at: '10:00:11', result: 't1', durationMs: -5000 },
      { at: '10:00:21', result: 't2', durationMs: 3_600_000 },
      { at: '10:00:24', says: 1 },
      { at: '10:01:24', prompt: 5 },
    ];
    expect(await ask(lines, GAPS)).toEqual([
      gap('user_prompt', 'tool_call', 'model', 1000),
      gap('tool_call', 'tool_result', 'tool', 10_000),
      gap('tool_result', 'tool_result', 'tool', 10_000),
      gap('tool_result', 'assistant', 'model', 3000),
      gap('assistant', 'user_prompt', 'human', 60_000),
    ]);
  });

  it('let a tool run where one of two waits for permission', async () => {
    const lines: readonly LineOfStory[] = [
      { at: '10:00:00', tools: [{ id: 't1' }, { id: 't2' }] },
      { at: '10:00:10', result: 't1' },
      { at: '10:00:30', result: 't2', status: 'rejected' },
    ];
    expect(await ask(lines, SPLIT)).toMatchObject([
      { wall_ms: 30_000, tool_ms: 10_000, permission_ms: 20_000 },
    ]);
  });

  it('are the person’s until a question is answered, or a plan refused', async () => {
    const lines: readonly LineOfStory[] = [
      { at: '10:00:00', prompt: 5 },
      { at: '10:00:01', tools: [{ id: 't1', name: 'AskUserQuestion', category: 'plan', isQuestion: true }] },
      { at: '10:08:21', result: 't1', durationMs: 5 },
      { at: '10:08:22', tools: [{ id: 't2', name: 'ExitPlanMode', category: 'plan', isQuestion: true }] },
      { at: '10:09:22', result: 't2', status: 'rejected' },
      { at: '10:09:23', says: 1 },
    ];
    expect(await ask(lines, GAPS)).toEqual([
      gap('user_prompt', 'tool_call', 'model', 1000),
      gap('tool_call', 'tool_result', 'human', 500_000),
      gap('tool_result', 'tool_call', 'model', 1000),
      gap('tool_call', 'tool_result', 'human', 60_000),
      gap('tool_result', 'assistant', 'model', 1000),
    ]);
    expect(
      await ask(
        lines,
        'select tool_p95_ms, tool_longest_ms, timed_tool_count, human_ms from v1.session_latency',
      ),
    ).toEqual([{ tool_p95_ms: null, tool_longest_ms: null, timed_tool_count: 0, human_ms: 560_000 }]);
    expect(await ask(lines, `select count(*) as n from v1.anomalies where type = 'hanging'`)).toEqual([
      { n: 0 },
    ]);
  });

  it('let a tool run, and another wait to be allowed, while a question stands', async () => {
    const lines: readonly LineOfStory[] = [
      {
        at: '10:00:00',
        tools: [
          { id: 't1' },
          { id: 't2' },
          { id: 't3', name: 'AskUserQuestion', category: 'plan', isQuestion: true },
        ],
      },
      { at: '10:00:10', result: 't1' },
      { at: '10:00:30', result: 't2', status: 'rejected' },
      { at: '10:01:00', result: 't3' },
    ];
    expect(await ask(lines, SPLIT)).toMatchObject([
      { wall_ms: 60_000, tool_ms: 10_000, permission_ms: 20_000, human_ms: 30_000 },
    ]);
  });

  it('know the part of a wait for the model that passed before an API was asked again', async () => {
    const lines: readonly LineOfStory[] = [
      { at: '10:00:00', prompt: 5 },
      { at: '10:00:02', error: 'overloaded', retryMs: 4000 },
      { at: '10:00:10', says: 1 },
    ];
    expect(await ask(lines, SPLIT)).toMatchObject([{ model_ms: 10_000, retry_ms: 4000, unknown_ms: 0 }]);
  });

  it('are the person’s after an interruption, and not known after a prompt that nothing answers', async () => {
    const lines: readonly LineOfStory[] = [
      { at: '10:00:00', prompt: 5 },
      { at: '10:00:10', event: 'user_injected', isInterruption: true },
      { at: '10:01:10', prompt: 5 },
      { at: '10:05:10', prompt: 5 },
    ];
    expect(await ask(lines, GAPS)).toEqual([
      gap('user_prompt', 'user_injected', 'model', 10_000),
      gap('user_injected', 'user_prompt', 'human', 60_000),
      gap('user_prompt', 'user_prompt', 'unknown', 240_000),
    ]);
  });

  it('belong to the turn that was under way', async () => {
    const lines: readonly LineOfStory[] = [
      { at: '10:00:00', prompt: 5 },
      { at: '10:00:01', says: 1 },
      { at: '10:00:02', prompt: 5 },
      { at: '10:00:04', says: 1 },
    ];
    expect(await ask(lines, 'select turn_id, gap_ms from v1.gaps order by started_at')).toEqual([
      { turn_id: 'agent-a:s:1', gap_ms: 1000 },
      { turn_id: 'agent-a:s:1', gap_ms: 1000 },
      { turn_id: 'agent-a:s:2', gap_ms: 2000 },
    ]);
  });

  it('are none where the log tells no times', async () => {
    expect(
      await ask(
        [
          { at: null, prompt: 5 },
          { at: null, says: 1 },
        ],
        SPLIT,
      ),
    ).toMatchObject([{ wall_ms: null, model_ms: null, human_ms: null }]);
  });
});
