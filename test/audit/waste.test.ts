/** What was paid for nothing: worked out by hand. Prices: 3 / 0.3 / 3.75 / 6 / 15 USD per million. */
import { describe, expect, it } from 'vitest';
import { updateMarts } from '../../src/ingest/marts.ts';
import { rowsOf, scalarOf } from '../views/warehouse.ts';
import { type LineOfStory, tell } from './story.ts';

const CALLS = `
  select llm_call_id, waste_kind, part_count, whole_count, wasted_tokens, cost_usd
  from v1.waste_calls order by started_at, waste_kind`;

async function ask(lines: readonly LineOfStory[], sql = CALLS): Promise<readonly unknown[]> {
  const connection = await tell([{ session: 's', lines }]);
  try {
    return await rowsOf(connection, sql);
  } finally {
    connection.close();
  }
}

const found = (line: number | string, waste_kind: string, cost_usd: string, more: object = {}) => ({
  llm_call_id: `agent-a:s:${line}`,
  waste_kind,
  part_count: null,
  whole_count: null,
  wasted_tokens: null,
  cost_usd,
  ...more,
});
const tools = (part_count: number, whole_count: number) => ({ part_count, whole_count });

describe('a cache that expired', () => {
  const pause = (
    at: string,
    usage: NonNullable<LineOfStory['usage']>,
    first: NonNullable<LineOfStory['usage']> = [10, 0, 99_990, 0, 50],
  ) =>
    ask([
      { at: '10:00:00', prompt: 5 },
      { at: '10:00:10', says: 3, usage: first },
      { at: '10:00:20', prompt: 5 },
      { at, says: 3, usage },
    ]);

  it('is paid for anew after five minutes and a second, less what a read would have cost', async () => {
    // 99,990 × (3.75 − 0.30) / 1,000,000: the 1,010 tokens that are new are no waste.
    expect(await pause('10:05:11', [10, 0, 101_000, 0, 50])).toEqual([
      found(4, 'cache_expired', '0.344965500', { wasted_tokens: 99_990 }),
    ]);
  });

  it('had not expired after four minutes and 59 seconds, whatever was written', async () => {
    expect(await pause('10:05:09', [10, 0, 101_000, 0, 50])).toEqual([]);
  });

  it('lives an hour where it was written for one', async () => {
    const first = [10, 0, 0, 99_990, 50] as const;
    expect(await pause('11:00:10', [10, 0, 0, 101_000, 50], first)).toEqual([]);
    // 99,990 × (6 − 0.30) / 1,000,000
    expect(await pause('11:00:11', [10, 0, 0, 101_000, 50], first)).toEqual([
      found(4, 'cache_expired', '0.569943000', { wasted_tokens: 99_990 }),
    ]);
  });

  it('counts what was still read as read', async () => {
    expect(await pause('10:30:00', [10, 60_000, 41_000, 0, 50])).toEqual([
      found(4, 'cache_expired', '0.137965500', { wasted_tokens: 39_990 }),
    ]);
  });

  it('is none where the context is another one', async () => {
    expect(await pause('10:30:00', [10, 0, 50_000, 0, 50])).toEqual([]);
  });
});

describe('a context rebuilt after a compaction', () => {
  it('is paid for like an expired cache, whatever the pause', async () => {
    const lines: readonly LineOfStory[] = [
      { at: '10:00:00', prompt: 5 },
      { at: '10:00:10', says: 3, usage: [10, 0, 99_990, 0, 50] },
      { at: '10:00:20', compactedFrom: 100_000 },
      { at: '10:00:30', says: 3, usage: [10, 10_000, 20_000, 0, 50] },
      { at: '10:00:40', says: 3, usage: [10, 30_000, 100, 0, 50] },
    ];
    expect(await ask(lines)).toEqual([found(4, 'compaction', '0.069000000', { wasted_tokens: 20_000 })]);
  });
});

