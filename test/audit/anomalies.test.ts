/** Findings of every kind, at and beside their thresholds: worked out by hand. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatDuration } from '../../src/render/format-number.ts';
import { temporaryFolder, withHome } from '../adapters/load.ts';
import { rowsOf } from '../views/warehouse.ts';
import { type LineOfStory, type Story, type ToolOfStory, tell } from './story.ts';

const FINDINGS = `
  select type, severity, points, finding_count, evidence, source_line, tool_call_id, llm_call_id
  from v1.anomalies order by session_id, type`;

async function findings(
  lines: readonly LineOfStory[],
  { type, ...story }: Partial<Story> & { readonly type: string },
): Promise<readonly Record<string, unknown>[]> {
  const rows = await ask([{ session: 's', lines, ...story }], FINDINGS);
  return rows.filter((row) => row.type === type);
}

async function ask(
  stories: readonly Story[],
  sql: string,
  setUp = 'select 1',
): Promise<readonly Record<string, unknown>[]> {
  const connection = await tell(stories);
  try {
    await connection.execute(setUp);
    return (await rowsOf(connection, sql)) as readonly Record<string, unknown>[];
  } finally {
    connection.close();
  }
}

const two = (number: number): string => String(number).padStart(2, '0');

/** Each tool in a minute of its own, with its result a second later. */
const calls = (
  tools: readonly (ToolOfStory & Pick<LineOfStory, 'status' | 'changes'>)[],
): readonly LineOfStory[] =>
  tools.flatMap(({ status, changes, ...tool }, index): readonly LineOfStory[] => [
    { at: `11:${two(index)}:00`, tools: [tool] },
    {
      at: `11:${two(index)}:01`,
      result: tool.id,
      ...(status === undefined ? {} : { status }),
      ...(changes === undefined ? {} : { changes }),
    },
  ]);

const edit = (id: string, file = '/home/dev/shop/a.ts') => ({
  id,
  name: 'Edit',
  category: 'edit',
  file,
  changes: [file],
});
const read = (id: string) => ({ id, name: 'Read', category: 'read', file: '/home/dev/shop/a.ts' });

describe('hanging', () => {
  const wait = (seconds: number): readonly LineOfStory[] => [
    { at: '10:00:00', prompt: 5 },
    {
      at: `10:${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`,
      says: 5,
      usage: [1, 0, 0, 0, 1],
      response: 'r',
    },
  ];

  it.each([
    [60, undefined],
    [61, 'medium'],
    [300, 'medium'],
    [301, 'high'],
  ])('a wait of %i s for the model: %s', async (seconds, severity) => {
    const [found] = await findings(wait(seconds), { type: 'hanging' });
    expect(found?.severity).toBe(severity);
  });

  it('tells how often, how long, for what, and where', async () => {
    expect(
      await findings(
        [
          ...wait(61),
          { at: '10:02:00', tools: [{ id: 't1', command: 'npm test' }] },
          { at: '10:08:01', result: 't1', durationMs: 361_000 },
        ],
        { type: 'hanging' },
      ),
    ).toEqual([
      {
        type: 'hanging',
        severity: 'high',
        points: 30,
        finding_count: 2,
        evidence: '2 waits over 60 s (7 min 2 s in all), the longest 6 min 1 s for `npm test`',
        source_line: 3,
        tool_call_id: 'agent-a:t1',
        llm_call_id: null,
      },
    ]);
  });

  it('names the part that passed before an API was asked again', async () => {
    const [found] = await findings(
      [
        { at: '10:00:00', prompt: 5 },
        { at: '10:00:01', error: 'overloaded', retryMs: 90_000 },
        { at: '10:02:01', says: 1, usage: [1, 0, 0, 0, 1], response: 'r' },
      ],
      { type: 'hanging' },
    );
    expect(found).toMatchObject({
      severity: 'medium',
      evidence: '1 wait over 60 s: 2 min for the model, 1 min 30 s of it before an API was asked again',
      source_line: 2,
      llm_call_id: 'agent-a:s:r',
    });
  });

  it.each<[string, ToolOfStory, Partial<LineOfStory>]>([
    ['a refusal', { id: 't' }, { status: 'rejected' }],
    ['a wait for permission', { id: 't' }, { durationMs: 1000 }],
    ['a background task', { id: 't', isBackground: true }, {}],
    ['a subagent at work', { id: 't', name: 'Task', category: 'task' }, {}],
    ['a question to a person', { id: 't', name: 'Ask', category: 'plan' }, {}],
    ['an edit that needs no time of its own', { id: 't', name: 'Edit', category: 'edit' }, {}],
    ['a command that needs none', { id: 't', command: 'git add -A && git commit -m x' }, {}],
  ])('is not %s', async (_, tool, end) => {
    const lines: readonly LineOfStory[] = [
      { at: '10:00:00', prompt: 5 },
      { at: '10:00:01', tools: [tool] },
      { at: '10:20:00', result: 't', ...end },
      { at: '10:20:01', says: 1 },
      { at: '12:00:00', prompt: 5 },
    ];
    expect(await findings(lines, { type: 'hanging' })).toEqual([]);
  });

  it('is no wait for the model that ends in a call with its result: the log was written afterwards', async () => {
    const lines: readonly LineOfStory[] = [
      { at: '10:00:00', prompt: 5 },
      { at: '10:05:01', tools: [{ id: 't' }] },
      { at: '10:05:01', result: 't' },
    ];
    expect(await findings(lines, { type: 'hanging' })).toEqual([]);
  });
});

