import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/warehouse/connection.ts';
import { FORK, MAIN, OTHER, openSmallHouse, SILENT, SUBAGENT } from './small-house.ts';
import { addRow, openEmpty, rowsOf, scalarOf, settle } from './warehouse.ts';

let connection: Connection;
beforeAll(async () => {
  connection = await openSmallHouse();
});
afterAll(() => connection.close());
beforeEach(async () => {
  await connection.execute(`reset variable cost_mode; set TimeZone = 'UTC'`);
});

const classesOf = (id: string): Promise<readonly unknown[]> =>
  rowsOf(
    connection,
    `select token_class, tokens, usd_per_million, multiplier, cost_usd, rule
    from v1.call_cost where llm_call_id = $id order by cost_usd, token_class`,
    { id },
  );
const costOf = (id: string): Promise<unknown> =>
  scalarOf(connection, `select cost_usd from v1.llm_calls where llm_call_id = '${id}'`);

describe('call_cost', () => {
  it('prices every class of a call whose context fills its band to the last token', async () => {
    expect(await classesOf('agent-a:a1')).toEqual([
      priced('uncached_input', 1000, '3', '0.003000000'),
      priced('output', 333, '15', '0.004995000'),
      priced('cache_write_5m', 4000, '3.75', '0.015000000'),
      priced('cache_write_1h', 5000, '6', '0.030000000'),
      priced('cache_read', 190000, '0.3', '0.057000000'),
    ]);
    expect(await costOf('agent-a:a1')).toBe('0.109995000');
  });

  it('prices a call of one token more by the next band, as a whole', async () => {
    expect(await classesOf('agent-a:a2')).toEqual([
      priced('uncached_input', 1001, '6', '0.006006000'),
      priced('output', 333, '22.5', '0.007492500'),
      priced('cache_write_5m', 4000, '7.5', '0.030000000'),
      priced('cache_write_1h', 5000, '12', '0.060000000'),
      priced('cache_read', 190000, '0.6', '0.114000000'),
    ]);
    const bands = await rowsOf(
      connection,
      `select distinct llm_call_id, context_over_tokens from v1.call_cost where session_id = '${MAIN}' order by all`,
    );
    expect(bands).toEqual([
      { llm_call_id: 'agent-a:a1', context_over_tokens: 0 },
      { llm_call_id: 'agent-a:a2', context_over_tokens: 200000 },
      { llm_call_id: 'agent-a:a3', context_over_tokens: null },
    ]);
  });

  it('multiplies input and output, but no cache, in fast mode and by place', async () => {
    expect(await classesOf('agent-a:a4')).toEqual([
      { ...priced('cache_read', 100, '0.1', '0.000010000'), rule: 'exact' },
      { ...priced('uncached_input', 7, '1', '0.000015400'), multiplier: '2.20000000', rule: 'exact' },
      { ...priced('output', 3, '5', '0.000033000'), multiplier: '2.20000000', rule: 'exact' },
    ]);
  });

  it('leaves the classes of an unpriced call without a cost', async () => {
    expect(await classesOf('agent-a:a3')).toEqual([unpriced('output', 5), unpriced('uncached_input', 50)]);
    expect(await costOf('agent-a:a3')).toBeNull();
  });

  it('gives a reported cost one row', async () => {
    expect(await classesOf('agent-b:b1')).toEqual([
      {
        token_class: 'reported',
        tokens: 1200,
        usd_per_million: null,
        multiplier: null,
        cost_usd: '0.500000000',
        rule: 'reported',
      },
    ]);
  });

  it('prices reasoning apart where it has a price, and web searches one by one', async () => {
    const rows = await rowsOf(
      connection,
      `select token_class, tokens, usd_per_million, reasoning_tokens, reasoning_usd_per_million, cost_usd
      from v1.call_cost where llm_call_id = 'agent-b:b2' order by cost_usd`,
    );
    expect(rows).toEqual([
      expect.objectContaining({
        token_class: 'output',
        reasoning_tokens: 150,
        reasoning_usd_per_million: '3.000000000',
        cost_usd: '0.000850000',
      }),
      expect.objectContaining({ token_class: 'uncached_input', cost_usd: '0.002000000' }),
      expect.objectContaining({
        token_class: 'web_search',
        tokens: 2,
        usd_per_million: '10000.000000000',
        cost_usd: '0.020000000',
      }),
    ]);
  });

  it.each(['auto', 'calculate', 'reported'])('adds up to the cost of every call in mode %s', async (mode) => {
    await connection.execute(`set variable cost_mode = '${mode}'`);
    const differing = await rowsOf(
      connection,
      `select calls.llm_call_id, calls.cost_usd, sum(costs.cost_usd)
      from v1.llm_calls as calls left join v1.call_cost as costs using (llm_call_id)
      group by all having calls.cost_usd is distinct from sum(costs.cost_usd)`,
    );
    expect(differing).toEqual([]);
  });
});

