/** Gates: figures worked out by hand over small stories, and the program as built over the example home. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { shippedGate, shippedGates } from '../../src/catalog/contract.ts';
import { bindReport, type ReportValues } from '../../src/report/bind-report.ts';
import type { Connection } from '../../src/warehouse/connection.ts';
import { type LineOfStory, type Story, tell } from '../audit/story.ts';
import { openEmpty, rowsOf } from '../views/warehouse.ts';
import { EXAMPLE, makeWarehouse, runCli, withFolder } from './run-cli.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A prompt, tool calls at 0.0045 USD each (1,000 × 3 + 100 × 15 per million) that end as said, and a last word. */
function attempt(
  ends: readonly ('ok' | 'failed')[],
  more: Partial<LineOfStory> = {},
): readonly LineOfStory[] {
  const at = (second: number): string => `10:00:${String(second).padStart(2, '0')}`;
  return [
    { at: at(0), prompt: 5 },
    ...ends.flatMap((status, index): readonly LineOfStory[] => [
      {
        at: at(2 * index + 1),
        tools: [{ id: `${more.response ?? ''}t${index}`, command: `step${index}` }],
        usage: [1000, 0, 0, 0, 100],
      },
      { at: at(2 * index + 2), result: `${more.response ?? ''}t${index}`, status },
    ]),
    {
      at: at(2 * ends.length + 1),
      says: 5,
      usage: [1000, 0, 0, 0, 100],
      ...(more.model === undefined ? {} : { model: more.model }),
    },
  ];
}

const GOOD: Story = {
  session: 'good',
  lines: attempt(['ok', 'ok'], { response: 'g' }),
  cwd: '/home/dev/book',
};
const BAD: Story = {
  session: 'bad',
  lines: attempt(['ok', 'ok', 'failed', 'failed', 'failed'], { response: 'b' }),
};
const HELP: Story = {
  session: 'help',
  kind: 'subagent',
  parent: 'bad',
  lines: attempt(['failed'], { response: 'h' }).slice(0, 3),
};
const MUTE: Story = { session: 'mute', lines: [{ at: '10:00:00', prompt: 5 }], cwd: '/home/dev/mute' };

let house: Connection;
let empty: Connection;
beforeAll(async () => {
  [house, empty] = await Promise.all([tell([GOOD, BAD, HELP, MUTE]), openEmpty()]);
});
afterAll(() => {
  house.close();
  empty.close();
});

async function judge(gate: string, values: ReportValues = {}, connection = house): Promise<Fields> {
  const sql = bindReport(shippedGate(gate), values);
  const rows = (await rowsOf(connection, sql)) as readonly Fields[];
  expect(rows).toHaveLength(1);
  return rows[0] as Fields;
}

const atFault = ({ sessions }: Fields): readonly unknown[] =>
  (sessions as readonly Fields[]).map(({ session_id: id }) => id);

describe.each(
  shippedGates()
    .filter(({ name }) => name !== 'judged-sessions')
    .map((gate) => [gate.name, gate] as const),
)('gate %s', (name, gate) => {
  it('has its columns, and nothing to judge in an empty warehouse', async () => {
    const sql = bindReport(gate, {});
    const { columns } = await empty.query(sql);
    expect(columns.map((column) => column.name)).toEqual(gate.columns.map((column) => column.name));
    expect(await judge(name, {}, empty)).toMatchObject({ verdict: 'unknown', figure: null, sessions: [] });
  });
});

describe('health', () => {
  it('is held against the average of scored sessions, strictly', async () => {
    // 3 of 5 calls failed: tool_failures is high and takes 30 points. The subagent's failure is in its root.
    expect(await judge('fail-under-health', { threshold: 85 })).toMatchObject({
      verdict: 'held',
      figure: 85,
      judged_count: 2,
      note: 'one session is unscored and not judged',
    });
    const failed = await judge('fail-under-health', { threshold: '85.1' });
    expect(failed).toMatchObject({
      verdict: 'failed',
      message: 'average health of 2 sessions is 85, below 85.1',
      sessions: [{ session_id: 'agent-a:bad', project: 'shop', figure: 70, why: 'health 70: tool_failures' }],
    });
  });

  it('is unknown where no session is scored', async () => {
    const filter = { project: 'mute' };
    expect(await judge('fail-under-health', { threshold: 1, ...filter })).toMatchObject({
      verdict: 'unknown',
      message: 'no session is scored',
    });
    expect(await judge('fail-on-critical', filter)).toMatchObject({ verdict: 'unknown', figure: null });
    expect(await judge('fail-on-critical', { agent: 'nobody' })).toMatchObject({
      message: 'no session was found',
    });
  });

  it('counts critical sessions', async () => {
    expect(await judge('fail-on-critical')).toMatchObject({
      verdict: 'held',
      figure: 0,
      message: 'none of 2 sessions is critical',
    });
  });
});