describe('latency', () => {
  it.each([
    [30, 0],
    [31, 1],
  ])('is a P95 over 30 s: waits of %i s', async (seconds, count) => {
    const lines: readonly LineOfStory[] = [
      { at: '10:00:00', prompt: 5 },
      { at: `10:00:${seconds}`, says: 1 },
    ];
    const found = await findings(lines, { type: 'latency' });
    expect(found).toHaveLength(count);
    if (count > 0)
      expect(found).toMatchObject([
        { severity: 'low', points: 4, evidence: 'P95 of 1 wait for the model is 31 s' },
      ]);
  });
});

describe('evidence', () => {
  it('has the thousands of its counts apart', async () => {
    const connection = await tell([]);
    try {
      expect(
        await rowsOf(
          connection,
          `select counted_as(1, 'wait') as one, counted_as(1200, 'wait') as many, spoken(3_600_000_000 + 60_000) as long`,
        ),
      ).toEqual([{ one: '1 wait', many: '1,200 waits', long: '1,000 h 1 min' }]);
    } finally {
      connection.close();
    }
  });
});

describe('a duration in evidence', () => {
  it('is the one that tables show', async () => {
    const lengths = [
      60_000, 62_499, 62_500, 110_600, 610_600, 3_599_499, 3_599_500, 3_629_999, 3_630_000, 7_300_000,
    ];
    const inWords = (ms: number): string =>
      formatDuration(BigInt(ms))
        .replace(/^(\d+)m (\d+)s$/, (_, minutes, seconds) => `${minutes} min ${Number(seconds)} s`)
        .replace(/^(\d+)h (\d+)m$/, (_, hours, minutes) => `${hours} h ${Number(minutes)} min`)
        .replace(/ 0 (?:s|min)$/, '');
    const connection = await tell([]);
    try {
      const said = await rowsOf(
        connection,
        `select spoken(unnest(${JSON.stringify(lengths)}::bigint[])) as words`,
      );
      expect(said.map((row) => (row as { readonly words: string }).words)).toEqual(lengths.map(inWords));
    } finally {
      connection.close();
    }
  });
});

describe('tool_failures', () => {
  const run = (failed: number, ok: number, other = 0) =>
    calls([
      ...Array.from({ length: failed }, (_, n) => ({ id: `f${n}`, status: 'failed' as const })),
      ...Array.from({ length: ok }, (_, n) => ({ id: `o${n}` })),
      ...Array.from({ length: other }, (_, n) => ({ id: `r${n}`, status: 'rejected' as const })),
    ]);

  it.each([
    [2, 2, undefined],
    [3, 17, undefined],
    [4, 16, 'medium'],
    [3, 7, 'medium'],
    [4, 6, 'high'],
  ])('%i failed beside %i: %s', async (failed, ok, severity) => {
    const [found] = await findings(run(failed, ok, 9), { type: 'tool_failures' });
    expect(found?.severity).toBe(severity);
  });

  it('points at the first', async () => {
    expect(await findings(run(2, 3), { type: 'tool_failures' })).toMatchObject([
      {
        evidence: '2 of 5 tool calls failed (40 %), most often `Bash`',
        finding_count: 2,
        source_line: 1,
        tool_call_id: 'agent-a:f0',
      },
    ]);
  });
});

