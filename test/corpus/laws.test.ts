/** What the public contract promises of every warehouse, whatever logs it holds. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../src/warehouse/connection.ts';
import { FIXTURE_HOME, load, newWarehouse, rowsOf, viewNames } from '../adapters/load.ts';
import { generatedHome, hasGenerator } from './generated-home.ts';
import { corpusHome, hasCorpus } from './real-logs.ts';
import { homeOfAllAgents } from './sample-home.ts';

/** Key of each fact view. */
const KEYS = {
  sources: 'source_id',
  sessions: 'session_id',
  turns: 'turn_id',
  llm_calls: 'llm_call_id',
  tool_calls: 'tool_call_id',
  events: 'event_id',
} as const;

/** Which fact a column of ids points to: `session_id`, and so `root_session_id`, to sessions. An agent's own ids point nowhere. */
const targetOf = (column: string): keyof typeof KEYS | undefined =>
  column.startsWith('native_')
    ? undefined
    : (Object.keys(KEYS) as (keyof typeof KEYS)[]).find(
        (view) => column === KEYS[view] || column.endsWith(`_${KEYS[view]}`),
      );

const CLASSES = [
  'uncached_input_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'output_tokens',
] as const;
const TOKENS = [...CLASSES, 'reasoning_tokens', 'total_tokens'] as const;

const ZONES = ['UTC', 'America/Los_Angeles', 'Asia/Kathmandu'] as const;
const MODES = ['auto', 'calculate', 'reported'] as const;

const homes: readonly { readonly name: string; readonly exists: boolean; readonly home: () => string }[] = [
  { name: 'the fixture home', exists: true, home: () => FIXTURE_HOME },
  { name: 'a home of all agents', exists: true, home: homeOfAllAgents },
  { name: 'a generated home', exists: hasGenerator, home: () => generatedHome({ seed: 7, mb: 4 }).home },
  { name: 'the real logs', exists: hasCorpus, home: corpusHome },
];

