/** What filters leave of reports, and what these count as sessions: worked out by hand. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shippedGate, shippedReport } from '../../src/catalog/contract.ts';
import type { Report } from '../../src/catalog/report.ts';
import { bindReport, type ReportValues } from '../../src/report/bind-report.ts';
import type { Connection } from '../../src/warehouse/connection.ts';
import { type LineOfStory, tell } from '../audit/story.ts';
import { rowsOf } from '../views/warehouse.ts';

type Fields = Readonly<Record<string, unknown>>;

const MIXED = 'agent-a:mixed';

describe('a model asked for', () => {
  /** The same command, and it fails. */
  const attempt = (id: string, second: number, model: string): readonly LineOfStory[] => [
    {
      at: `10:00:${second}`,
      tools: [{ id, input: 'x', command: 'make' }],
      usage: [1000 * second, 0, 0, 0, 100],
      model,
    },
    { at: `10:00:${second + 1}`, result: id, status: 'failed', changes: [`/home/dev/shop/${id}.o`] },
  ];

  let connection: Connection;
  beforeAll(async () => {
    connection = await tell([
      {
        session: 'mixed',
        lines: [
          { at: '10:00:00', prompt: 5 },
          ...attempt('t1', 10, 'large'),
          ...attempt('t2', 20, 'unpriced'),
          ...attempt('t3', 30, 'large'),
        ],
      },
      {
        session: 'plain',
        lines: [
          { at: '11:00:00', prompt: 5 },
          { at: '11:00:10', says: 3, usage: [10, 0, 0, 0, 10] },
        ],
      },
    ]);
  });
  afterAll(() => connection.close());

  const run = async (name: string, values: ReportValues = {}): Promise<readonly Fields[]> =>
    (await rowsOf(connection, bindReport(shippedReport(name) as Report, values))) as readonly Fields[];

  it('counts the repeats that it asked for', async () => {
    // t2 repeats t1, and t3 repeats t2.
    expect(await run('retries')).toMatchObject([{ retry_count: 2 }]);
    // 30,000 × 3 + 100 × 15 USD per million.
    expect(await run('retries', { model: 'large' })).toMatchObject([
      { retry_count: 1, cost_usd: '0.091500000' },
    ]);
    expect(await run('retries', { model: 'unpriced' })).toMatchObject([{ retry_count: 1, cost_usd: null }]);
    expect(await run('retries', { model: 'other' })).toEqual([]);
  });

  it('counts the files that it had changed', async () => {
    const files = async (model: string): Promise<readonly unknown[]> =>
      (await run('files', { model })).map(({ file_path }) => file_path);
    expect(await files('large')).toEqual(['/home/dev/shop/t1.o', '/home/dev/shop/t3.o']);
    expect(await files('unpriced')).toEqual(['/home/dev/shop/t2.o']);
  });

  it('fills the contexts of its own calls', async () => {
    const contexts = async (model: string): Promise<readonly unknown[]> =>
      (await run('context', { model })).map((row) => [
        row.session_id,
        row.llm_call_count,
        row.context_tokens,
      ]);
    expect(await contexts('large')).toEqual([
      [MIXED, 2, 30_000],
      ['agent-a:plain', 1, 10],
    ]);
    expect(await contexts('unpriced')).toEqual([[MIXED, 1, 20_000]]);
  });

  it('shows of a session the fullest call, the greatest growth and its tool, and each compaction once', async () => {
    const house = await tell([
      {
        session: 's',
        lines: [
          { at: '10:00:00', prompt: 5 },
          { at: '10:00:01', tools: [{ id: 'r', name: 'Read' }], usage: [1000, 0, 0, 0, 10] },
          { at: '10:00:02', result: 'r', bytes: 300 },
          { at: '10:00:03', says: 3, usage: [1100, 0, 0, 0, 10] },
          { at: '10:00:04', prompt: 90_000 },
          { at: '10:00:05', says: 3, usage: [30_000, 0, 0, 0, 10] },
          { at: '10:00:06', says: 3, usage: [90_000, 0, 0, 0, 10], model: 'unpriced' },
          { at: '10:00:07', compactedFrom: 30_000 },
          { at: '10:00:08', says: 3, usage: [500, 0, 0, 0, 10] },
          { at: '10:00:09', says: 3, usage: [500, 0, 0, 0, 10], model: 'unpriced' },
        ],
      },
    ]);
    try {
      expect(await rowsOf(house, bindReport(shippedReport('context') as Report, {}))).toEqual([
        {
          session_id: 'agent-a:s',
          agent: 'agent-a',
          model: 'large',
          llm_call_count: 6,
          context_tokens: 30_000,
          window_tokens: 200_000,
          window_ratio: 0.15,
          growth_tokens: 28_900,
          biggest_tool_name: null,
          compaction_count: 1,
        },
      ]);
    } finally {
      house.close();
    }
  });

  it('counts the waste of the calls in question, and so do the overview and the gate', async () => {
    const wasted = async (values: ReportValues): Promise<readonly unknown[]> => {
      const sum = (rows: readonly Fields[]): readonly unknown[] =>
        rows.map(({ waste_kind, cost_usd }) => [waste_kind, cost_usd]);
      const [page] = await run('overview', values);
      const [gate] = (await rowsOf(
        connection,
        bindReport(shippedGate('max-waste'), { ...values, threshold: '0' }),
      )) as readonly Fields[];
      return [sum(await run('waste', values)), sum(page?.waste as readonly Fields[]), gate?.figure];
    };
    // t3 repeats t2: 30,000 × 3 + 100 × 15 USD per million. What t2 cost is not known.
    const cost = '0.091500000';
    const known = [[['repeated', cost]], [['repeated', cost]], cost];
    const unknown = [[['repeated', null]], [['repeated', null]]];
    expect(await wasted({})).toEqual(known);
    expect(await wasted({ model: 'large' })).toEqual(known);
    expect(await wasted({ model: 'unpriced' })).toEqual([...unknown, null]);
    // A part of the session.
    expect(await wasted({ since: '2026-05-01T10:00:25Z' })).toEqual(known);
    expect(await wasted({ until: '2026-05-01T10:00:25Z' })).toEqual([...unknown, '0.000000000']);
    expect(await wasted({ until: '2026-05-01T10:00:15Z' })).toEqual([[], [], '0.000000000']);
  });

  it('shows loops and findings of the sessions that called it', async () => {
    for (const name of ['loops', 'anomalies']) {
      const all = await run(name);
      expect([name, new Set(all.map(({ session_id }) => session_id))]).toEqual([name, new Set([MIXED])]);
      expect(await run(name, { model: 'unpriced' })).toEqual(all);
      expect(await run(name, { model: 'large' })).toEqual(all);
      expect(await run(name, { model: 'other' })).toEqual([]);
    }
  });
});