describe('loop', () => {
  /** So many equal calls, each asked for by an API call of so many output tokens (15 USD per million). */
  const repeat = (count: number, tokens = 100): readonly LineOfStory[] => [
    { at: '10:00:00', prompt: 5 },
    ...Array.from({ length: count }, (_, n): readonly LineOfStory[] => [
      {
        at: `10:${two(n)}:01`,
        tools: [{ id: `t${n}`, input: 'x', command: 'cat /srv/a.log' }],
        usage: [0, 0, 0, 0, tokens],
      },
      { at: `10:${two(n)}:02`, result: `t${n}`, output: 'same' },
    ]).flat(),
  ];

  it.each([
    [2, 100, undefined],
    [3, 100, 'medium'],
    [5, 100, 'high'],
    // Two calls of 0.5 USD, and of a hair less.
    [3, 33_334, 'high'],
    [3, 33_333, 'medium'],
  ])('%i rounds of %i tokens: %s', async (count, tokens, severity) => {
    const [found] = await findings(repeat(count, tokens), { type: 'loop' });
    expect(found?.severity).toBe(severity);
  });

  it('is never said to cost nothing where it cost less than a cent', async () => {
    const [found] = await findings(repeat(3), { type: 'loop' });
    expect(found?.evidence).toBe(
      'a loop of 3 rounds of one call (`cat`), less than $0.01 from the second round on',
    );
  });

  it('costs what v1.loops says, and nothing known under reported costs', async () => {
    const story: Story = { session: 's', lines: repeat(3, 33_334) };
    expect(await ask([story], `select evidence from v1.anomalies where type = 'loop'`)).toEqual([
      { evidence: 'a loop of 3 rounds of one call (`cat`), up to $1.00 from the second round on' },
    ]);
    expect(
      await ask(
        [story],
        `select max(auto_cost_usd) = (select max(cost_usd) from v1.loops) as is_equal from mart.anomalies`,
      ),
    ).toEqual([{ is_equal: true }]);
    expect(
      await ask(
        [story],
        `select severity, evidence from v1.anomalies where type = 'loop'`,
        `set variable cost_mode = 'reported'`,
      ),
    ).toEqual([{ severity: 'medium', evidence: 'a loop of 3 rounds of one call (`cat`)' }]);
  });
});

describe('shallow_thinking', () => {
  const thoughts = (...sizes: readonly number[]): readonly LineOfStory[] =>
    sizes.map((thinks, index) => ({ at: `10:00:${two(index)}`, thinks }));

  it.each([
    [[500, 500, 500], undefined],
    [[499, 500, 500], 'medium'],
    [[200, 200, 200], 'medium'],
    [[199, 200, 200], 'high'],
    [[10, 10], undefined],
    [[0, 0, 0], undefined],
  ])('%j: %s', async (sizes, severity) => {
    const [found] = await findings(thoughts(...sizes), { type: 'shallow_thinking' });
    expect(found?.severity).toBe(severity);
  });

  it('points at the shortest', async () => {
    expect(await findings(thoughts(400, 20, 300), { type: 'shallow_thinking' })).toMatchObject([
      { evidence: '3 pieces of reasoning of 240 characters on average', source_line: 2 },
    ]);
  });
});

describe('redaction', () => {
  it('is reasoning withheld after some was in clear', async () => {
    expect(
      await findings(
        [
          { at: '10:00:00', thinks: 900 },
          { at: '10:00:01', thinks: 0 },
          { at: '10:00:02', thinks: 0 },
        ],
        { type: 'redaction' },
      ),
    ).toMatchObject([
      {
        severity: 'medium',
        finding_count: 2,
        evidence: 'reasoning was in the log 1 time and then withheld 2 times',
        source_line: 2,
      },
    ]);
  });

  it('is none where it never was, nor where it came later', async () => {
    expect(
      await findings(
        [
          { at: '10:00:00', thinks: 0 },
          { at: '10:00:01', thinks: 900 },
        ],
        { type: 'redaction' },
      ),
    ).toEqual([]);
  });
});