describe('calls', () => {
  const call = (at: string, ...asked: NonNullable<LineOfStory['tools']>): LineOfStory => ({
    at,
    tools: asked,
    usage: [1000, 0, 0, 0, 100],
  });
  const prompt = { at: '10:00:00', prompt: 5 };

  it('failed if every tool did; 0.0045 USD each', async () => {
    const lines: readonly LineOfStory[] = [
      prompt,
      call(
        '10:01:00',
        { id: 'a', name: 'Edit', category: 'edit' },
        { id: 'b', name: 'Edit', category: 'edit' },
      ),
      { at: '10:01:01', result: 'a', status: 'failed' },
      { at: '10:01:02', result: 'b', status: 'failed' },
      call(
        '10:02:00',
        { id: 'c', name: 'Edit', category: 'edit' },
        { id: 'd', name: 'Edit', category: 'edit' },
      ),
      { at: '10:02:01', result: 'c', status: 'failed' },
      { at: '10:02:02', result: 'd' },
    ];
    expect(await ask(lines)).toEqual([found(2, 'failed', '0.004500000', tools(2, 2))]);
  });

  it('did not fail that checked, searched in vain, or did something first', async () => {
    const commands = ['npm test', 'grep -r nothing src', 'make install && ./run', 'gh pr checks 1'];
    const lines = commands.flatMap((command, index): readonly LineOfStory[] => [
      call(`10:0${index + 1}:00`, { id: `t${index}`, command }),
      { at: `10:0${index + 1}:01`, result: `t${index}`, status: 'failed', exitCode: 1 },
    ]);
    expect(await ask([prompt, ...lines])).toEqual([]);
    const failing: readonly LineOfStory[] = [
      call('10:09:00', { id: 'x', command: 'cd web && grep -q a b' }),
      { at: '10:09:01', result: 'x', status: 'failed', exitCode: 2 },
    ];
    expect(await ask([prompt, ...failing])).toEqual([found(2, 'failed', '0.004500000', tools(1, 1))]);
  });

  it('were made again to the same end', async () => {
    const again = (second: Partial<LineOfStory>, between: readonly LineOfStory[] = []) =>
      ask([
        prompt,
        call('10:01:00', { id: 'a', input: 'x', command: 'npm test' }),
        { at: '10:01:01', result: 'a', status: 'failed', output: 'red' },
        ...between,
        { ...call('10:03:00', { id: 'b', input: 'x', command: 'npm test' }), response: 'again' },
        { at: '10:03:01', result: 'b', status: 'failed', output: 'red', ...second },
      ]);
    expect(await again({})).toEqual([found('again', 'repeated', '0.004500000', tools(1, 1))]);
    expect(await again({ status: 'ok' })).toEqual([]);
    const edit: readonly LineOfStory[] = [
      call('10:02:00', { id: 'e', name: 'Edit', category: 'edit', file: '/a.ts' }),
      { at: '10:02:01', result: 'e' },
    ];
    expect(await again({}, edit)).toEqual([]);
  });

  it('read a file again that had not changed, by their share of the call', async () => {
    const read = (id: string, file: string) => ({ id, name: 'Read', category: 'read', file, input: file });
    const again = (between: readonly LineOfStory[] = [], output = 'text') =>
      ask([
        prompt,
        call('10:01:00', read('a', '/a.ts')),
        { at: '10:01:01', result: 'a', bytes: 1000, output: 'text' },
        ...between,
        { ...call('10:03:00', read('b', '/a.ts'), read('c', '/b.ts')), response: 'again' },
        { at: '10:03:01', result: 'b', bytes: 1000, output },
        { at: '10:03:02', result: 'c', bytes: 1000, output: 'other' },
      ]);
    expect(await again()).toEqual([found('again', 'read_again', '0.002250000', tools(1, 2))]);
    expect(await again([], 'changed')).toEqual([]);
    const edit: readonly LineOfStory[] = [
      call('10:02:00', { id: 'e', name: 'Edit', category: 'edit', file: '/a.ts' }),
      { at: '10:02:01', result: 'e' },
    ];
    expect(await again(edit)).toEqual([]);
    expect(await again([{ at: '10:02:00', compactedFrom: 1000 }])).toEqual([]);
  });

  it('were broken off before anything came of them', async () => {
    const stop: LineOfStory = { at: '10:01:05', event: 'user_injected', isInterruption: true };
    const running = call('10:01:00', { id: 'a' });
    const interrupted = [found(2, 'interrupted', '0.004500000', tools(1, 1))];
    expect(await ask([prompt, running, stop])).toEqual(interrupted);
    expect(await ask([prompt, running, { at: '10:01:02', result: 'a', status: 'interrupted' }])).toEqual(
      interrupted,
    );
    expect(await ask([prompt, running, { at: '10:01:02', result: 'a' }, stop])).toEqual([]);
    // The prompt in between was for a call of which nothing is known.
    expect(await ask([prompt, running, { at: '10:01:03', prompt: 5 }, stop])).toEqual([]);
  });
});

