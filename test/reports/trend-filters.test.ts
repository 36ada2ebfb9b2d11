/** The trend of some sessions is that of a warehouse that holds only these. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { shippedReport } from '../../src/catalog/contract.ts';
import type { Report } from '../../src/catalog/report.ts';
import { bindReport, type ReportValues } from '../../src/report/bind-report.ts';
import type { Connection } from '../../src/warehouse/connection.ts';
import { type Story, tell } from '../audit/story.ts';
import { rowsOf } from '../views/warehouse.ts';

/** One call, which costs so many thousandths of a dollar of the model `large`, and in some a command that fails. */
const story = (day: string, thousandths: number, more: Partial<Story> = {}): Story => ({
  session: `${day} ${thousandths}`,
  lines: [
    { at: `${day}T12:00:00Z`, prompt: 5 },
    {
      at: `${day}T12:00:10Z`,
      tools: [{ id: `t${day}${thousandths}`, command: 'make' }],
      usage: [0, 0, 0, 0, (thousandths * 200) / 3],
      model: 'large',
    },
    {
      at: `${day}T12:00:20Z`,
      result: `t${day}${thousandths}`,
      status: thousandths % 20 === 0 ? 'failed' : 'ok',
    },
  ],
  ...more,
});

const ofAgentA = [30, 60, 90, 120, 150].flatMap((thousandths) => [
  story('2026-05-04', thousandths),
  story('2026-05-12', thousandths * 10),
]);
const subagent = story('2026-05-13', 75, { parent: '2026-05-04 30', kind: 'subagent' });
const ofAgentB = [45, 75, 105, 135, 165, 180].map((thousandths) =>
  story('2026-05-20', thousandths, { agent: 'agent-b', cwd: '/home/dev/other' }),
);

let all: Connection;
let some: Connection;
beforeAll(async () => {
  all = await tell([...ofAgentA, subagent, ...ofAgentB]);
  some = await tell([...ofAgentA, subagent]);
});
afterAll(() => {
  all.close();
  some.close();
});

const trend = async (connection: Connection, values: ReportValues) =>
  (await rowsOf(connection, bindReport(shippedReport('trend') as Report, values))) as readonly object[];

it('says without a filter what the view says', async () => {
  const rows = await trend(all, {});
  expect(rows).toHaveLength(3);
  expect(rows[1]).toMatchObject({ is_cost_change_sure: true, is_health_change_sure: false });
  const columns = Object.keys(rows[0] ?? {}).join(', ');
  expect(rows).toEqual(
    await rowsOf(all, `select ${columns} from v1.health_trend order by week_on nulls first`),
  );
});

it.each([{ agent: 'agent-a' }, { project: 'shop' }])('is of %j alone', async (filter) => {
  expect(await trend(all, filter)).toEqual(await trend(some, {}));
});

it('is of one session with its subagents', async () => {
  expect(await trend(all, { session: 'agent-a:2026-05-04 30' })).toMatchObject([
    { session_count: 1, cost_usd: '0.030000000', session_cost_usd: '0.105000000' },
    { session_count: 0, cost_usd: '0.075000000', session_cost_usd: null },
  ]);
});

it('is of a model’s calls and of the sessions that made them', async () => {
  const mixed = await tell([
    ...ofAgentA,
    story('2026-05-20', 60, {
      lines: [
        { at: '2026-05-20T12:00:00Z', prompt: 5 },
        { at: '2026-05-20T12:00:10Z', says: 3, usage: [0, 0, 0, 0, 1000], model: 'large' },
        { at: '2026-05-20T12:00:20Z', says: 3, usage: [0, 0, 0, 0, 1000], model: 'unpriced' },
      ],
    }),
  ]);
  expect(await trend(mixed, { model: 'large' })).toHaveLength(3);
  expect(await trend(mixed, { model: 'unpriced' })).toMatchObject([
    { session_count: 1, cost_usd: null, session_cost_usd: null },
  ]);
  expect(await trend(mixed, { model: 'other' })).toEqual([]);
  mixed.close();
});