describe('cost modes', () => {
  const sources = (): Promise<unknown> =>
    scalarOf(connection, `select list(coalesce(cost_source, '-') order by llm_call_id) from v1.llm_calls`);

  it('auto takes a reported cost above zero, else the computed one', async () => {
    expect(await sources()).toEqual([
      'computed',
      'computed',
      '-',
      'computed',
      'computed',
      'reported',
      'computed',
    ]);
  });

  it('calculate takes the computed cost alone', async () => {
    await connection.execute(`set variable cost_mode = 'calculate'`);
    expect(await sources()).toEqual([
      'computed',
      'computed',
      '-',
      'computed',
      'computed',
      'computed',
      'computed',
    ]);
    expect(await costOf('agent-b:b1')).toBe('0.003600000');
  });

  it('reported takes the reported cost alone', async () => {
    await connection.execute(`set variable cost_mode = 'reported'`);
    expect(await sources()).toEqual(['-', '-', '-', '-', '-', 'reported', 'reported']);
    expect(await scalarOf(connection, 'select sum(cost_usd) from v1.llm_calls')).toBe('0.500000000');
  });

  it.each(['auto', 'calculate', 'reported'])('sessions follow in mode %s', async (mode) => {
    await connection.execute(`set variable cost_mode = '${mode}'`);
    const differing = await rowsOf(
      connection,
      `select session_id from v1.sessions as sessions
      inner join v1.session_cost as costs using (session_id)
      where (sessions.cost_usd, sessions.unpriced_call_count, sessions.total_tokens)
          is distinct from (costs.cost_usd, costs.unpriced_call_count, costs.total_tokens)`,
    );
    expect(differing).toEqual([]);
  });
});

describe('totals', () => {
  it.each(['UTC', 'America/New_York', 'Asia/Kathmandu'])('agree over every view in %s', async (zone) => {
    await connection.execute(`set TimeZone = '${zone}'`);
    for (const measure of ['cost_usd', 'total_tokens', 'output_tokens']) {
      const total = await scalarOf(connection, `select sum(${measure}) from v1.llm_calls`);
      for (const view of [
        'session_cost',
        'daily_cost',
        'model_cost',
        'project_cost',
        'block_cost',
        'sessions',
      ]) {
        expect([view, await scalarOf(connection, `select sum(${measure}) from v1.${view}`)]).toEqual([
          view,
          total,
        ]);
      }
    }
    expect(await scalarOf(connection, 'select sum(cost_usd) from v1.call_cost')).toBe(
      await scalarOf(connection, 'select sum(cost_usd) from v1.llm_calls'),
    );
    for (const view of ['session_cost', 'daily_cost', 'model_cost', 'project_cost', 'block_cost']) {
      expect(
        await rowsOf(
          connection,
          `select
              sum(llm_call_count) as calls, sum(priced_call_count) as priced, sum(unpriced_call_count) as unpriced,
              sum(priced_tokens) + sum(unpriced_tokens) as tokens
          from v1.${view}`,
        ),
      ).toEqual([{ calls: 7, priced: 6, unpriced: 1, tokens: 403242 }]);
    }
  });

  it('keeps the cost of the priced calls in a session with an unpriced one', async () => {
    expect(
      await rowsOf(
        connection,
        `select session_id, cost_usd, llm_call_count, priced_call_count, unpriced_call_count, unpriced_tokens
        from v1.session_cost order by session_id`,
      ),
    ).toEqual(
      [
        sessionCost(MAIN, '0.327493500', 3, 2, 55),
        sessionCost(SUBAGENT, '0.000058400', 1, 1, 0),
        sessionCost(FORK, '0.000150000', 1, 1, 0),
        sessionCost(OTHER, '0.522850000', 2, 2, 0),
        sessionCost(SILENT, null, 0, 0, 0),
      ].sort((a, b) => (a.session_id < b.session_id ? -1 : 1)),
    );
  });
});

describe('daily_cost', () => {
  const days = (agent: string): Promise<readonly unknown[]> =>
    rowsOf(
      connection,
      `select day_on, sum(llm_call_count) as calls from v1.daily_cost where agent = '${agent}' group by day_on order by 1`,
    );

  it('cuts days at midnight of the time zone', async () => {
    expect(await days('agent-a')).toEqual([
      { day_on: '2026-03-07', calls: 1 },
      { day_on: '2026-03-08', calls: 1 },
      { day_on: '2026-03-09', calls: 3 },
    ]);
  });

  it('gives the day on which clocks go forward twenty-three hours', async () => {
    await connection.execute(`set TimeZone = 'America/New_York'`);
    expect(await days('agent-a')).toEqual([
      { day_on: '2026-03-07', calls: 2 },
      { day_on: '2026-03-08', calls: 1 },
      { day_on: '2026-03-09', calls: 2 },
    ]);
  });

  it('cuts at a quarter past the hour where the offset is one', async () => {
    await connection.execute(`set TimeZone = 'Asia/Kathmandu'`);
    const differing = await scalarOf(
      connection,
      `select count(*) from (
          (select cast(started_at as date) as day_on, count(*) from v1.llm_calls group by 1)
          except
          (select day_on, sum(llm_call_count) from v1.daily_cost group by 1)
      )`,
    );
    expect(differing).toBe(0);
  });
});

