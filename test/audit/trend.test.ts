/** Weeks held against the week before, days and sessions against their history: worked out by hand. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/warehouse/connection.ts';
import { rowsOf } from '../views/warehouse.ts';
import { type Story, tell } from './story.ts';

/** A session at noon of a day that costs so many thousandths of a dollar, all by its output. */
const spent = (day: string, thousandths: number, more: Partial<Story> = {}): Story => ({
  session: `${day} ${thousandths}`,
  lines: [
    { at: `${day}T12:00:00Z`, prompt: 5 },
    { at: `${day}T12:00:10Z`, says: 3, usage: [0, 0, 0, 0, (thousandths * 200) / 3] },
  ],
  ...more,
});

const WEEKS = `
  select week_on::varchar as week_on, before_week_on::varchar as before_week_on, session_count,
      cost_usd, cost_change_usd, session_cost_usd, session_cost_change_usd, session_cost_margin_usd, is_cost_change_sure
  from v1.health_trend order by week_on`;

describe('the trend by week', () => {
  let connection: Connection;
  beforeAll(async () => {
    connection = await tell([
      // Monday 4 May 2026, and Sunday the 10th.
      ...[30, 60, 90, 120, 150].map((thousandths) => spent('2026-05-04', thousandths)),
      spent('2026-05-10', 90, { parent: '2026-05-04 30', kind: 'subagent' }),
      // The week after the next.
      ...[600, 630, 660, 690, 720].map((thousandths) => spent('2026-05-18', thousandths)),
      spent('2026-05-25', 900),
    ]);
  });
  afterAll(() => connection.close());

  it('holds a week against the last one with a session', async () => {
    expect(await rowsOf(connection, WEEKS)).toEqual([
      {
        week_on: '2026-05-04',
        before_week_on: null,
        session_count: 5,
        cost_usd: '0.540000000',
        cost_change_usd: null,
        session_cost_usd: '0.108000000',
        session_cost_change_usd: null,
        session_cost_margin_usd: null,
        is_cost_change_sure: null,
      },
      {
        week_on: '2026-05-18',
        before_week_on: '2026-05-04',
        session_count: 5,
        cost_usd: '3.300000000',
        cost_change_usd: '2.760000000',
        session_cost_usd: '0.660000000',
        session_cost_change_usd: '0.552000000',
        // Costs 120, 60, 90, 120, 150 with the subagent's have a variance of 0.00117; 0.00225 is that of the others:
        // √((0.00117 + 0.00225) ÷ 5) × 2.72944 at four degrees of freedom.
        session_cost_margin_usd: '0.071384053',
        is_cost_change_sure: true,
      },
      {
        week_on: '2026-05-25',
        before_week_on: '2026-05-18',
        session_count: 1,
        cost_usd: '0.900000000',
        cost_change_usd: '-2.400000000',
        session_cost_usd: '0.900000000',
        session_cost_change_usd: '0.240000000',
        session_cost_margin_usd: null,
        is_cost_change_sure: null,
      },
    ]);
  });

  it('is of the scores that sessions have, subagents left out', async () => {
    expect(
      await rowsOf(
        connection,
        `with scores as (
            select date_trunc('week', started_at)::date as week_on, health_score
            from v1.sessions where session_id = root_session_id and health_score is not null
        )
        select week_on::varchar as week_on, count(*) as scored_session_count, avg(health_score) as health_mean
        from scores group by week_on order by week_on`,
      ),
    ).toEqual(
      await rowsOf(
        connection,
        `select week_on::varchar as week_on, scored_session_count, health_mean
        from v1.health_trend where scored_session_count > 0 order by week_on`,
      ),
    );
  });

  it('counts no subagent as a session, whose own log is missing or not, and every cost once', async () => {
    const withOrphans = await tell([
      spent('2026-05-04', 30),
      spent('2026-05-05', 60, { kind: 'subagent' }),
      // Nothing but a subagent is left of this week.
      spent('2026-05-11', 90, { kind: 'subagent' }),
      spent('2026-05-18', 120),
    ]);
    try {
      expect(
        await rowsOf(
          withOrphans,
          `select week_on::varchar as week_on, before_week_on::varchar as before_week_on, session_count, priced_session_count,
              scored_session_count, health_mean, health_change, critical_session_count, cost_usd, cost_change_usd,
              session_cost_usd, session_cost_change_usd
          from v1.health_trend order by week_on`,
        ),
      ).toEqual([
        {
          week_on: '2026-05-04',
          before_week_on: null,
          session_count: 1,
          priced_session_count: 1,
          scored_session_count: 0,
          health_mean: null,
          health_change: null,
          critical_session_count: 0,
          cost_usd: '0.090000000',
          cost_change_usd: null,
          session_cost_usd: '0.030000000',
          session_cost_change_usd: null,
        },
        {
          week_on: '2026-05-11',
          before_week_on: '2026-05-04',
          session_count: 0,
          priced_session_count: 0,
          scored_session_count: 0,
          health_mean: null,
          health_change: null,
          critical_session_count: 0,
          cost_usd: '0.090000000',
          cost_change_usd: '0.000000000',
          session_cost_usd: null,
          session_cost_change_usd: null,
        },
        {
          week_on: '2026-05-18',
          before_week_on: '2026-05-04',
          session_count: 1,
          priced_session_count: 1,
          scored_session_count: 0,
          health_mean: null,
          health_change: null,
          critical_session_count: 0,
          cost_usd: '0.120000000',
          cost_change_usd: '0.030000000',
          session_cost_usd: '0.120000000',
          session_cost_change_usd: '0.090000000',
        },
      ]);
      // 30 + 60 + 90 + 120 thousandths.
      expect(await rowsOf(withOrphans, 'select sum(cost_usd) as cost_usd from v1.health_trend')).toEqual(
        await rowsOf(withOrphans, 'select 0.3::decimal(18, 9) as cost_usd'),
      );
    } finally {
      withOrphans.close();
    }
  });

  it('begins weeks in the time zone of the connection', async () => {
    await connection.execute(`set TimeZone = 'Pacific/Kiritimati'`);
    try {
      expect(
        await rowsOf(
          connection,
          `select week_on::varchar as week_on, cost_usd from v1.health_trend order by week_on`,
        ),
      ).toEqual([
        { week_on: '2026-05-04', cost_usd: '0.450000000' },
        // Noon of Sunday in London is two o'clock on Monday there.
        { week_on: '2026-05-11', cost_usd: '0.090000000' },
        { week_on: '2026-05-18', cost_usd: '3.300000000' },
        { week_on: '2026-05-25', cost_usd: '0.900000000' },
      ]);
    } finally {
      await connection.execute(`set TimeZone = 'UTC'`);
    }
  });
});

