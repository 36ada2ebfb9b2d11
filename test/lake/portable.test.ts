/** Reports over a lake are in SQL that DuckDB, Spark and Trino understand alike. */
import { describe, expect, it, test } from 'vitest';
import { fleetReports } from '../../src/catalog/contract.ts';
import { sqlFile, sqlFilesBelow } from '../../src/catalog/sql-files.ts';
import { brokenRules, PORTABLE_RULES } from './portable-sql.ts';

describe.each(PORTABLE_RULES.map((rule) => [rule.name, rule] as const))('%s', (name, { breaks, instead }) => {
  it.each(breaks)('is seen in: %s', (sql) => {
    expect(brokenRules(sql)).toContain(name);
    expect(instead).not.toBe('');
  });
});

test('what engines agree on breaks no rule', () => {
  const sql = `
    with sums as (
        select
            t.a as a,
            count(*) filter (where t.b in ('ok', 'not; a "rule"')) as n,
            sum(t.cost_usd) as cost_usd,
            cast(date_trunc('week', t.at) as date) as week_on -- epoch_ms(x) :: y
        from lake.t as t
        where exists (select 1 from lake.u as u where u.a = t.a) and t.at < t.end_at + interval '30' minute
        group by t.a, cast(date_trunc('week', t.at) as date)
    )

    select
        sums.a as a,
        sums.n * 1e0 / nullif(sums.n, 0) as ratio,
        cast(sums.cost_usd as double) / 2 as half,
        sum(sums.n) over (partition by sums.a order by sums.n desc nulls last, coalesce(sums.a, 0) asc nulls last rows between unbounded preceding and current row) as up_to
    from sums
    order by sums.a asc nulls last, sums.n desc nulls first`;
  expect(brokenRules(sql)).toEqual([]);
});

const files = [...fleetReports().map(({ path }) => path), 'sql/lake/owners.sql'];

test('every report over a lake is looked at', () => {
  expect(files).toEqual(expect.arrayContaining([...sqlFilesBelow('sql/fleet')]));
  expect(files.length).toBeGreaterThan(6);
});

test.each(files)('%s keeps to the subset', (path) => {
  expect(brokenRules(sqlFile(path))).toEqual([]);
});

test.each(fleetReports().map((report) => [report.path, report] as const))(
  '%s reads the lake alone',
  (_, report) => {
    expect(report.dependencies.length).toBeGreaterThan(0);
    expect(report.dependencies.filter((name) => !name.startsWith('lake.'))).toEqual([]);
  },
);