describe('no_tools', () => {
  const turns = (count: number): readonly LineOfStory[] =>
    Array.from({ length: count }, (_, n): readonly LineOfStory[] => [
      { at: `10:${two(n)}:00`, prompt: 5 },
      { at: `10:${two(n)}:01`, says: 5 },
    ]).flat();

  it('is more than two turns answered without one', async () => {
    expect(await findings(turns(2), { type: 'no_tools' })).toEqual([]);
    expect(await findings(turns(3), { type: 'no_tools' })).toMatchObject([
      { severity: 'low', evidence: '3 turns answered without a tool call' },
    ]);
    expect(
      await findings([...turns(2), { at: '10:30:00', prompt: 5 }, { at: '10:31:00', prompt: 5 }], {
        type: 'no_tools',
      }),
    ).toEqual([]);
    expect(await findings([...turns(3), ...calls([{ id: 't' }])], { type: 'no_tools' })).toEqual([]);
  });
});

describe('context_pressure', () => {
  // The window is of 200,000 tokens.
  it.each([
    [160_000, 0],
    [160_001, 1],
    [200_000, 1],
    // A window that held more is larger.
    [200_001, 0],
  ])('a context of %i tokens', async (tokens, count) => {
    const lines: readonly LineOfStory[] = [
      { at: '10:00:00', says: 1, usage: [1, tokens - 11, 10, 0, 5], response: 'r' },
    ];
    const found = await findings(lines, { type: 'context_pressure' });
    expect(found).toHaveLength(count);
    if (tokens === 160_001)
      expect(found).toMatchObject([
        {
          severity: 'medium',
          evidence: "a call with 160,001 tokens of context, 80 % of the model's 200,000",
          llm_call_id: 'agent-a:s:r',
        },
      ]);
  });

  it('goes by the window that the log states of the call, not of another model', async () => {
    const thread = '019e0000-0000-7000-8000-0000000000e1';
    const file = join(
      temporaryFolder(),
      `.codex/sessions/2026/05/01/rollout-2026-05-01T09-00-00-${thread}.jsonl`,
    );
    const line = (second: number, type: string, payload: object): string =>
      JSON.stringify({ timestamp: `2026-05-01T09:00:0${second}.000Z`, type, payload });
    const counts = (input: number) => ({
      input_tokens: input,
      cached_input_tokens: 0,
      output_tokens: 10,
      reasoning_output_tokens: 0,
      total_tokens: input + 10,
    });
    const usage = (second: number, input: { total: number; last: number }, window: number): string =>
      line(second, 'event_msg', {
        type: 'token_count',
        info: {
          total_token_usage: { ...counts(input.total), output_tokens: second * 10 },
          last_token_usage: counts(input.last),
          model_context_window: window,
        },
      });
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      file,
      `${[
        line(0, 'session_meta', {
          id: thread,
          timestamp: '2026-05-01T09:00:00.000Z',
          cwd: '/srv',
          source: 'cli',
        }),
        line(0, 'turn_context', { cwd: '/srv', model: 'gpt-5.4' }),
        usage(1, { total: 150_000, last: 150_000 }, 400_000),
        line(1, 'turn_context', { cwd: '/srv', model: 'gpt-5.4-mini' }),
        usage(2, { total: 270_000, last: 120_000 }, 128_000),
      ].join('\n')}\n`,
    );
    await withHome(join(dirname(file), '../../../../..'), async (connection) => {
      expect(await rowsOf(connection, 'select max(window_ratio) as ratio from v1.context_growth')).toEqual([
        { ratio: 120 / 128 },
      ]);
      expect(
        await rowsOf(connection, "select evidence from v1.anomalies where type = 'context_pressure'"),
      ).toEqual([{ evidence: "a call with 120,000 tokens of context, 94 % of the model's 128,000" }]);
    });
  });

  it('is none of a model whose window is not known', async () => {
    const lines: readonly LineOfStory[] = [
      { at: '10:00:00', says: 1, model: 'unpriced', usage: [999_999, 0, 0, 0, 5] },
    ];
    expect(await findings(lines, { type: 'context_pressure' })).toEqual([]);
  });
});