describe('cost alerts', () => {
  const days = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((day) => `2026-05-${String(day).padStart(2, '0')}`);
  const usual = days.map((day, index) => spent(day, 300 + (index % 2) * 60));
  const ALERTS = `
    select alert_kind, day_on::varchar as day_on, session_id, agent, project, cost_usd, usual_usd, history_count, evidence
    from v1.cost_alerts order by alert_kind`;

  async function ask(stories: readonly Story[]): Promise<readonly unknown[]> {
    const connection = await tell(stories);
    try {
      return await rowsOf(connection, ALERTS);
    } finally {
      connection.close();
    }
  }

  it('name a day and a session far above those before', async () => {
    const spike = {
      day_on: '2026-05-11',
      cost_usd: '3.300000000',
      usual_usd: '0.330000000',
      history_count: 10,
    };
    expect(await ask([...usual, spent('2026-05-11', 3300)])).toEqual([
      {
        ...spike,
        alert_kind: 'day',
        session_id: null,
        agent: null,
        project: null,
        evidence: '3.30 USD, 10.0 times the median of the 10 days before it (0.33 USD)',
      },
      {
        ...spike,
        alert_kind: 'session',
        session_id: 'agent-a:2026-05-11 3300',
        agent: 'agent-a',
        project: 'shop',
        evidence: '3.30 USD, 10.0 times the median of the 10 sessions before it (0.33 USD)',
      },
    ]);
  });

  it('say great sums with their thousands apart', async () => {
    const evidence = '990.00 USD, 3,000.0 times the median of the 10 days before it (0.33 USD)';
    expect(await ask([...usual, spent('2026-05-11', 990_000)])).toMatchObject([{ evidence }, {}]);
  });

  it('are of sessions alone, not of a subagent whose own log is missing', async () => {
    const orphan = spent('2026-05-11', 3300, { kind: 'subagent' });
    expect(await ask([...usual, orphan])).toMatchObject([{ alert_kind: 'day' }]);
    // Nor is it one of the ten that a session is held against.
    const [first, ...others] = usual;
    expect(
      await ask([{ ...(first as Story), kind: 'subagent' }, ...others, spent('2026-05-11', 3300)]),
    ).toMatchObject([{ alert_kind: 'day' }]);
  });

  it('are none for less than a dollar more, for a short history, or against another project', async () => {
    expect(await ask([...usual, spent('2026-05-11', 1320)])).toEqual([]);
    expect(await ask([...usual.slice(1), spent('2026-05-11', 3300)])).toEqual([]);
    expect(await ask([...usual, spent('2026-05-11', 3300, { cwd: '/home/dev/other' })])).toMatchObject([
      { alert_kind: 'day' },
    ]);
  });
});