for (const { name, exists, home } of homes) {
  describe.skipIf(!exists)(name, () => {
    let connection: Connection;
    const rows = (sql: string) => rowsOf(connection, sql);
    const columnsOf = async (view: string): Promise<readonly string[]> =>
      (
        await rows(
          `select column_name from duckdb_columns() where schema_name = 'v1' and table_name = '${view}'`,
        )
      ).map((row) => String(row.column_name));

    beforeAll(async () => {
      connection = await newWarehouse();
      await load(connection, home());
    }, 300_000);
    afterAll(() => connection?.close());

    test('it holds something of every fact', async () => {
      for (const view of Object.keys(KEYS)) {
        expect(await rows(`select count(*) > 0 as is_filled from v1.${view}`), view).toEqual([
          { is_filled: true },
        ]);
      }
    });

    test('a key has one row and is never NULL', async () => {
      for (const [view, key] of Object.entries(KEYS)) {
        const repeated = await rows(
          `select ${key}, count(*) as n from v1.${view} group by all having n > 1 or ${key} is null limit 5`,
        );
        expect(repeated, view).toEqual([]);
      }
    });

    test('the columns of its grain name a row of every view', async () => {
      const grains = await rows('select name, grain from v1.contract order by name');
      expect(grains.length).toBeGreaterThan(Object.keys(KEYS).length);
      for (const { name: view, grain } of grains) {
        const repeated = await rows(
          `select ${grain}, count(*) as row_count from v1."${view}" group by all having row_count > 1 limit 3`,
        );
        expect(repeated, `${view} by ${grain}`).toEqual([]);
      }
    });

    test('every id joins', async () => {
      for (const view of await viewNames(connection)) {
        for (const column of await columnsOf(view)) {
          const target = targetOf(column);
          if (target === undefined) continue;
          const lost = await rows(
            `select distinct v."${column}" as id from v1."${view}" as v
            where v."${column}" is not null and v."${column}" not in (select ${KEYS[target]} from v1.${target}) limit 5`,
          );
          expect(lost, `${view}.${column} in ${target}`).toEqual([]);
        }
      }
    });

    test('the total is the five classes wherever both are shown', async () => {
      for (const view of await viewNames(connection)) {
        const columns = await columnsOf(view);
        if (![...CLASSES, 'total_tokens'].every((column) => columns.includes(column))) continue;
        const parts = CLASSES.map((column) => `coalesce(${column}, 0)`).join(' + ');
        const wrong = await rows(
          `select * from v1."${view}" where coalesce(total_tokens, 0) <> ${parts} limit 3`,
        );
        expect(wrong, view).toEqual([]);
      }
    });

    test('reasoning lies inside output, context is the four inputs', async () => {
      const wrong = await rows(
        `select llm_call_id from v1.llm_calls
        where reasoning_tokens > output_tokens
            or context_tokens <> coalesce(uncached_input_tokens, 0) + coalesce(cache_read_tokens, 0)
                + coalesce(cache_write_5m_tokens, 0) + coalesce(cache_write_1h_tokens, 0)
            or least(uncached_input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, output_tokens) < 0`,
      );
      expect(wrong).toEqual([]);
    });

    test("a session's counts and sums are the rows behind them", async () => {
      const sums = TOKENS.map((column) => `coalesce(sum(${column}), 0) as ${column}`).join(', ');
      const shown = TOKENS.map((column) => `coalesce(${column}, 0) as ${column}`).join(', ');
      const wrong = await rows(
        `with calls as (
            select session_id, count(*) as llm_call_count, ${sums}, coalesce(sum(cost_usd), 0) as cost_usd,
                count(*) filter (where cost_usd is null) as unpriced_call_count,
                count(distinct model) as model_count
            from v1.llm_calls group by all
        ),
        tools as (
            select session_id, count(*) as tool_call_count, count(*) filter (where status = 'failed') as tool_failure_count
            from v1.tool_calls group by all
        ),
        prompts as (select session_id, count(*) as turn_count from v1.turns group by all),
        shown as (
            select session_id, llm_call_count, ${shown}, coalesce(cost_usd, 0) as cost_usd, unpriced_call_count,
                tool_call_count, tool_failure_count, turn_count
            from v1.sessions
        ),
        counted as (
            select s.session_id, coalesce(c.llm_call_count, 0) as llm_call_count,
                ${TOKENS.map((column) => `coalesce(c.${column}, 0) as ${column}`).join(', ')},
                coalesce(c.cost_usd, 0) as cost_usd, coalesce(c.unpriced_call_count, 0) as unpriced_call_count,
                coalesce(t.tool_call_count, 0) as tool_call_count, coalesce(t.tool_failure_count, 0) as tool_failure_count,
                coalesce(p.turn_count, 0) as turn_count
            from v1.sessions as s left join calls as c using (session_id) left join tools as t using (session_id)
            left join prompts as p using (session_id)
        )
        (select 'shown' as side, * from (from shown except from counted))
        union all (select 'counted', * from (from counted except from shown)) order by session_id, side limit 6`,
      );
      expect(wrong).toEqual([]);
    });

    test("a turn's counts and sums are the rows behind them", async () => {
      const wrong = await rows(
        `with calls as (
            select turn_id, count(*) as llm_call_count, coalesce(sum(total_tokens), 0) as total_tokens,
                coalesce(sum(cost_usd), 0) as cost_usd
            from v1.llm_calls where turn_id is not null group by all
        ),
        tools as (select turn_id, count(*) as tool_call_count from v1.tool_calls where turn_id is not null group by all)
        select t.turn_id, t.llm_call_count, c.llm_call_count, t.tool_call_count, u.tool_call_count, t.total_tokens, c.total_tokens
        from v1.turns as t left join calls as c using (turn_id) left join tools as u using (turn_id)
        where t.llm_call_count <> coalesce(c.llm_call_count, 0)
            or t.tool_call_count <> coalesce(u.tool_call_count, 0)
            or coalesce(t.total_tokens, 0) <> coalesce(c.total_tokens, 0)
            or coalesce(t.cost_usd, 0) <> coalesce(c.cost_usd, 0)
        limit 5`,
      );
      expect(wrong).toEqual([]);
    });

    test('what was waited for adds up to the time from the first event to the last, exactly', async () => {
      expect(
        await rows(`
          with waits as (select session_id, sum(gap_ms) as gap_ms, bool_and(gap_ms > 0) as has_only_gaps from v1.gaps group by session_id)
          select sessions.session_id, gap_ms, epoch_ms(ended_at) - epoch_ms(started_at) as wall_ms
          from v1.sessions as sessions
          left join waits using (session_id)
          where
              coalesce(gap_ms, 0) <> coalesce(epoch_ms(ended_at) - epoch_ms(started_at), 0)
              or not coalesce(has_only_gaps, true)`),
      ).toEqual([]);
      expect(
        await rows(`
          select session_id from v1.session_latency
          where wall_ms <> model_ms + tool_ms + permission_ms + human_ms + unknown_ms or retry_ms > model_ms`),
      ).toEqual([]);
    });

    test('the turns of a session last from its first prompt to its end', async () => {
      expect(
        await rows(`
          with turns as (
              select session_id, min(started_at) as first_at, sum(wall_ms) as wall_ms,
                  sum(model_ms + tool_ms + permission_ms + human_ms + unknown_ms) as parts_ms
              from v1.turn_latency where started_at is not null group by session_id
          )
          select session_id, turns.wall_ms, parts_ms, epoch_ms(ended_at) - epoch_ms(first_at) as expected_ms
          from turns inner join v1.sessions as sessions using (session_id)
          where turns.wall_ms <> parts_ms or turns.wall_ms <> epoch_ms(ended_at) - epoch_ms(first_at)`),
      ).toEqual([]);
    });

    test('waste takes no more from a call, or from a session, than it cost, in every cost mode', async () => {
      try {
        for (const mode of MODES) {
          await connection.execute(`set variable cost_mode = '${mode}'`);
          expect(
            await rows(`
              with parts as (select llm_call_id, sum(cost_usd) as cost_usd, min(cost_usd) as least_usd from v1.waste_calls group by all)
              select llm_call_id, parts.cost_usd::varchar as waste, calls.cost_usd::varchar as cost
              from parts inner join v1.llm_calls as calls using (llm_call_id)
              where parts.cost_usd > calls.cost_usd or least_usd < 0 or (parts.cost_usd is not null and calls.cost_usd is null)`),
            mode,
          ).toEqual([]);
          expect(
            await rows(`
              with parts as (select session_id, sum(cost_usd) as cost_usd from v1.waste group by all)
              select session_id, parts.cost_usd::varchar as waste, sessions.cost_usd::varchar as cost
              from parts inner join v1.sessions as sessions using (session_id)
              where parts.cost_usd > coalesce(sessions.cost_usd, 0)`),
            mode,
          ).toEqual([]);
        }
      } finally {
        await connection.execute('reset variable cost_mode');
      }
    });

    test('sources count their rejects, and turns are numbered from one', async () => {
      const wrongSources = await rows(
        `select s.source_id, s.reject_count, count(r.source_id) as counted
        from v1.sources as s left join v1.rejects as r using (source_id) group by all having s.reject_count <> counted`,
      );
      const wrongTurns = await rows(
        `select session_id, min(turn_number) as first, max(turn_number) as last, count(*) as n
        from v1.turns group by all having first <> 1 or last <> n`,
      );
      const ends = await rows(
        `select session_id from v1.sessions where ended_at < started_at
        union all select turn_id from v1.turns where ended_at < started_at
        union all select llm_call_id from v1.llm_calls where ended_at < started_at`,
      );
      expect(wrongSources).toEqual([]);
      expect(wrongTurns).toEqual([]);
      expect(ends).toEqual([]);
    });

    test('one sum of costs, in every view, time zone and cost mode', async () => {
      try {
        for (const mode of MODES) {
          await connection.execute(`set variable cost_mode = '${mode}'`);
          for (const zone of ZONES) {
            await connection.execute(`set TimeZone = '${zone}'`);
            const [sums] = await rows(
              `select
                  (select sum(cost_usd)::varchar from v1.llm_calls) as llm_calls,
                  (select sum(cost_usd)::varchar from v1.call_cost) as call_cost,
                  (select sum(cost_usd)::varchar from v1.sessions) as sessions,
                  (select sum(cost_usd)::varchar from v1.session_cost) as session_cost,
                  (select sum(cost_usd)::varchar from v1.daily_cost) as daily_cost,
                  (select sum(cost_usd)::varchar from v1.model_cost) as model_cost,
                  (select sum(cost_usd)::varchar from v1.project_cost) as project_cost,
                  -- A call without a time is in no block.
                  (
                      select (
                          coalesce((select sum(cost_usd) from v1.block_cost), 0)
                          + coalesce(sum(cost_usd) filter (started_at is null), 0)
                      )::varchar
                      from v1.llm_calls
                      having count(cost_usd) > 0
                  ) as block_cost`,
            );
            const distinct = new Set(Object.values(sums ?? {}));
            expect([...distinct], `${mode} in ${zone}: ${JSON.stringify(sums)}`).toHaveLength(1);
            const [tokens] = await rows(
              `select
                  (select sum(total_tokens) from v1.llm_calls) as llm_calls,
                  (select sum(tokens) from v1.call_cost) as call_cost,
                  (select sum(total_tokens) from v1.sessions) as sessions,
                  (select sum(total_tokens) from v1.session_cost) as session_cost,
                  (select sum(total_tokens) from v1.daily_cost) as daily_cost`,
            );
            expect(
              new Set([tokens?.llm_calls, tokens?.sessions, tokens?.session_cost, tokens?.daily_cost]).size,
              `tokens, ${mode} in ${zone}: ${JSON.stringify(tokens)}`,
            ).toBe(1);
          }
        }
      } finally {
        await connection.execute('reset variable cost_mode');
        await connection.execute('reset TimeZone');
      }
    });

    test('the classes of a call add up to its cost, exactly', async () => {
      const wrong = await rows(
        `select c.llm_call_id, c.cost_usd::varchar as cost, p.cost_usd::varchar as parts
        from v1.llm_calls as c
        left join (select llm_call_id, sum(cost_usd) as cost_usd from v1.call_cost group by all) as p using (llm_call_id)
        where c.cost_usd is distinct from p.cost_usd limit 5`,
      );
      expect(wrong).toEqual([]);
    });

    test('a call has a cost and a source of it, or neither', async () => {
      const wrong = await rows(
        `select llm_call_id from v1.llm_calls where (cost_usd is null) <> (cost_source is null) or cost_usd < 0 limit 5`,
      );
      expect(wrong).toEqual([]);
    });

    test('a score can be added up again from the findings of a session and those it started', async () => {
      const wrong = await rows(
        `with counted as (
            select distinct unnest([session_id, root_session_id]) as session_id, type, points from v1.anomalies
        ),
        worst as (select session_id, type, max(points) as points from counted group by all),
        sums as (select session_id, sum(points) as points, count(*) as n from worst group by all)
        select h.session_id, h.health_score, sums.points
        from v1.session_health as h
        inner join v1.sessions as s using (session_id)
        left join sums using (session_id)
        where
            h.health_score <> greatest(0, 100 - coalesce(sums.points, 0))
            or h.health_score <> greatest(0, 100 - 30 * h.high_count - 12 * h.medium_count - 4 * h.low_count)
            or h.deducted_points <> coalesce(list_sum([cut.points for cut in h.deductions]), 0)
            or h.anomaly_count <> coalesce(sums.n, 0)
            or (s.health_score, s.health_status, s.anomaly_count) is distinct from (h.health_score, h.health_status, h.anomaly_count)
            or h.health_status <> case
                when h.health_score is null then 'unscored' when h.health_score >= 80 then 'healthy'
                when h.health_score >= 50 then 'warning' else 'critical'
            end
        limit 5`,
      );
      expect(wrong).toEqual([]);
    });

    test('a loop is as dear as its view says, in every cost mode', async () => {
      try {
        for (const mode of MODES) {
          await connection.execute(`set variable cost_mode = '${mode}'`);
          const wrong = await rows(
            `select a.session_id, a.evidence from v1.anomalies as a
            left join (
                select session_id, max(cost_usd) as cost_usd, max(round_count) as round_count from v1.loops group by all
            ) as l using (session_id)
            where a.type = 'loop' and (a.severity = 'high') <> coalesce(l.round_count >= 5 or l.cost_usd >= 1, false)`,
          );
          expect(wrong, mode).toEqual([]);
        }
      } finally {
        await connection.execute('reset variable cost_mode');
      }
    });

    test('statuses and kinds are those of the contract', async () => {
      const wrong = await rows(
        `select 'tool status' as what, status::varchar as value from v1.tool_calls
            where status not in ('ok', 'failed', 'rejected', 'interrupted', 'pending')
        union all select 'tool category', tool_category from v1.tool_calls
            where tool_category not in ('shell', 'read', 'write', 'edit', 'search', 'web', 'task', 'mcp', 'plan', 'other')
        union all select 'health', health_status from v1.sessions
            where health_status not in ('healthy', 'warning', 'critical', 'unscored')
        union all select 'kind', kind from v1.sessions
            where kind not in ('main', 'subagent', 'fork', 'continuation', 'review', 'compaction', 'import')
        union all select 'granularity', granularity from v1.llm_calls
            where granularity not in ('call', 'session', 'rounded', 'estimate')`,
      );
      expect(wrong).toEqual([]);
    });
  });
}