describe('compactions and api_errors', () => {
  it('are two compactions', async () => {
    const lines: readonly LineOfStory[] = [
      { at: '10:00:00', compactedFrom: 9 },
      { at: '10:00:01', compactedFrom: 9 },
    ];
    expect(await findings(lines.slice(1), { type: 'compactions' })).toEqual([]);
    expect(await findings(lines, { type: 'compactions' })).toMatchObject([
      { severity: 'low', finding_count: 2, source_line: 2 },
    ]);
  });

  it('are errors that reached the user', async () => {
    const lines: readonly LineOfStory[] = [
      { at: '10:00:00', error: 'overloaded', retryMs: 10 },
      { at: '10:00:01', error: 'rate_limit', isFinal: true },
    ];
    expect(await findings(lines, { type: 'api_errors' })).toMatchObject([
      {
        severity: 'medium',
        finding_count: 1,
        evidence: '1 API error reached the user: `rate_limit`',
        source_line: 2,
      },
    ]);
    expect(await findings(lines.slice(0, 1), { type: 'api_errors' })).toEqual([]);
  });
});

describe('unverified_edits', () => {
  const type = 'unverified_edits';

  it('are changes that nothing tested afterwards', async () => {
    const test = { id: 'v', command: 'npm test' };
    expect(await findings(calls([read('r'), test, edit('e')]), { type })).toMatchObject([
      {
        severity: 'medium',
        evidence:
          '1 file changed, and the agent tested, linted or built nothing after the last change (`a.ts`)',
        source_line: 5,
        tool_call_id: 'agent-a:e',
      },
    ]);
    expect(await findings(calls([edit('e'), test]), { type })).toEqual([]);
    expect(await findings(calls([edit('e'), { ...test, status: 'failed' }]), { type })).toEqual([]);
    expect(await findings(calls([edit('e'), { ...test, status: 'rejected' }]), { type })).toHaveLength(1);
  });

  it.each([
    ['a run of the file', 'tsx src/a.ts'],
    ['a check of another name', 'uv run ty check'],
    ['an unknown command', undefined],
  ])('are none after %s', async (_, command) => {
    expect(
      await findings(calls([edit('e'), { id: 'c', ...(command === undefined ? {} : { command }) }]), {
        type,
      }),
    ).toEqual([]);
  });

  it('are none of prose, nor of edits that failed', async () => {
    expect(
      await findings(
        calls([edit('e1', '/home/dev/shop/README.md'), { ...edit('e2'), changes: [], status: 'failed' }]),
        { type },
      ),
    ).toEqual([]);
  });

  it('name the same file of a change of several, however the log orders them', async () => {
    const files = ['b', 'c', 'a'].map((name) => `/home/dev/shop/${name}.ts`);
    for (const changes of [files, files.toReversed()])
      expect(await findings(calls([{ ...edit('e'), changes }]), { type })).toMatchObject([
        { evidence: expect.stringContaining('(`c.ts`)') },
      ]);
  });

  it('are none where a subagent verified', async () => {
    const stories: readonly Story[] = [
      { session: 's', lines: calls([edit('e')]) },
      {
        session: 'sub',
        parent: 's',
        kind: 'subagent',
        lines: [
          { at: '12:00:00', tools: [{ id: 'v', command: 'npm test' }] },
          { at: '12:00:01', result: 'v' },
        ],
      },
    ];
    expect(await ask(stories, `${FINDINGS.replace('from', 'from')} limit 9`)).not.toContainEqual(
      expect.objectContaining({ type }),
    );
  });
});

describe('no_exploration', () => {
  const type = 'no_exploration';

  it('is a change before any read', async () => {
    expect(await findings(calls([edit('e'), read('r')]), { type })).toMatchObject([
      {
        severity: 'low',
        evidence: '`a.ts` was changed before the agent read or searched anything',
        tool_call_id: 'agent-a:e',
      },
    ]);
    expect(await findings(calls([read('r'), edit('e')]), { type })).toEqual([]);
    expect(await findings(calls([{ id: 'c', command: 'rg -n shop' }, edit('e')]), { type })).toEqual([]);
    expect(await findings(calls([{ id: 'c', command: 'npm install' }, edit('e')]), { type })).toHaveLength(1);
  });

  it('looks at the same file of a change of several, however the log orders them', async () => {
    const files = ['/home/dev/shop/b.ts', '/srv/other/c.ts', '/home/dev/shop/a.ts'];
    for (const changes of [files, files.toReversed()])
      expect(await findings(calls([{ ...edit('e'), changes }]), { type })).toMatchObject([
        { evidence: expect.stringContaining('`a.ts`') },
      ]);
  });

  it('is none where no repository is known, nor outside of it, nor after a summary', async () => {
    expect(await findings(calls([edit('e')]), { type, branch: '' })).toEqual([]);
    expect(await findings(calls([edit('e', '/srv/other/a.ts')]), { type })).toEqual([]);
    expect(await findings([{ at: '10:00:00', compactedFrom: 9 }, ...calls([edit('e')])], { type })).toEqual(
      [],
    );
  });
});