describe('tool failures', () => {
  it('are held against a percentage, strictly, subagents with their root', async () => {
    // 0 of 2, 3 of 5, and 1 of 1 in the subagent: 4 of 8.
    expect(await judge('max-tool-fail-rate', { threshold: 50 })).toMatchObject({
      verdict: 'held',
      figure: 50,
    });
    const failed = await judge('max-tool-fail-rate', { threshold: '49.9' });
    expect(failed).toMatchObject({
      verdict: 'failed',
      message: '4 of 8 tool calls failed: 50 %, above 49.9 %',
      sessions: [{ session_id: 'agent-a:bad', why: '4 of 6 tool calls failed (66.7 %)' }],
    });
    expect(await judge('max-tool-fail-rate', { threshold: 0, project: 'book' })).toMatchObject({
      verdict: 'held',
      figure: 0,
    });
  });

  it('are none where a scored session called no tool, and unknown where none is scored', async () => {
    const connection = await tell([
      { session: 'talk', lines: [...attempt([]), { at: '10:00:09', says: 5, usage: [1, 0, 0, 0, 1] }] },
      MUTE,
    ]);
    try {
      expect(await judge('max-tool-fail-rate', { threshold: 0 }, connection)).toMatchObject({
        verdict: 'held',
        figure: 0,
      });
      expect(await judge('max-tool-fail-rate', { threshold: 0, project: 'mute' }, connection)).toMatchObject({
        verdict: 'unknown',
      });
    } finally {
      connection.close();
    }
  });
});

describe('cost', () => {
  it('is held against USD, strictly; at fault are the dearest, without whom it would have held', async () => {
    // good: 3 calls, bad: 6, its subagent: 1; each 0.0045.
    expect(await judge('max-cost', { threshold: '0.045' })).toMatchObject({
      verdict: 'held',
      figure: '0.045000000',
    });
    const failed = await judge('max-cost', { threshold: '0.0449' });
    expect(failed).toMatchObject({ verdict: 'failed', message: '$0.045 was spent, above $0.0449' });
    expect(atFault(failed)).toEqual(['agent-a:bad']);
    // Without bad and its subagent (0.0315) there are 0.0135 left.
    expect(atFault(await judge('max-cost', { threshold: '0.0134' }))).toEqual([
      'agent-a:bad',
      'agent-a:good',
    ]);
    expect(await judge('max-cost', { threshold: 0, session: 'agent-a:good' })).toMatchObject({
      figure: '0.013500000',
    });
    expect(await judge('max-cost', { threshold: 0, until: '2026-05-01T10:00:03Z' })).toMatchObject({
      figure: '0.013500000',
    });
  });

  it('is a lower bound where a call has no price, and unknown where none has', async () => {
    const connection = await tell([{ session: 'odd', lines: attempt(['ok'], { model: 'unpriced' }) }]);
    try {
      expect(await judge('max-cost', { threshold: 1 }, connection)).toMatchObject({
        verdict: 'held',
        judged_count: 1,
        note: 'a lower bound: one call has no known price',
      });
      expect(await judge('max-cost', { threshold: 1, model: 'unpriced' }, connection)).toMatchObject({
        verdict: 'unknown',
        message: 'the only call has no known price',
      });
    } finally {
      connection.close();
    }
  });
});

test('large numbers have their thousands apart, as in tables', async () => {
  const ids = Array.from({ length: 1200 }, (_, index) => `t${index}`);
  const many: Story = {
    session: 'many',
    lines: [
      { at: '10:00:00', prompt: 5 },
      { at: '10:00:01', tools: ids.map((id) => ({ id })), usage: [400_000_000, 0, 0, 0, 0] },
      ...ids.map((id): LineOfStory => ({ at: '10:00:02', result: id, status: 'failed' })),
      { at: '10:00:03', says: 5, model: 'unpriced', usage: [1, 0, 0, 0, 1] },
    ],
  };
  const connection = await tell([many]);
  try {
    expect(await judge('max-tool-fail-rate', { threshold: 5 }, connection)).toMatchObject({
      message: '1,200 of 1,200 tool calls failed: 100 %, above 5 %',
      sessions: [{ why: '1,200 of 1,200 tool calls failed (100.0 %)' }],
    });
    expect(await judge('max-cost', { threshold: 1000 }, connection)).toMatchObject({
      message: '$1,200.00 was spent, above $1,000',
      sessions: [{ why: '$1,200.00 and one unpriced call' }],
    });
    expect(await judge('max-cost', { threshold: '1199.9999' }, connection)).toMatchObject({
      message: '$1,200.00 was spent, above $1,199.9999',
    });
    expect(await judge('max-waste', { threshold: '12345.5' }, connection)).toMatchObject({
      message: expect.stringMatching(/, not above \$12,345\.5$/),
    });
  } finally {
    connection.close();
  }
});

