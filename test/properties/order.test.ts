/**
 * Whatever the order of the logs and however they grew between loads, every view says what one load of all of them says.
 *
 * AGENTTRACE_ORDER_SEEDS=100 tries so many invented homes, AGENTTRACE_ORDER_FROM=100 begins at another.
 */
import { appendFileSync, mkdirSync, utimesSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import {
  type Dump,
  differences,
  dump,
  load,
  newWarehouse,
  temporaryFolder,
  withHome,
} from '../adapters/load.ts';
import { inBothOrders } from './both-orders.ts';
import { inventLogs, type Logs } from './invented-logs.ts';
import { inventRollouts } from './invented-rollouts.ts';
import { type Random, randomFrom } from './random.ts';

vi.setConfig({ testTimeout: 300_000 });
const FIRST_SEED = Number(process.env.AGENTTRACE_ORDER_FROM ?? 5);
const SEED_COUNT = Number(process.env.AGENTTRACE_ORDER_SEEDS ?? 3);

/** Which file grows by how many lines, load by load. */
type Loads = readonly (readonly (readonly [string, number])[])[];

/** Files come in a random order, some whole, some in pieces. */
function randomLoads(logs: Logs, random: Random): Loads {
  const count = random(2, 4);
  const loads: (readonly [string, number])[][] = Array.from({ length: count }, () => []);
  for (const [path, lines] of Object.entries(logs)) {
    let left = lines.length;
    for (let index = random(0, count - 1); index < count && left > 0; index += 1) {
      const isLast = index === count - 1 || random(1, 3) === 1;
      const lineCount = isLast ? left : random(0, left);
      if (lineCount > 0) loads[index]?.push([path, lineCount]);
      left -= lineCount;
    }
  }
  return loads;
}

/** What the views say after these loads, and after one of the same files. */
async function bothWays(logs: Logs, loads: Loads): Promise<readonly [grown: Dump, whole: Dump]> {
  const home = temporaryFolder();
  const connection = await newWarehouse();
  const done = new Map<string, number>();
  let clock = Date.parse('2026-11-01T00:00:00Z') / 1000;
  try {
    for (const files of loads) {
      for (const [path, count] of files) {
        const from = done.get(path) ?? 0;
        const file = join(home, path);
        mkdirSync(dirname(file), { recursive: true });
        appendFileSync(file, (logs[path] ?? []).slice(from, from + count).join(''));
        clock += 1;
        utimesSync(file, clock, clock);
        done.set(path, from + count);
      }
      await load(connection, home);
    }
    return [await dump(connection), await withHome(home, dump)];
  } finally {
    connection.close();
  }
}

for (let seed = FIRST_SEED; seed < FIRST_SEED + SEED_COUNT; seed += 1) {
  test(`invented logs in a random order, grown at random (${seed})`, async () => {
    const random = randomFrom(seed);
    const worlds = Array.from({ length: 4 }, (_, index) => inventLogs(1 + seed * 4 + index));
    const logs = Object.assign({}, ...worlds.map(apart)) as Logs;
    const [grown, whole] = await bothWays(logs, randomLoads(logs, random));
    expect(differences(whole, grown)).toEqual([]);
    expect(whole.llm_calls?.length).toBeGreaterThan(5);
  });
}

for (let seed = FIRST_SEED; seed < FIRST_SEED + SEED_COUNT; seed += 1) {
  test(`invented rollouts in a random order, grown at random (${seed})`, async () => {
    const worlds = Array.from({ length: 4 }, (_, index) => inventRollouts(1 + seed * 4 + index));
    const logs = Object.assign({}, ...worlds) as Logs;
    const [grown, whole] = await bothWays(logs, randomLoads(logs, randomFrom(seed)));
    expect(differences(whole, grown)).toEqual([]);
    expect(whole.llm_calls?.length).toBeGreaterThan(5);
  });
}

/** A world in a folder of its own. */
const apart = (logs: Logs, index: number): Logs =>
  Object.fromEntries(
    Object.entries(logs).map(([path, lines]) => [
      path.replace('-home-dev-app', `-home-dev-app${index}`),
      lines,
    ]),
  );

const FOLDER = '.claude/projects/-home-dev-app';
const MODEL = 'claude-sonnet-4-5-20250929';

interface Line {
  readonly n: number;
  readonly session: string;
  readonly at: string;
  readonly [field: string]: unknown;
}

const line = ({ n, session, at, ...rest }: Line): string =>
  `${JSON.stringify({
    uuid: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    sessionId: session,
    cwd: '/home/dev/app',
    version: '2.1.0',
    isSidechain: false,
    timestamp: `2026-05-01T${at}Z`,
    ...rest,
  })}\n`;

const message = (id: string, usage: object, content: readonly object[] = [{ type: 'text', text: 'x' }]) => ({
  id,
  role: 'assistant',
  model: MODEL,
  content,
  stop_reason: 'end_turn',
  usage: { input_tokens: 5, output_tokens: 10, ...usage },
});

const says = (id: string, at: Line, usage: object = {}, tool?: string): string =>
  line({
    type: 'assistant',
    requestId: `req_${id}`,
    message: message(
      id,
      usage,
      tool === undefined
        ? undefined
        : [{ type: 'tool_use', id: tool, name: 'Bash', input: { command: 'make x' } }],
    ),
    ...at,
  });

const person = (content: unknown, at: Line): string =>
  line({ type: 'user', message: { role: 'user', content }, ...at });

const result = (id: string, at: Line, failure?: string): string =>
  person(
    [
      {
        type: 'tool_result',
        tool_use_id: id,
        ...(failure === undefined ? { content: 'ok' } : { content: failure, is_error: true }),
      },
    ],
    at,
  );

/** Logs by name, in one home. */
const named = (logs: Readonly<Record<string, readonly string[]>>): Logs =>
  Object.fromEntries(Object.entries(logs).map(([name, lines]) => [`${FOLDER}/${name}.jsonl`, lines]));

test('a record older than those before it gives its file what the file shares with others', async () => {
  const logs = named({
    a: [
      says('m', { n: 1, session: 'A', at: '10:00:00' }, {}, 'toolu_m'),
      says('a', { n: 4, session: 'A', at: '08:00:00' }),
    ],
    b: [
      says('b', { n: 2, session: 'B', at: '09:00:00' }),
      says('m', { n: 3, session: 'B', at: '10:00:00' }, {}, 'toolu_m'),
    ],
  });
  const [a = '', b = ''] = Object.keys(logs);
  const [grown, whole] = await bothWays(logs, [
    [
      [a, 1],
      [b, 2],
    ],
    [[a, 1]],
  ]);
  expect(differences(whole, grown)).toEqual([]);
  const owned = (grown.sessions ?? []).map((row) => Object.fromEntries(JSON.parse(row)));
  expect(
    owned.map(({ native_session_id, llm_call_count, tool_call_count }) => [
      native_session_id,
      llm_call_count,
      tool_call_count,
    ]),
  ).toEqual([
    ['A', 2, 1],
    ['B', 1, 0],
  ]);
});

test('of two copies that say as much as each other the one with the smaller path counts', async () => {
  const written = (short: number, long: number) => ({
    output_tokens: 50,
    cache_creation_input_tokens: 1000,
    cache_creation: { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long },
  });
  const forkedFrom = { sessionId: 'A', messageUuid: '00000000-0000-4000-8000-000000000001' };
  const logs = named({
    a: [says('m', { n: 1, session: 'A', at: '10:00:00' }, { output_tokens: 5 })],
    b: [says('m', { n: 2, session: 'B', at: '10:00:00', forkedFrom }, written(1000, 0))],
    c: [says('m', { n: 3, session: 'C', at: '10:00:00', forkedFrom }, written(0, 1000))],
  });
  const sql = 'select session_id, cache_write_5m_tokens, cache_write_1h_tokens, cost_usd from v1.llm_calls';
  expect(await inBothOrders(logs, sql)).toEqual([
    {
      session_id: 'claude-code:A',
      cache_write_5m_tokens: 1000,
      cache_write_1h_tokens: 0,
      cost_usd: 0.004515,
    },
  ]);
});

for (const [call, answer] of [
  ['a', 'b'],
  ['b', 'a'],
] as const)
  test(`a result in ${answer} comes after its call of the same moment in ${call}`, async () => {
    const logs = named({
      [call]: [
        person('hi', { n: 1, session: 'S', at: '10:00:00' }),
        says('m1', { n: 2, session: 'S', at: '10:00:10' }, {}, 't1'),
        person('a note', { n: 4, session: 'S', at: '10:05:10', isMeta: true }),
        says('m2', { n: 5, session: 'S', at: '10:05:11' }),
      ],
      [answer]: [result('t1', { n: 3, session: 'S', at: '10:00:10' })],
    });
    const sql = 'select before, after, gap_kind, gap_ms from v1.gaps order by started_at';
    expect(await inBothOrders(logs, sql)).toEqual([
      { before: 'user_prompt', after: 'tool_call', gap_kind: 'model', gap_ms: 10_000 },
      { before: 'tool_result', after: 'user_injected', gap_kind: 'model', gap_ms: 300_000 },
      { before: 'user_injected', after: 'assistant', gap_kind: 'model', gap_ms: 1000 },
    ]);
  });

test('which of two calls of one moment was made again does not depend on the order of loading', async () => {
  const logs = named({
    a: [
      person('hi', { n: 1, session: 'S', at: '10:00:00' }),
      says('m1', { n: 2, session: 'S', at: '10:00:10' }, {}, 't1'),
      result('t1', { n: 3, session: 'S', at: '10:00:11' }),
    ],
    b: [
      says('m2', { n: 4, session: 'S', at: '10:00:10' }, {}, 't2'),
      result('t2', { n: 5, session: 'S', at: '10:00:12' }, 'Exit code 2'),
    ],
  });
  expect(await inBothOrders(logs, 'select * from v1.retries')).toEqual([]);
});

test('a subagent that progress lines of two logs tell of is described by the smaller path', async () => {
  const words = (n: number, id: string, at: string): string =>
    line({
      n,
      session: 'S',
      at,
      type: 'progress',
      data: {
        type: 'agent_progress',
        agentId: 'g1',
        message: {
          type: 'assistant',
          timestamp: `2026-05-01T${at}Z`,
          requestId: `req_${id}`,
          message: message(id, {}),
        },
      },
    });
  const logs = named({
    a: [person('hi', { n: 1, session: 'S', at: '10:00:00' }), words(2, 'pa', '10:00:01')],
    b: [words(3, 'pb', '10:00:02')],
  });
  const rows = await inBothOrders(
    logs,
    `select path from v1.sessions inner join v1.sources using (source_id) where session_id like '%:g1'`,
  );
  expect(rows.map(({ path }) => basename(String(path)))).toEqual(['a.jsonl']);
});