describe('repeated_edits', () => {
  it('are five edits of one file in a turn', async () => {
    const edits = (count: number) => Array.from({ length: count }, (_, n) => edit(`e${n}`));
    const type = 'repeated_edits';
    expect(await findings(calls(edits(4)), { type })).toEqual([]);
    expect(await findings(calls(edits(5)), { type })).toMatchObject([
      { severity: 'low', evidence: '`a.ts` was edited 5 times in one turn', tool_call_id: 'agent-a:e4' },
    ]);
    const [first, ...rest] = calls(edits(5));
    if (first === undefined) throw new Error('no line');
    expect(
      await findings(
        [
          { at: '10:00:00', prompt: 1 },
          first,
          ...rest.slice(0, 1),
          { at: '11:00:30', prompt: 1 },
          ...rest.slice(1),
        ],
        { type },
      ),
    ).toEqual([]);
  });
});

describe('cost_spike', () => {
  /** Sessions of so many output tokens (15 USD per million) each. */
  const sessions = (...tokens: readonly number[]): readonly Story[] =>
    tokens.map((count, index) => ({
      session: `s${index}`,
      lines: [{ at: '10:00:00', says: 1, usage: [0, 0, 0, 0, count] }],
    }));
  const spikes = (stories: readonly Story[]) =>
    ask(
      stories,
      `select session_id, severity, evidence, llm_call_id from v1.anomalies where type = 'cost_spike'`,
    );
  // Median 10,500 tokens, deviations 4,500 to 500: MAD 2,500 without the last, which may be up to 3.5 × 2,500 / 0.6745 above.
  const nine = [6000, 7000, 8000, 9000, 10_000, 11_000, 12_000, 13_000, 14_000];

  it('is far above the median of ten', async () => {
    // With 24,000 the median is 10,500, the MAD 2,500: z = 0.6745 × 13,500 ÷ 2,500 = 3.64.
    expect(await spikes(sessions(...nine, 24_000))).toEqual([
      {
        session_id: 'agent-a:s9',
        severity: 'medium',
        evidence: '$0.36, where half of the 10 sessions of the project cost at most $0.1575',
        llm_call_id: 'agent-a:s9:1',
      },
    ]);
    // With 23,000: 0.6745 × 12,500 ÷ 2,500 = 3.37.
    expect(await spikes(sessions(...nine, 23_000))).toEqual([]);
    // Nine sessions are too few.
    expect(await spikes(sessions(...nine.slice(1), 24_000))).toEqual([]);
  });

  it('counts a subagent with the session that started it', async () => {
    const [sub] = sessions(14_000);
    if (sub === undefined) throw new Error('no session');
    const found = await spikes([
      ...sessions(...nine, 10_000),
      { ...sub, session: 'sub', kind: 'subagent', parent: 's9' },
    ]);
    expect(found).toMatchObject([{ session_id: 'agent-a:s9', llm_call_id: 'agent-a:sub:1' }]);
  });
});

describe('abandoned', () => {
  const type = 'abandoned';

  it('is an interruption with nothing after it', async () => {
    const lines: readonly LineOfStory[] = [
      { at: '10:00:00', prompt: 5 },
      { at: '10:00:01', tools: [{ id: 't' }] },
      { at: '10:00:02', event: 'user_injected', isInterruption: true },
    ];
    expect(await findings(lines, { type })).toMatchObject([{ severity: 'low', source_line: 3 }]);
    expect(await findings([...lines, { at: '10:00:03', event: 'meta' }], { type })).toHaveLength(1);
    expect(await findings([...lines, { at: '10:00:03', prompt: 5 }], { type })).toEqual([]);
  });

  it('is a last tool call that was broken off', async () => {
    const lines = calls([{ id: 't', status: 'interrupted' }]);
    expect(await findings(lines, { type })).toMatchObject([{ source_line: 2, tool_call_id: 'agent-a:t' }]);
    expect(await findings([...lines, { at: '11:30:00', says: 1 }], { type })).toEqual([]);
  });
});
