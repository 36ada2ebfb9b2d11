/** How contexts grew and caches were used: worked out by hand. */
import { describe, expect, it } from 'vitest';
import { rowsOf } from '../views/warehouse.ts';
import { type LineOfStory, tell } from './story.ts';

const LINES: readonly LineOfStory[] = [
  { at: '10:00:00', prompt: 7 },
  { at: '10:00:10', tools: [{ id: 'a' }, { id: 'b', name: 'Read' }], usage: [1000, 0, 19_000, 0, 100] },
  { at: '10:00:11', result: 'a', bytes: 300 },
  { at: '10:00:12', result: 'b', bytes: 4000 },
  { at: '10:00:20', says: 3, usage: [100, 19_000, 3900, 0, 200] },
  { at: '10:06:00', prompt: 9 },
  { at: '10:06:10', says: 3, usage: [0, 10_000, 15_000, 0, 300] },
  { at: '10:06:15', compactedFrom: 25_000 },
  { at: '10:06:20', says: 3, usage: [0, 0, 5000, 0, 100] },
];

async function ask(sql: string, lines: readonly LineOfStory[] = LINES): Promise<readonly unknown[]> {
  const connection = await tell([{ session: 's', lines }]);
  try {
    return await rowsOf(connection, sql);
  } finally {
    connection.close();
  }
}

describe('context growth', () => {
  it('holds every call against the one before it', async () => {
    const rows = await ask(`
      select call_number, context_tokens, window_tokens, window_ratio, growth_tokens, before_llm_call_id,
          before_output_tokens, result_bytes, biggest_tool_name, prompt_bytes, has_compaction
      from v1.context_growth order by call_number`);
    const none = {
      window_tokens: 200_000,
      growth_tokens: null,
      before_llm_call_id: null,
      before_output_tokens: null,
      result_bytes: null,
      biggest_tool_name: null,
      prompt_bytes: null,
      has_compaction: false,
    };
    expect(rows).toEqual([
      { ...none, call_number: 1, context_tokens: 20_000, window_ratio: 0.1, prompt_bytes: 7 },
      {
        ...none,
        call_number: 2,
        context_tokens: 23_000,
        window_ratio: 0.115,
        growth_tokens: 3000,
        before_llm_call_id: 'agent-a:s:2',
        before_output_tokens: 100,
        result_bytes: 4300,
        biggest_tool_name: 'Read',
      },
      {
        ...none,
        call_number: 3,
        context_tokens: 25_000,
        window_ratio: 0.125,
        growth_tokens: 2000,
        before_llm_call_id: 'agent-a:s:5',
        before_output_tokens: 200,
        prompt_bytes: 9,
      },
      {
        ...none,
        call_number: 4,
        context_tokens: 5000,
        window_ratio: 0.025,
        growth_tokens: -20_000,
        before_llm_call_id: 'agent-a:s:7',
        before_output_tokens: 300,
        has_compaction: true,
      },
    ]);
  });

  it('does not know a window that is smaller than the context, nor that of an unpriced model', async () => {
    const one = (model: string, input: number): readonly LineOfStory[] => [
      { at: '10:00:00', prompt: 7 },
      { at: '10:00:10', says: 3, usage: [input, 0, 0, 0, 1], model },
    ];
    const sql = 'select window_tokens, window_ratio from v1.context_growth';
    const unknown = [{ window_tokens: null, window_ratio: null }];
    expect(await ask(sql, one('large', 200_001))).toEqual(unknown);
    expect(await ask(sql, one('unpriced', 10))).toEqual(unknown);
    expect(await ask(sql, one('large', 200_000))).toEqual([{ window_tokens: 200_000, window_ratio: 1 }]);
  });
});

describe('what came between two calls', () => {
  it('is a compaction once, by the line where the time is the same', async () => {
    const rounds = (at: string): readonly LineOfStory[] => [
      { at: '10:00:10', says: 3, usage: [0, 0, 20_000, 0, 100] },
      { at, says: 3, usage: [0, 20_000, 3000, 0, 100] },
      { at: '10:00:20', compactedFrom: 23_000 },
      { at: '10:00:30', says: 3, usage: [0, 0, 5000, 0, 100] },
      { at: '10:00:40', says: 3, usage: [0, 0, 6000, 0, 100] },
    ];
    const sql = 'select list(has_compaction order by call_number) as flags from v1.context_growth';
    expect(await ask(sql, rounds('10:00:19'))).toEqual([{ flags: [false, false, true, false] }]);
    expect(await ask(sql, rounds('10:00:20'))).toEqual([{ flags: [false, false, true, false] }]);
    const [first, second, compaction, third, fourth] = rounds('10:00:20');
    if (!first || !second || !compaction || !third || !fourth) throw new Error('five lines');
    expect(await ask(sql, [first, compaction, second, third, fourth])).toEqual([
      { flags: [false, true, false, false] },
    ]);
  });

  it('is all prompts in between', async () => {
    expect(
      await ask('select list(prompt_bytes order by call_number) as bytes from v1.context_growth', [
        { at: '10:00:00', prompt: 7 },
        { at: '10:00:10', says: 3, usage: [100, 0, 0, 0, 100] },
        { at: '10:00:20', prompt: 100 },
        { at: '10:00:21', prompt: 1000 },
        { at: '10:00:30', says: 3, usage: [200, 0, 0, 0, 100] },
        { at: '10:00:40', says: 3, usage: [300, 0, 0, 0, 100] },
      ]),
    ).toEqual([{ bytes: [7, 1100, null] }]);
  });
});

describe('cache use', () => {
  it('is the share read, and what was paid for anew', async () => {
    expect(
      await ask(`
        select llm_call_count, cache_read_tokens, hit_ratio, rebuild_count, rebuilt_tokens, compaction_count, expired_count,
            longest_pause_ms
        from v1.cache_use`),
    ).toEqual([
      {
        llm_call_count: 4,
        cache_read_tokens: 29_000,
        // Of 73,000.
        hit_ratio: 29 / 73,
        rebuild_count: 2,
        // 22,900 cached − 10,000 read, and all 5,000 after the compaction.
        rebuilt_tokens: 17_900,
        compaction_count: 1,
        expired_count: 1,
        longest_pause_ms: 350_000,
      },
    ]);
  });

  it('counts what was rebuilt for no reason that the log tells', async () => {
    const lines = LINES.slice(0, 5).map((line) =>
      line.usage?.[1] === 19_000 ? { ...line, usage: [100, 3000, 19_900, 0, 200] as const } : line,
    );
    expect(
      await ask(
        'select rebuild_count, rebuilt_tokens, compaction_count, expired_count from v1.cache_use',
        lines,
      ),
    ).toEqual([{ rebuild_count: 1, rebuilt_tokens: 16_000, compaction_count: 0, expired_count: 0 }]);
  });
});
