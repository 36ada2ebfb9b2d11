import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shippedReport, shippedReports } from '../../src/catalog/contract.ts';
import type { Report } from '../../src/catalog/report.ts';
import { bindReport, type ReportValues } from '../../src/report/bind-report.ts';
import type { Connection } from '../../src/warehouse/connection.ts';
import { FORK, MAIN, OTHER, openSmallHouse, SILENT, SUBAGENT } from '../views/small-house.ts';
import { openEmpty, plain, rowsOf } from '../views/warehouse.ts';

let empty: Connection;
let house: Connection;
beforeAll(async () => {
  [empty, house] = await Promise.all([openEmpty(), openSmallHouse()]);
});
afterAll(() => {
  empty.close();
  house.close();
});

type Fields = Readonly<Record<string, unknown>>;

async function run(
  name: string,
  values: ReportValues = {},
  connection: Connection = house,
): Promise<readonly Fields[]> {
  const sql = bindReport(known(name), values);
  return (await rowsOf(connection, sql)) as readonly Fields[];
}

const only = async (
  name: string,
  values: ReportValues = {},
  connection: Connection = house,
): Promise<Fields> => {
  const rows = await run(name, values, connection);
  expect(rows).toHaveLength(1);
  return rows[0] as Fields;
};

describe.each(shippedReports().map((report) => [report.name, report] as const))(
  'report %s',
  (name, report) => {
    it.each(['an empty warehouse', 'a small one'])('has its documented columns over %s', async (which) => {
      const connection = which === 'a small one' ? house : empty;
      const sql = bindReport(report, name === 'session' ? { session: MAIN } : {});
      const { columns, rows } = await connection.query(sql);
      const names = columns.map((column) => column.name);
      if (report.shape === 'table') {
        expect(names).toEqual(report.columns.map((column) => column.name));
        if (which === 'an empty warehouse') expect(rows).toEqual([]);
        return;
      }
      expect(rows).toHaveLength(1);
      expect([...names].sort()).toEqual(
        [...report.sections, ...report.fields].map((part) => part.name).sort(),
      );
      for (const { name: section } of report.sections) {
        expect(columns.find((column) => column.name === section)?.type).toMatch(/^STRUCT\(|^VARCHAR\[\]$/);
      }
    });

    it('says what it is, what to try, and what no row means', () => {
      expect(report.title).not.toBe(name);
      expect(report.summary).toMatch(/^[A-Z].*\.$/);
      expect(report.emptyText).toMatch(/\.$/);
      expect(report.examples.length).toBeGreaterThan(0);
      for (const { description } of report.parameters) expect(description).toMatch(/^[A-Z].*\.$/);
    });

    it.skipIf(report.parameters.some((parameter) => parameter.name === 'content'))(
      'prints no content',
      () => {
        expect(report.sql).not.toMatch(/\b(command|error_text)\b(?!')/);
      },
    );
  },
);

describe('the filters of the contract', () => {
  const FILTERS = ['since', 'until', 'agent', 'model', 'project', 'session', 'limit'];
  /** A session is one. */
  const WITHOUT: Readonly<Record<string, readonly string[]>> = {
    session: ['since', 'until', 'agent', 'model', 'project'],
  };
  /** These are of prices, or name their sessions. */
  const others = ['prices', 'diff', 'diff-patch', 'explain'];

  it.each(shippedReports().filter(({ name }) => !others.includes(name)))('are those of $name', (report) => {
    const taken = report.parameters.map(({ name }) => name);
    expect(FILTERS.filter((name) => !taken.includes(name))).toEqual(WITHOUT[report.name] ?? []);
  });
});

describe('the same filter', () => {
  const filters: readonly (readonly [string, ReportValues])[] = [
    ['none', {}],
    ['since', { since: '2026-03-08T05:00:00Z' }],
    ['until', { until: '2026-03-08T05:00:00Z' }],
    ['both', { since: '2026-03-08T00:00:00Z', until: '2026-03-09T00:00:00Z' }],
    ['agent', { agent: 'agent-b' }],
    ['model', { model: 'large' }],
    ['logged model', { model: 'maker/large-20260101', since: '2026-03-09T00:00:00Z' }],
    ['project', { project: 'shop' }],
    ['session', { session: MAIN }],
    ['nothing', { agent: 'nobody' }],
  ];

  it.each(filters)('gives the same totals in every report: %s', async (_, filter) => {
    const overview = await only('overview', filter);
    const totals = overview.totals as Fields;
    const summary = overview.summary as Fields;
    const expected = [sumOf([totals], 'cost_usd'), totals.total_tokens, totals.llm_call_count];
    for (const name of ['daily', 'models', 'sessions']) {
      const rows = await run(name, filter);
      expect([
        name,
        sumOf(rows, 'cost_usd'),
        sumOf(rows, 'total_tokens'),
        sumOf(rows, 'llm_call_count'),
      ]).toEqual([name, ...expected]);
    }
    const sessions = await run('sessions', filter);
    expect(sessions.filter(({ kind }) => kind !== 'subagent')).toHaveLength(Number(summary.total_sessions));
    expect(sumOf(sessions, 'tool_call_count')).toBe(totals.tool_call_count);
    const tools = await run('tools', filter);
    expect(sumOf(tools, 'tool_call_count')).toBe(totals.tool_call_count);
    expect(sumOf(tools, 'tool_failure_count')).toBe(summary.tool_failures);
    for (const list of ['by_agent', 'by_model'] as const) {
      expect(sumOf(overview[list] as readonly Fields[], 'cost')).toBeCloseTo(Number(summary.total_cost), 9);
    }
    expect(sumOf(overview.days as readonly Fields[], 'total_tokens')).toBe(summary.total_tokens);
  });

  it('shows a session without any call when it overlaps', async () => {
    const ids = async (filter: ReportValues): Promise<readonly unknown[]> =>
      (await run('sessions', filter)).map(({ session_id }) => session_id).sort();
    expect(await ids({})).toEqual([MAIN, SUBAGENT, FORK, OTHER, SILENT].sort());
    expect(await ids({ since: '2026-03-08T11:00:00Z', until: '2026-03-08T13:00:00Z' })).toEqual(
      [MAIN, SILENT].sort(),
    );
    expect(await ids({ model: 'thinker' })).toEqual([OTHER]);
    expect(await ids({ session: MAIN })).toEqual([MAIN, SUBAGENT].sort());
  });

  it.each([
    // Only MAIN called `secret`, by name and by its log; only OTHER called `thinker`.
    ['anomalies', 'secret', [MAIN, MAIN]],
    ['anomalies', 'thinker', [OTHER, OTHER]],
    ['anomalies', 'quick', []],
    ['compare', 'maker/large-20260101', [FORK, MAIN]],
    ['compare', 'thinker', [OTHER]],
    // A subagent's model is not its session's.
    ['compare', 'quick', []],
    ['gaps', 'thinker', [OTHER, OTHER]],
    ['latency', 'secret', [MAIN]],
    ['latency', 'quick', [SUBAGENT]],
  ] as const)('shows in %s the sessions that called %s', async (name, model, ids) => {
    expect((await run(name, { model })).map(({ session_id }) => session_id)).toEqual(ids);
  });

  it('counts errors of the sessions that called a model, and changes that it asked for', async () => {
    // The error is MAIN's, and the fork repeats it; the change is that of t1, which a1 asked for, and of no known call in OTHER.
    expect(await run('errors', { model: 'secret' })).toMatchObject([{ error_count: 1 }]);
    expect(await run('errors', { model: 'thinker' })).toEqual([]);
    expect(await run('files')).toMatchObject([{ change_count: 2, session_count: 2 }]);
    expect(await run('files', { model: 'large' })).toMatchObject([{ change_count: 1, session_count: 1 }]);
    expect(await run('files', { model: 'thinker' })).toEqual([]);
  });

  it('cuts days in the time zone of the connection', async () => {
    await house.execute(`set TimeZone = 'America/New_York'`);
    expect((await run('daily')).map(({ day_on, llm_call_count }) => [day_on, llm_call_count])).toEqual([
      ['2026-03-07', 2],
      ['2026-03-08', 3],
      ['2026-03-09', 2],
    ]);
    await house.execute(`set TimeZone = 'UTC'`);
  });

  it('limits lists, newest or dearest first', async () => {
    expect((await run('daily', { limit: 1n })).map(({ day_on }) => day_on)).toEqual(['2026-03-09']);
    expect((await run('models', { limit: 2n })).map(({ model }) => model)).toEqual(['thinker', 'large']);
  });
});

describe('overview', () => {
  it('has the keys of the contract', async () => {
    const overview = await only('overview', { now: '2026-03-10T00:00:00Z' });
    expect(overview).toMatchObject({
      schema_version: 'v1',
      generated_at: '2026-03-10T00:00:00.000Z',
      timezone: 'UTC',
      summary: {
        total_sessions: 4,
        healthy: 0,
        warning: 2,
        critical: 0,
        unscored: 2,
        avg_health: 66,
        total_cost: '0.850551900',
        total_tokens: 403242,
        tool_calls: 2,
        tool_failures: 1,
        tool_fail_rate: 50,
        health_trend: {
          direction: '',
          regressing: false,
          avg_health: 66,
          points: [
            { name: MAIN, health: 66 },
            { name: OTHER, health: 66 },
          ],
        },
      },
      by_agent: [
        { name: 'Agent A', sessions: 2, cost: '0.327701900' },
        { name: 'Agent B', sessions: 2, cost: '0.522850000' },
      ].sort((a, b) => Number(b.cost) - Number(a.cost)),
      by_model: [
        { name: 'thinker', sessions: 1, cost: '0.522850000' },
        { name: 'large', sessions: 2, cost: '0.327643500' },
        { name: 'quick', sessions: 1, cost: '0.000058400' },
        { name: 'secret', sessions: 1, cost: null },
      ],
      coverage: {
        priced_call_ratio: 6 / 7,
        priced_token_ratio: 1 - 55 / 403242,
        unpriced_models: ['secret'],
        estimated_call_count: 0,
        rejected_line_count: 2,
      },
      anomalies: [
        { Session: OTHER, Type: 'hanging', Age: '2d' },
        { Session: MAIN, Type: 'hanging', Age: '3d' },
        { Session: OTHER, Type: 'latency', Age: '2d' },
        { Session: MAIN, Type: 'latency', Age: '3d' },
      ],
      risks: [
        { session_id: OTHER, health_score: 66, cost_usd: '0.522850000' },
        {
          session_id: MAIN,
          health_score: 66,
          reasons: [
            'high: 1 wait over 60 s: 19 h for the model',
            'low: P95 of 2 waits for the model is 19 h',
          ],
        },
      ],
      waste: [],
      time: { model_ms: 73_870_000, tool_ms: 15_000, human_ms: 0 },
    });
    expect((overview.recent_sessions as readonly Fields[])[0]).toEqual({
      name: FORK,
      source_tool: 'agent-a',
      model: 'large',
      turns: 0,
      tools: 0,
      tokens: 10,
      cost: '0.000150000',
      health: null,
      anomalies: 0,
    });
  });

  it('puts the dearest session first, subagents counted with it', async () => {
    const { top_sessions: sessions } = await only('overview');
    expect((sessions as readonly Fields[]).map((row) => [row.session_id, row.with_subagents_usd])).toEqual([
      [OTHER, '0.522850000'],
      [MAIN, '0.327551900'],
      [FORK, '0.000150000'],
      [SILENT, null],
    ]);
  });

  it('names the next steps', async () => {
    const commands = async (connection: Connection): Promise<readonly unknown[]> =>
      ((await only('overview', {}, connection)).next as readonly Fields[]).map(({ command }) => command);
    expect(await commands(house)).toEqual([
      `agenttrace session ${OTHER}`,
      'agenttrace report unpriced',
      'agenttrace tools',
      'agenttrace doctor',
    ]);
    expect(await commands(empty)).toEqual(['agenttrace doctor', 'agenttrace --demo']);
  });

  it('says one call and once where it is one', async () => {
    const { next } = await only('overview', {}, house);
    expect((next as readonly Fields[]).map(({ why }) => why)).toEqual(
      expect.arrayContaining([
        'One call has no known cost, so the total is a lower bound.',
        'Run failed once.',
      ]),
    );
  });

  it('costs nothing where nothing ran, and an unknown sum where nothing is priced', async () => {
    expect((await only('overview', {}, empty)).summary).toMatchObject({
      total_cost: '0.000000000',
      tool_fail_rate: null,
    });
    expect((await only('overview', { model: 'secret' })).summary).toMatchObject({
      total_cost: null,
      total_tokens: 55,
    });
  });
});

describe('session', () => {
  it('has the keys of the contract', async () => {
    const audit = await only('session', { session: MAIN });
    expect(Object.keys(audit.session as Fields)).toEqual(
      (await house.query('select * from v1.sessions limit 0')).columns.map(({ name }) => name),
    );
    expect(audit).toMatchObject({
      session: { session_id: MAIN, cost_usd: '0.327493500' },
      health: {
        score: 66,
        status: 'warning',
        deductions: [
          { type: 'hanging', severity: 'high', points: 30 },
          { type: 'latency', severity: 'low', points: 4 },
        ],
      },
      findings: [{ type: 'hanging' }, { type: 'latency' }],
      cost: {
        by_model: [
          { model: 'large', cost_usd: '0.327493500' },
          { model: 'secret', cost_usd: null },
        ],
        by_class: { uncached_input: '0.009006000', reported: null },
      },
      time: { tool_ms: 15_000 },
      turns: [{ turn_number: 1 }, { turn_number: 2 }],
      tools: [
        { tool_name: 'Edit', tool_call_count: 2 },
        { tool_name: 'Run', verification_count: 1, tool_failure_count: 1 },
      ],
      subagents: [{ session_id: SUBAGENT, cost_usd: '0.000058400' }],
      files: [{ change_count: 1, added_line_count: 3 }],
      retries: [],
      loops: [],
      gaps: [
        { gap_kind: 'model', gap_ms: 68_399_000 },
        { gap_kind: 'model', gap_ms: 11_000 },
      ],
    });
    expect((audit.missing as readonly Fields[]).map(({ what }) => what)).toEqual([
      'cost',
      'duration of API calls',
      'time to the first token',
      'reasoning tokens',
    ]);
  });

  it('takes so many rows of a list as asked for', async () => {
    expect(await only('session', { session: MAIN, limit: 1n })).toMatchObject({
      turns: [{ turn_number: 1 }],
      tools: [{ tool_name: 'Edit' }],
      gaps: [{ gap_ms: 68_399_000 }],
      findings: [{ type: 'hanging' }, { type: 'latency' }],
    });
  });

  it('has no audit of a session that is not there', async () => {
    expect(await only('session', { session: 'agent-a:nobody' })).toMatchObject({ session: null, turns: [] });
  });
});

describe('blocks', () => {
  const rowsWith = async (values: ReportValues): Promise<readonly unknown[]> =>
    (await run('blocks', values)).map((row) => [
      row.agent,
      row.started_at,
      row.last_call_at,
      row.llm_call_count,
      row.total_tokens,
      row.cost_usd,
    ]);

  it('are those of the view where nothing is asked', async () => {
    const { columns } = await house.query(bindReport(known('blocks'), {}));
    expect(await run('blocks')).toEqual(
      await rowsOf(
        house,
        `select ${columns.map(({ name }) => name).join(', ')} from v1.block_cost order by started_at, agent`,
      ),
    );
  });

  it('keep their bounds when calls of one model, project or session are summed', async () => {
    // a2 at 03:59:59 opens the block at three; a3, one second later, is of the model without a price.
    const secret = ['agent-a', '2026-03-09T03:00:00.000Z', '2026-03-09T04:00:00.000Z', 1, 55, null];
    expect(await rowsWith({ model: 'secret' })).toEqual([secret]);
    const fork = ['agent-a', '2026-03-09T03:00:00.000Z', '2026-03-09T04:30:00.000Z', 1, 10, '0.000150000'];
    expect(await rowsWith({ session: FORK })).toEqual([fork]);
    expect((await run('blocks', { project: 'till' })).map(({ agent }) => agent)).toEqual(['agent-b']);
    expect(await rowsWith({ project: 'nothing' })).toEqual([]);
  });
});

describe('explain', () => {
  it('adds up to the cost of a session and its subagents, line by line', async () => {
    const lines = await run('explain', { session: MAIN });
    expect(sumOf(lines, 'cost_usd')).toBe(0.3275519);
    expect(lines[0]).toMatchObject({
      path: '/logs/a/alpha/sub1.jsonl',
      token_class: 'uncached_input',
      rule: 'exact',
    });
    expect(await run('explain', { call: 'agent-a:a2' })).toHaveLength(5);
  });
});

describe('doctor', () => {
  it('sees logs, what could not be read, and models without a price', async () => {
    expect(await run('sources')).toMatchObject([
      { agent: 'agent-a', display_name: 'Agent A', source_count: 3, vanished_count: 0, reject_count: 2 },
      { agent: 'agent-b', source_count: 2, vanished_count: 1, failed_count: 1 },
    ]);
    expect(await run('rejects')).toMatchObject([
      { path: '/logs/a/alpha.jsonl', line_number: 7, reason: 'cut off' },
      { line_number: 7, reason: 'no object' },
    ]);
    expect(await run('unpriced')).toMatchObject([
      { model_raw: 'secret', unpriced_call_count: 1, unpriced_tokens: 55 },
    ]);
  });

  it('narrows logs and rejected lines to sessions, models and the time of the log', async () => {
    const counts = async (values: ReportValues): Promise<readonly unknown[]> =>
      (await run('sources', values)).map(({ agent, source_count }) => [agent, source_count]);
    expect(await counts({ session: MAIN })).toEqual([['agent-a', 2]]);
    // The fork's worktree is of the same project.
    expect(await counts({ project: 'shop' })).toEqual([['agent-a', 3]]);
    expect(await counts({ model: 'quick' })).toEqual([['agent-a', 1]]);
    expect(await counts({ model: 'thinker', session: MAIN })).toEqual([]);
    expect(await counts({ limit: 1n })).toEqual([['agent-a', 3]]);
    // All were last written to on 1 January 2026.
    expect(await counts({ since: '2026-01-01T00:00:01Z' })).toEqual([]);
    expect(await counts({ until: '2026-01-01T00:00:01Z' })).toHaveLength(2);
    for (const values of [{ session: MAIN }, { project: 'shop' }, { model: 'secret' }, { limit: 2n }])
      expect(await run('rejects', values)).toHaveLength(2);
    for (const values of [{ session: OTHER }, { model: 'quick' }, { since: '2026-01-02T00:00:00Z' }])
      expect(await run('rejects', values)).toEqual([]);
    expect(await run('rejects', { until: '2026-01-02T00:00:00Z' })).toHaveLength(2);
  });

  it('shows the prices in force', async () => {
    expect((await run('prices', { model: 'LARGE' })).map((row) => row.context_over_tokens)).toEqual([
      0, 200000,
    ]);
  });
});

function known(name: string): Report {
  const report = shippedReport(name);
  if (report === undefined) throw new Error(`no report ${name}`);
  return report;
}

/** The sum of a column; decimals are added as whole numbers of their last place. */
function sumOf(rows: readonly Fields[], column: string): number {
  const sum = rows
    .map((row) => plain(row[column] as never) ?? 0)
    .reduce<bigint>((total, value) => total + BigInt(Math.round(Number(value) * 1e9)), 0n);
  return Number(sum) / 1e9;
}