describe('a big result', () => {
  it('is carried through the calls after the one that took it in, as far as the context grew by it', async () => {
    const lines: readonly LineOfStory[] = [
      { at: '10:00:00', prompt: 5 },
      { at: '10:00:10', tools: [{ id: 'a' }], usage: [10, 0, 20_000, 0, 100] },
      { at: '10:00:11', result: 'a', bytes: 80_000 },
      { at: '10:00:20', tools: [{ id: 'b' }], usage: [10, 20_000, 21_000, 0, 100] },
      { at: '10:00:21', result: 'b', bytes: 100 },
      { at: '10:00:30', says: 3, usage: [10, 41_000, 200, 0, 100] },
      { at: '10:00:40', compactedFrom: 41_000 },
      { at: '10:00:50', says: 3, usage: [10, 5000, 500, 0, 100] },
    ];
    // 20,000 × 0.3 / 1,000,000
    expect(await ask(lines)).toEqual([found(6, 'big_result', '0.006000000', { wasted_tokens: 20_000 })]);
    expect(
      await ask(lines, 'select waste_kind, llm_call_count, is_estimate, evidence, cost_usd from v1.waste'),
    ).toEqual([
      {
        waste_kind: 'big_result',
        llm_call_count: 1,
        is_estimate: true,
        evidence: '1 result over 50 kB carried through 1 call, about 20,000 tokens read again',
        cost_usd: '0.006000000',
      },
    ]);
    const small = lines.map((line) => (line.bytes === 80_000 ? { ...line, bytes: 50_000 } : line));
    expect(await ask(small)).toEqual([]);
    // Of an image, say, whose bytes are no measure.
    const image = lines.map((line) =>
      line.usage?.[2] === 21_000 ? { ...line, usage: [10, 20_000, 1500, 0, 100] as const } : line,
    );
    expect(await ask(image)).toEqual([found(6, 'big_result', '0.000420000', { wasted_tokens: 1400 })]);
  });
});

describe('kinds', () => {
  const lines: readonly LineOfStory[] = [
    { at: '10:00:00', prompt: 5 },
    { at: '10:00:10', tools: [{ id: 'a', name: 'Edit', category: 'edit' }], usage: [0, 0, 100_000, 0, 0] },
    { at: '10:00:11', result: 'a', status: 'failed' },
    { at: '10:20:00', tools: [{ id: 'b', name: 'Edit', category: 'edit' }], usage: [0, 0, 100_000, 0, 0] },
    { at: '10:20:01', result: 'b', status: 'failed' },
  ];

  it('share the cost of a call in their order', async () => {
    expect(await ask(lines)).toEqual([
      found(2, 'failed', '0.375000000', tools(1, 1)),
      found(4, 'cache_expired', '0.345000000', { wasted_tokens: 100_000 }),
      found(4, 'failed', '0.030000000', tools(1, 1)),
    ]);
    expect(
      await ask(
        lines,
        'select waste_kind, llm_call_count, tool_call_count, cost_usd, evidence, llm_call_id from v1.waste order by 1',
      ),
    ).toEqual([
      {
        waste_kind: 'cache_expired',
        llm_call_count: 1,
        tool_call_count: null,
        cost_usd: '0.345000000',
        evidence:
          '100,000 tokens written to the cache again after 1 pause longer than its life, the longest of 19 min',
        llm_call_id: 'agent-a:s:4',
      },
      {
        waste_kind: 'failed',
        llm_call_count: 2,
        tool_call_count: 2,
        cost_usd: '0.405000000',
        evidence: '2 requests of which every tool call failed (Edit)',
        llm_call_id: 'agent-a:s:2',
      },
    ]);
  });

  it('follow the cost mode', async () => {
    const connection = await tell([{ session: 's', lines }]);
    try {
      await connection.execute(`
        update raw.usage set reported_cost_usd = 0.75;
        insert into changed_sources select source_no, true from raw.sources;`);
      await updateMarts(connection);
      // Twice what the price list says, so twice of each part.
      expect(
        await scalarOf(connection, `select cost_usd from v1.waste where waste_kind = 'cache_expired'`),
      ).toBe('0.690000000');
      await connection.execute(`set variable cost_mode = 'calculate'`);
      expect(
        await scalarOf(connection, `select cost_usd from v1.waste where waste_kind = 'cache_expired'`),
      ).toBe('0.345000000');
    } finally {
      connection.close();
    }
  });

  it('have no cost where the call has none, and are still told', async () => {
    const unpriced = lines.map((line) => (line.usage === undefined ? line : { ...line, model: 'unpriced' }));
    expect(
      await ask(unpriced, 'select waste_kind, cost_usd, unpriced_call_count from v1.waste order by 1'),
    ).toEqual([
      { waste_kind: 'cache_expired', cost_usd: null, unpriced_call_count: 1 },
      { waste_kind: 'failed', cost_usd: null, unpriced_call_count: 2 },
    ]);
  });
});
