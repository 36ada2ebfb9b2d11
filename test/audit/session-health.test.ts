/** Scores that can be added up again: worked out by hand. */
import { describe, expect, it } from 'vitest';
import { rowsOf } from '../views/warehouse.ts';
import { type LineOfStory, type Story, tell } from './story.ts';

const HEALTH = `
  select health_score, health_status, anomaly_count, high_count, medium_count, low_count, deducted_points,
      list_transform(deductions, d -> d.type || ' ' || d.points || ' ' || d.session_id) as deductions
  from v1.session_health order by session_id`;

async function ask(stories: readonly Story[], sql = HEALTH): Promise<readonly unknown[]> {
  const connection = await tell(stories);
  try {
    return await rowsOf(connection, sql);
  } finally {
    connection.close();
  }
}

const quick: readonly LineOfStory[] = [
  { at: '10:00:00', prompt: 5 },
  { at: '10:00:01', says: 1, usage: [1, 0, 0, 0, 1] },
  { at: '10:00:02', says: 1, usage: [1, 0, 0, 0, 1] },
];

/** A wait of so many minutes for the model. */
const slow = (minutes: number): readonly LineOfStory[] => [
  ...quick,
  { at: '11:00:00', prompt: 5 },
  { at: `11:${String(minutes).padStart(2, '0')}:00`, says: 1 },
];

describe('session_health', () => {
  it('is 100 where nothing is found', async () => {
    expect(await ask([{ session: 's', lines: quick }])).toEqual([
      {
        health_score: 100,
        health_status: 'healthy',
        anomaly_count: 0,
        high_count: 0,
        medium_count: 0,
        low_count: 0,
        deducted_points: 0,
        deductions: [],
      },
    ]);
  });

  it('is 100 less the points of each finding', async () => {
    // Hanging high 30, latency low 4, an API error 12: 54.
    const lines: readonly LineOfStory[] = [...slow(6), { at: '12:00:00', error: 'server', isFinal: true }];
    expect(await ask([{ session: 's', lines }])).toEqual([
      {
        health_score: 54,
        health_status: 'warning',
        anomaly_count: 3,
        high_count: 1,
        medium_count: 1,
        low_count: 1,
        deducted_points: 46,
        deductions: ['hanging 30 agent-a:s', 'api_errors 12 agent-a:s', 'latency 4 agent-a:s'],
      },
    ]);
    expect(
      await ask(
        [{ session: 's', lines }],
        `select health_score, health_status, anomaly_count from v1.sessions`,
      ),
    ).toEqual([{ health_score: 54, health_status: 'warning', anomaly_count: 3 }]);
  });

  it('counts a kind of finding of its subagents once, at its worst', async () => {
    const sub = { kind: 'subagent', parent: 's' } as const;
    const rows = await ask([
      { session: 's', lines: slow(2) },
      { session: 'sub1', lines: slow(6), ...sub },
      { session: 'sub2', lines: slow(7), ...sub },
    ]);
    expect(rows).toMatchObject([
      { health_score: 66, deductions: ['hanging 30 agent-a:sub1', 'latency 4 agent-a:s'] },
      { health_score: 66, deductions: ['hanging 30 agent-a:sub1', 'latency 4 agent-a:sub1'] },
      { health_score: 66, deductions: ['hanging 30 agent-a:sub2', 'latency 4 agent-a:sub2'] },
    ]);
  });

  it('does not judge one call without a tool, nor a log without times', async () => {
    const unscored = { health_score: null, health_status: 'unscored', deducted_points: null, deductions: [] };
    expect(await ask([{ session: 's', lines: quick.slice(0, 2) }])).toMatchObject([unscored]);
    expect(await ask([{ session: 's', lines: quick.map((line) => ({ ...line, at: null })) }])).toMatchObject([
      unscored,
    ]);
    expect(
      await ask([
        {
          session: 's',
          lines: [...quick.slice(0, 2), { at: '10:00:05', tools: [{ id: 't' }] }],
        },
      ]),
    ).toMatchObject([{ health_score: 100 }]);
    // What its subagent did is enough.
    expect(
      await ask([
        { session: 's', lines: quick.slice(0, 2) },
        { session: 'sub', kind: 'subagent', parent: 's', lines: quick },
      ]),
    ).toMatchObject([{ health_score: 100 }, { health_score: 100 }]);
  });

  it('never falls below 0', async () => {
    // Hanging, failures, a loop of five and shallow thoughts: four times 30.
    const fails = Array.from({ length: 5 }, (_, n): readonly LineOfStory[] => [
      { at: `12:0${n}:00`, tools: [{ id: `t${n}`, input: 'x', command: 'cat a' }], thinks: 10 },
      { at: `12:0${n}:01`, result: `t${n}`, status: 'failed', output: 'no' },
    ]).flat();
    expect(await ask([{ session: 's', lines: [...slow(6), ...fails] }])).toMatchObject([
      { health_score: 0, health_status: 'critical', high_count: 4, deducted_points: 124 },
    ]);
  });
});