describe('block_cost', () => {
  it('starts a block at the full hour and the next with the first call after five hours', async () => {
    const house = await openEmpty();
    await addRow(house, 'raw.sources', { source_no: 0, agent: 'agent-a', path: '/a' });
    await addRow(house, 'raw.sessions', { session_no: 0, agent: 'agent-a', native_session_id: 'x' });
    await house.execute(`insert into mart.sessions by name select 0 as session_no, 'agent-a:x' as session_id,
      0 as root_session_no, 'main' as kind, 0 as source_no, 0 as model_count, 0 as turn_count, 0 as llm_call_count,
      0 as tool_call_count, 0 as tool_ended_count, 0 as tool_failure_count, 0 as computed_call_count,
      0 as reported_call_count, 0 as auto_call_count`);
    const times = ['08:40', '12:59', '13:00', '19:10', '23:59'];
    for (const [index, time] of times.entries()) {
      await addRow(house, 'mart.llm_calls', {
        llm_call_id: `c${index}`,
        session_no: 0,
        started_at: `2026-03-08T${time}:00Z`,
        output_tokens: 1,
      });
    }
    await settle(house);
    expect(
      await rowsOf(
        house,
        'select started_at, ended_at, llm_call_count from v1.block_cost order by started_at',
      ),
    ).toEqual([
      { started_at: '2026-03-08T08:00:00.000Z', ended_at: '2026-03-08T13:00:00.000Z', llm_call_count: 2 },
      { started_at: '2026-03-08T13:00:00.000Z', ended_at: '2026-03-08T18:00:00.000Z', llm_call_count: 1 },
      { started_at: '2026-03-08T19:00:00.000Z', ended_at: '2026-03-09T00:00:00.000Z', llm_call_count: 2 },
    ]);
    house.close();
  });
});

describe('the formula', () => {
  it('is exact for calls of any size and any rate', async () => {
    const house = await openEmpty();
    const cases: readonly (readonly [number, string, string])[] = [
      [1, '0.0000005', '0.000000000'],
      [1, '0.0005', '0.000000001'],
      [3, '0.0005', '0.000000002'],
      [10_000_000, '600', '6000.000000000'],
      [900_000_000_000, '75.123456789', '67611111.110100000'],
    ];
    await addRow(house, 'mart.sessions', {
      session_no: 0,
      session_id: 'agent-a:s',
      root_session_no: 0,
      kind: 'main',
      source_no: 0,
      model_count: 0,
      turn_count: 0,
      llm_call_count: 0,
      tool_call_count: 0,
      tool_ended_count: 0,
      tool_failure_count: 0,
      computed_call_count: 0,
      reported_call_count: 0,
      auto_call_count: 0,
    });
    for (const [index, [tokens, rate]] of cases.entries()) {
      await addRow(house, 'raw.model_prices', {
        price_no: index,
        model: `m${index}`,
        uncached_input_usd: rate,
        cache_read_usd: 0,
        cache_write_5m_usd: 0,
        cache_write_1h_usd: 0,
        output_usd: 0,
      });
      await addRow(house, 'mart.llm_calls', {
        llm_call_id: `c${index}`,
        session_no: 0,
        price_no: index,
        uncached_input_tokens: tokens,
      });
    }
    expect(
      await scalarOf(
        house,
        'select list(cast(uncached_input_cost_usd as varchar) order by llm_call_id) from internal.call_class_prices',
      ),
    ).toEqual(cases.map(([, , cost]) => cost));
    house.close();
  });
});

function priced(tokenClass: string, tokens: number, rate: string, cost: string): Record<string, unknown> {
  return {
    token_class: tokenClass,
    tokens,
    usd_per_million: Number(rate).toFixed(9),
    multiplier: '1.00000000',
    cost_usd: cost,
    rule: 'without the date',
  };
}

function unpriced(tokenClass: string, tokens: number): Record<string, unknown> {
  return {
    token_class: tokenClass,
    tokens,
    usd_per_million: null,
    multiplier: null,
    cost_usd: null,
    rule: 'unknown',
  };
}

function sessionCost(id: string, cost: string | null, calls: number, pricedCalls: number, tokens: number) {
  return {
    session_id: id,
    cost_usd: cost,
    llm_call_count: calls,
    priced_call_count: pricedCalls,
    unpriced_call_count: calls - pricedCalls,
    unpriced_tokens: tokens,
  };
}