test('waste is held against USD, and the sum of the view', async () => {
  const rows = (await rowsOf(
    house,
    'select coalesce(sum(cost_usd), 0)::decimal(18, 9) as cost_usd from v1.waste',
  )) as readonly Fields[];
  const wasted = rows[0]?.cost_usd;
  expect(await judge('max-waste', { threshold: String(wasted) })).toMatchObject({
    verdict: 'held',
    figure: wasted,
  });
});

describe('agenttrace', () => {
  let warehouse: Awaited<ReturnType<typeof makeWarehouse>>;
  beforeAll(async () => {
    warehouse = await makeWarehouse();
  });
  afterAll(() => warehouse.remove());
  const example = (...words: readonly string[]): ReturnType<typeof runCli> =>
    runCli(['--warehouse', warehouse.file, '--no-refresh', ...words]);

  const ALL = ['--fail-under-health', '100', '--max-tool-fail-rate', '15', '--max-cost', '5'] as const;

  test('prints the report as usual, then every gate that failed, and ends with 2', async () => {
    const [plain, gated] = await Promise.all([
      example('sessions'),
      example(
        'sessions',
        ...ALL,
        '--fail-on-sql',
        'select 1 as one',
        '--fail-on-sql',
        'select * from sesions',
      ),
    ]);
    expect([plain.code, gated.code]).toEqual([0, 2]);
    expect(gated.out).toBe(plain.out);
    expect(gated.err.match(/^Gate .*/gm)).toEqual([
      expect.stringMatching(/^Gate failed: average health of .*, below 100 \(--fail-under-health 100\)$/),
      'Gate failed: 20 of 112 tool calls failed: 17.9 %, above 15 % (--max-tool-fail-rate 15)',
      'Gate failed: $11.17 was spent, above $5 (--max-cost 5)',
      'Gate failed: one row is a violation (--fail-on-sql)',
      expect.stringMatching(/^Gate not judged: Catalog Error/),
    ]);
  });

  test('gates hold exactly at their threshold', async () => {
    const { summary } = JSON.parse((await example('overview', '-f', 'json')).out);
    const at = (add: number): readonly string[] => [
      '--fail-under-health',
      String(summary.avg_health + add),
      '--max-tool-fail-rate',
      String(summary.tool_fail_rate - add),
      '--max-cost',
      (summary.total_cost - add).toFixed(9),
    ];
    const held = await example(...at(0));
    expect(held.code).toBe(0);
    expect(held.err).not.toContain('Gate');
    const { code, err, out } = await example(...at(0.001));
    expect(code).toBe(2);
    expect(err.match(/^Gate failed: .*\(--[a-z-]+/gm)?.map((line) => /--[a-z-]+/.exec(line)?.[0])).toEqual([
      '--fail-under-health',
      '--max-tool-fail-rate',
      '--max-cost',
    ]);
    expect(err).toMatch(/^ {2}claude-code:/m);
    expect(err).toContain('error: 3 of 3 gates did not hold.');
    expect(out).toBe(held.out);
  });

  test('with -f json the gates are one object on stderr, held ones too', async () => {
    const { code, out, err } = await example(
      'overview',
      '-f',
      'json',
      '--max-cost',
      '5',
      '--max-tool-fail-rate',
      '100',
    );
    expect(code).toBe(2);
    expect(JSON.parse(out).summary.total_cost).toBeGreaterThan(5);
    const { error } = JSON.parse(err);
    expect(error).toMatchObject({ code: 'gate', message: '1 of 2 gates did not hold.' });
    expect(error.gates.map(({ gate, verdict }: Fields) => [gate, verdict])).toEqual([
      ['max-tool-fail-rate', 'held'],
      ['max-cost', 'failed'],
    ]);
    expect(error.gates[1]).toMatchObject({ threshold: 5, figure: JSON.parse(out).summary.total_cost });
    expect(error.gates[1].sessions[0]).toMatchObject({
      session_id: expect.any(String),
      why: expect.any(String),
    });
  });

  test('filters narrow what is judged; a session is judged alone', async () => {
    expect((await example('--max-cost', '1', '--agent', 'nobody')).code).toBe(66);
    expect((await example('--max-cost', '0.0001', '--since', '2026-11-13')).code).toBe(2);
    const { session } = JSON.parse((await example('latest', '-f', 'json')).out);
    const cost = session.cost_usd;
    expect((await example('latest', '--max-cost', String(cost))).code).toBe(0);
    const failed = await example('latest', '--max-cost', String(cost - 0.0001));
    expect(failed.code).toBe(2);
    expect(failed.err).toContain(`  ${session.session_id}`);
    const alone = await example('session', session.session_id, '--max-cost', String(cost - 0.0001));
    expect(alone.err).toBe(failed.err);
    expect((await example('daily', '--param', 'agent=nobody', '--max-cost', '1')).code).toBe(66);
  });

  test('no data is not a pass', async () => {
    const { code, err, out } = await example(
      '--agent',
      'nobody',
      '--fail-on-critical',
      '--fail-on-sql',
      'select 1 as one',
    );
    expect(code).toBe(66);
    expect(out).toContain('Overview');
    expect(err).toContain('Gate without data: no session was found (--fail-on-critical)');
    expect(err).toContain('(--fail-on-sql)');
    expect(err).toContain('no data is not a pass');
    const json = await example('--agent', 'nobody', '--fail-on-critical', '-f', 'json');
    expect(JSON.parse(json.err).error).toMatchObject({
      code: 'no_input',
      gates: [{ gate: 'fail-on-critical', verdict: 'unknown', figure: null }],
    });
  });

  test('a gate of SQL fails on each row, from a file too, and sees the sessions judged', async () => {
    await withFolder(async (folder) => {
      const sql = `select session_id, count(*) as failed_count
        from tool_calls semi join judged_sessions using (session_id)
        where status = 'failed' group by session_id having count(*) > 6`;
      const file = join(folder, 'no-loops.sql');
      writeFileSync(file, `-- No session fails so often.\n${sql};\n`);
      const given = await example('tools', '--fail-on-sql', sql);
      const read = await example('tools', '--fail-on-sql', file);
      expect([given.code, read.code]).toEqual([2, 2]);
      expect(read.err).toBe(given.err);
      expect(given.err).toContain('Gate failed: one row is a violation (--fail-on-sql)');
      expect(given.err).toMatch(/claude-code:6a87a9dc\S+ +7$/m);
      expect((await example('tools', '--fail-on-sql', file, '--project', 'storefront')).code).toBe(0);
      expect((await runCli(['sessions', '--demo', '--fail-on-sql', file])).err).toBe(given.err);
      const json = await example('tools', '--fail-on-sql', file, '-f', 'json');
      expect(JSON.parse(json.err).error.gates[0].rows).toEqual([
        { session_id: expect.stringContaining('6a87a9dc'), failed_count: 7 },
      ]);
    });
  });

  test('a gate’s SQL is sealed off, and its errors are errors', async () => {
    expect(await example('--fail-on-sql', 'missing.sql')).toMatchObject({ code: 66, out: '' });
    for (const sql of [
      'select * from sesions',
      "select * from read_csv('/etc/hosts')",
      'drop view v1.sessions',
      'select $x as x',
    ]) {
      const { code, err } = await example('tools', '--fail-on-sql', sql);
      expect([sql, code]).toEqual([sql, 65]);
      expect(err).toContain('Gate not judged: ');
    }
    const both = await example('tools', '--fail-on-sql', 'select * from sesions', '--max-cost', '0');
    expect(both.code).toBe(2);
    expect(both.err).toContain('sesions');
  });

  test.each([
    [['--fail-under-health', 'high'], '--fail-under-health wants a number'],
    [['--max-tool-fail-rate', '15%'], '--max-tool-fail-rate wants a number'],
    [['--max-cost', '-1'], '--max-cost wants an amount in USD, 0 or more'],
    [['--max-waste'], 'argument missing'],
  ] as const)('%j is wrong usage', async (words, said) => {
    const { code, err } = await runCli(words);
    expect([code, err]).toEqual([64, expect.stringContaining(said)]);
  });

  test('what another tool’s scripts pass as off is off', async () => {
    const off = ['--overview', '--fail-under-health', '0', '--max-tool-fail-rate', '-1', '--agent', 'nobody'];
    expect((await example(...off)).code).toBe(0);
    expect((await example(...off, '--fail-on-critical')).code).toBe(66);
  });

  test('a kept answer does not answer for a gate', async () => {
    await withFolder(async (folder) => {
      const env = { HOME: EXAMPLE, AGENTTRACE_WAREHOUSE: join(folder, 'w.duckdb') };
      const first = await runCli(['overview', '--quiet'], { env });
      const kept = await runCli(['overview', '--quiet'], { env });
      expect([first.code, kept.code]).toEqual([0, 0]);
      const gated = await runCli(['overview', '--quiet', '--max-cost', '5'], { env });
      expect(gated.code).toBe(2);
      expect(gated.out).toBe(kept.out);
      expect((await runCli(['overview', '--quiet'], { env })).code).toBe(0);
    });
  });
});