describe('sessions', () => {
  /** A tool that fails and is called again, to no other end, and an API error, at a time of 1 May. */
  const work = (hour: number, id: string): readonly LineOfStory[] => [
    { at: `${hour}:00:00`, prompt: 5 },
    { at: `${hour}:00:01`, tools: [{ id: `${id}1`, input: 'x', command: 'make' }], usage: [10, 0, 0, 0, 10] },
    { at: `${hour}:00:02`, result: `${id}1`, status: 'failed', changes: ['/home/dev/shop/a.ts'] },
    { at: `${hour}:00:03`, tools: [{ id: `${id}2`, input: 'x', command: 'make' }], usage: [10, 0, 0, 0, 10] },
    { at: `${hour}:00:04`, result: `${id}2`, status: 'failed' },
    { at: `${hour}:00:05`, error: 'overloaded' },
    { at: `${hour}:00:06`, says: 3, usage: [10, 0, 0, 0, 10], model: 'unpriced' },
  ];

  let connection: Connection;
  beforeAll(async () => {
    connection = await tell([
      { session: 'one', lines: work(10, 'a') },
      { session: 'helper', kind: 'subagent', parent: 'one', lines: work(11, 'b') },
      { session: 'second helper', kind: 'subagent', parent: 'helper', lines: work(12, 'c') },
      { session: 'two', lines: work(13, 'd') },
      // Its session's log is missing.
      { session: 'orphan', kind: 'subagent', lines: work(14, 'e') },
      { session: 'its helper', kind: 'subagent', parent: 'orphan', lines: work(15, 'f') },
    ]);
  });
  afterAll(() => connection.close());

  const run = async (name: string, values: ReportValues = {}): Promise<readonly Fields[]> =>
    (await rowsOf(connection, bindReport(shippedReport(name) as Report, values))) as readonly Fields[];

  const counting = [
    'daily',
    'weekly',
    'monthly',
    'projects',
    'branches',
    'unpriced',
    'errors',
    'files',
    'retries',
  ];

  it.each(counting)('are two in %s, as in the overview, each with its subagents', async (name) => {
    expect((await run('overview'))[0]).toMatchObject({ totals: { session_count: 2, subagent_count: 4 } });
    expect((await run(name)).map(({ session_count }) => session_count)).toEqual([2]);
    const { session_count, ...others } = (await run(name, { session: 'agent-a:orphan' }))[0] as Fields;
    expect(session_count).toBe(0);
    expect(Object.keys(others)).not.toHaveLength(0);
  });

  it('are two of each model and each kind of waste', async () => {
    const models = [
      { model: 'large', session_count: 2 },
      { model: 'unpriced', session_count: 2 },
    ];
    expect(await run('models')).toMatchObject(models);
    expect((await run('overview'))[0]).toMatchObject({
      models,
      by_model: [{ sessions: 2 }, { sessions: 2 }],
      waste: [{ waste_kind: 'repeated', session_count: 2 }],
    });
  });

  it('count where a subagent alone made the call', async () => {
    const values = { since: '2026-05-01T11:00:00Z', until: '2026-05-01T12:00:00Z' };
    expect(await run('daily', values)).toMatchObject([{ session_count: 1, llm_call_count: 3 }]);
  });
});
