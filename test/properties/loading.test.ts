/** Loading is idempotent, free of order and of how it is cut up, and leaves the logs alone. */
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../src/warehouse/connection.ts';
import {
  copyInto,
  type Dump,
  differences,
  dump,
  FIXTURE_HOME,
  fingerprint,
  load,
  logsBelow,
  newWarehouse,
  rowsOf,
  temporaryFolder,
  withHome,
  withLoads,
  withoutSources,
} from '../adapters/load.ts';
import { generatedHome, hasGenerator } from '../corpus/generated-home.ts';
import { zstd } from '../project/zstd.ts';
import { randomFrom, shuffled } from './random.ts';

const TIMEOUT = 300_000;

/** A home of our own, so that a test may change it. */
function fixtureCopy(): string {
  const home = join(temporaryFolder(), 'home');
  copyInto(FIXTURE_HOME, home);
  return home;
}

const homes: readonly { readonly name: string; readonly exists: boolean; readonly make: () => string }[] = [
  { name: 'the fixture home', exists: true, make: fixtureCopy },
  { name: 'a generated home', exists: hasGenerator, make: () => generatedHome({ seed: 11, mb: 4 }).home },
];

for (const { name, exists, make } of homes) {
  describe.skipIf(!exists)(name, () => {
    let home: string;
    let files: readonly string[];
    let whole: Dump;

    beforeAll(async () => {
      home = make();
      files = logsBelow(home);
      whole = await withHome(home, dump);
    }, TIMEOUT);

    test('there is something to compare', () => {
      expect(files.length).toBeGreaterThan(5);
      expect(whole.llm_calls?.length).toBeGreaterThan(50);
    });

    test(
      'loading twice is loading once',
      async () => {
        const twice = await withHome(home, async (connection) => {
          await load(connection, home);
          return dump(connection);
        });
        expect(differences(whole, twice)).toEqual([]);
      },
      TIMEOUT,
    );

    test(
      'marts made anew from the raw tables are the marts kept up to date, without the logs',
      async () => {
        const rebuilt = await withHome(home, async (connection) => {
          await connection.execute(`update raw.properties set value = 'another' where name = 'marts_sha256'`);
          await load(connection, temporaryFolder(), []);
          return dump(connection);
        });
        expect(differences(whole, rebuilt)).toEqual([]);
      },
      TIMEOUT,
    );

    test(
      'other prices change every cost, and the old ones bring the old costs back',
      async () => {
        const folder = temporaryFolder();
        const prices = join(folder, 'prices.json');
        const total = `select sum(cost_usd) from v1.llm_calls where model like 'claude-sonnet-%'`;
        await withHome(home, async (connection) => {
          const repriced = async (): Promise<unknown> => {
            await load(connection, home, undefined, { priceFolder: folder });
            return (await connection.query(total)).rows[0]?.[0];
          };
          const before = await repriced();
          const models = (await connection.query(`select distinct model_raw from v1.llm_calls`)).rows;
          const free = { input: 0, output: 0, cache_read: 0, cache_write_5m: 0, cache_write_1h: 0 };
          const own = Object.fromEntries(models.map(([model]) => [String(model), { ...free, input: 1_000 }]));
          writeFileSync(prices, JSON.stringify({ models: own }));
          const during = await repriced();
          expect(during).not.toEqual(before);
          expect(
            await rowsOf(connection, `select count(*) as n from v1.llm_calls where cost_usd is null`),
          ).toEqual([{ n: 0 }]);
          rmSync(prices);
          expect(await repriced()).toEqual(before);
          expect(differences(whole, await dump(connection))).toEqual([]);
        });
      },
      TIMEOUT,
    );

    for (const seed of [1, 2, 3]) {
      test(
        `file by file in a shuffled order (${seed})`,
        async () => {
          const order = shuffled(files, randomFrom(seed));
          const parts = await withLoads(
            home,
            order.map((file) => [file]),
            dump,
          );
          expect(differences(whole, parts)).toEqual([]);
        },
        TIMEOUT,
      );
    }

    test(
      'file by file from the last to the first',
      async () => {
        const parts = await withLoads(
          home,
          [...files].reverse().map((file) => [file]),
          dump,
        );
        expect(differences(whole, parts)).toEqual([]);
      },
      TIMEOUT,
    );

    for (const seed of [4, 5]) {
      test(
        `any split into loads (${seed})`,
        async () => {
          const random = randomFrom(seed);
          const order = shuffled(files, random);
          const loads: string[][] = [];
          while (order.length > 0) loads.push(order.splice(0, random(1, 5)));
          expect(differences(whole, await withLoads(home, loads, dump))).toEqual([]);
        },
        TIMEOUT,
      );
    }

    test(
      'part of the files first, then the home as a whole',
      async () => {
        const some = shuffled(files, randomFrom(6)).slice(0, Math.ceil(files.length / 2));
        const connection = await newWarehouse();
        try {
          await load(connection, home, some);
          await load(connection, home);
          expect(differences(whole, await dump(connection))).toEqual([]);
        } finally {
          connection.close();
        }
      },
      TIMEOUT,
    );

    test(
      'the newest logs first, in portions, until none is left',
      async () => {
        const connection = await newWarehouse();
        try {
          const lefts = [await load(connection, home, undefined, { newestBytes: 100_000 })];
          while ((lefts.at(-1) ?? 0) > 0) {
            lefts.push(await load(connection, home, undefined, { newestBytes: 100_000 }));
            expect(lefts.at(-1)).toBeLessThan(lefts.at(-2) ?? 0);
          }
          expect(lefts.length).toBeGreaterThan(1);
          expect(differences(whole, await dump(connection))).toEqual([]);
        } finally {
          connection.close();
        }
      },
      TIMEOUT,
    );

    test(
      'the logs are as they were: bytes, times and inodes',
      async () => {
        const before = fingerprint(home);
        const bytes = files.map((file) => readFileSync(file).toString('base64'));
        await withHome(home, async (connection) => load(connection, home));
        await withLoads(home, [files], async () => undefined);
        expect(fingerprint(home)).toEqual(before);
        expect(files.map((file) => readFileSync(file).toString('base64'))).toEqual(bytes);
      },
      TIMEOUT,
    );
  });
}

for (const inSteps of [false, true]) {
  const how = inSteps ? 'each step committed' : 'one transaction a load';

  describe(`a home that grows, ${how}`, () => {
    /** Cuts every log at random places, loads after each, and compares with all of it at once. */
    async function grow(
      cutsOf: (bytes: Buffer, random: ReturnType<typeof randomFrom>) => readonly number[],
      seed: number,
    ) {
      const home = fixtureCopy();
      const random = randomFrom(seed);
      const logs = logsBelow(home).map((path) => ({ path, bytes: readFileSync(path) }));
      const cuts = logs.map(({ bytes }) => [...cutsOf(bytes, random), bytes.length]);
      const steps = Math.max(...cuts.map((places) => places.length));
      for (const { path } of logs) rmSync(path);
      const connection = await newWarehouse();
      try {
        let clock = Date.parse('2026-11-14T00:00:00Z') / 1000;
        for (let step = 0; step < steps; step += 1) {
          logs.forEach(({ path, bytes }, index) => {
            const places = cuts[index] ?? [];
            const from = step === 0 ? 0 : (places[step - 1] ?? bytes.length);
            const to = places[step] ?? bytes.length;
            if (to <= from) return;
            mkdirSync(dirname(path), { recursive: true });
            appendFileSync(path, bytes.subarray(from, to));
            clock += 1;
            utimesSync(path, clock, clock);
          });
          await load(connection, home, undefined, { inSteps });
        }
        const grown = await dump(connection);
        const whole = await withHome(home, dump);
        expect(differences(grown, whole)).toEqual([]);
        expect(grown.llm_calls?.length).toBeGreaterThan(50);
      } finally {
        connection.close();
      }
    }

    for (const seed of [1, 2]) {
      test(
        `at line boundaries (${seed})`,
        () =>
          grow((bytes, random) => {
            const ends: number[] = [];
            bytes.forEach((byte, index) => {
              if (byte === 10) ends.push(index + 1);
            });
            return [0, 0, 0]
              .map(() => ends[random(0, ends.length - 1)] ?? 0)
              .sort((left, right) => left - right);
          }, seed),
        TIMEOUT,
      );
      test(
        `in the middle of lines (${seed})`,
        () =>
          grow(
            (bytes, random) =>
              [0, 0, 0].map(() => random(1, bytes.length - 1)).sort((left, right) => left - right),
            100 + seed,
          ),
        TIMEOUT,
      );
    }

    test(
      'between the bytes of one line',
      async () => {
        const path = '.claude/projects/-home-dev-app/0b000000-0000-4000-8000-000000000001.jsonl';
        const lines = [
          '{"type":"user","uuid":"u1","sessionId":"0b000000-0000-4000-8000-000000000001","timestamp":"2026-05-01T09:00:00.000Z","message":{"role":"user","content":"naïve 数据"}}',
          '{"type":"assistant","uuid":"u2","sessionId":"0b000000-0000-4000-8000-000000000001","timestamp":"2026-05-01T09:00:01.000Z","message":{"id":"msg_1","role":"assistant","model":"claude-sonnet-4-6","content":[],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":2}}}',
        ];
        const bytes = Buffer.from(`${lines.join('\n')}\n`);
        const home = temporaryFolder();
        const file = join(home, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, bytes);
        const whole = await withHome(home, dump);
        for (const place of [1, 100, 150, 152, 163, 164, 165, 166, 170, 300, bytes.length - 1]) {
          writeFileSync(file, bytes.subarray(0, place));
          const connection = await newWarehouse();
          try {
            await load(connection, home, undefined, { inSteps });
            appendFileSync(file, bytes.subarray(place));
            await load(connection, home, undefined, { inSteps });
            const after = await dump(connection);
            expect(differences(withoutSources(after), withoutSources(whole)), `cut at ${place}`).toEqual([]);
          } finally {
            connection.close();
          }
        }
      },
      TIMEOUT,
    );
  });

  describe(`a home that changes, ${how}`, () => {
    let connection: Connection;
    let home: string;

    beforeAll(async () => {
      home = fixtureCopy();
      connection = await newWarehouse();
      await load(connection, home, undefined, { inSteps });
    }, TIMEOUT);
    afterAll(() => connection?.close());

    const logNamed = (part: string, which = 0): string => {
      const path = logsBelow(home).filter((file) => file.includes(part))[which];
      if (path === undefined) throw new Error(`no log with ${part}`);
      return path;
    };

    test(
      'a log written anew is as if only that had been there',
      async () => {
        const target = logNamed('payments-api');
        const other = logNamed('handbook');
        const words = readFileSync(other, 'utf8');
        writeFileSync(target, words.replaceAll('msg_', 'msg_new_').replaceAll('toolu_', 'toolu_new_'));
        await load(connection, home, undefined, { inSteps });
        expect(differences(await dump(connection), await withHome(home, dump))).toEqual([]);
      },
      TIMEOUT,
    );

    test(
      'a log cut short loses what it no longer says',
      async () => {
        const target = logNamed('.codex/sessions');
        const lines = readFileSync(target, 'utf8').split('\n');
        truncateSync(
          target,
          Buffer.byteLength(`${lines.slice(0, Math.floor(lines.length / 2)).join('\n')}\n`),
        );
        await load(connection, home, undefined, { inSteps });
        expect(differences(await dump(connection), await withHome(home, dump))).toEqual([]);
      },
      TIMEOUT,
    );

    test(
      'a log of the same size with other words is read again',
      async () => {
        const target = logNamed('handbook', 1);
        const before = readFileSync(target, 'utf8');
        const after = before.replaceAll(
          /"output_tokens":(\d)/g,
          (_, digit: string) => `"output_tokens":${(Number(digit) % 9) + 1}`,
        );
        expect(after).not.toBe(before);
        expect(Buffer.byteLength(after)).toBe(Buffer.byteLength(before));
        writeFileSync(target, after);
        await load(connection, home, undefined, { inSteps });
        expect(differences(await dump(connection), await withHome(home, dump))).toEqual([]);
      },
      TIMEOUT,
    );

    test(
      'a vanished log keeps its rows and is marked; it can come back',
      async () => {
        const target = logNamed('infra');
        const bytes = readFileSync(target);
        const before = await dump(connection);
        rmSync(target);
        await load(connection, home, undefined, { inSteps });
        const vanished = await dump(connection);
        expect(differences(withoutSources(before), withoutSources(vanished))).toEqual([]);
        const marked = await rowsOf(connection, `select path from v1.sources where is_vanished`);
        expect(marked.map((row) => relative(home, String(row.path)))).toEqual([relative(home, target)]);
        writeFileSync(target, bytes);
        await load(connection, home, undefined, { inSteps });
        expect(await rowsOf(connection, `select path from v1.sources where is_vanished`)).toEqual([]);
        const back = await dump(connection);
        expect(differences(withoutSources(before), withoutSources(back))).toEqual([]);
      },
      TIMEOUT,
    );

    test(
      'a load of one file marks no other as vanished',
      async () => {
        await load(connection, home, [logNamed('handbook')], { inSteps });
        expect(await rowsOf(connection, `select path from v1.sources where is_vanished`)).toEqual([]);
      },
      TIMEOUT,
    );
  });
}

describe('a Codex rollout that moves', () => {
  const THREAD = '019e0000-0000-7000-8000-000000000001';
  const ROLLOUT = `rollout-2026-05-02T10-00-00-${THREAD}.jsonl`;
  const LIVE = `sessions/2026/05/02/${ROLLOUT}`;

  const line = (second: number, type: string, payload: object): string =>
    `${JSON.stringify({ timestamp: new Date(Date.UTC(2026, 4, 2, 10, 0, second)).toISOString(), type, payload })}\n`;
  const counted = (second: number, input: number, percent: number): string => {
    const usage = {
      input_tokens: input,
      cached_input_tokens: 600,
      output_tokens: 50,
      total_tokens: input + 50,
    };
    return line(second, 'event_msg', {
      type: 'token_count',
      info: { total_token_usage: usage, model_context_window: 272_000 },
      rate_limits: { primary: { used_percent: percent, window_minutes: 300, resets_at: 1_777_720_000 } },
    });
  };
  const lines = [
    line(0, 'session_meta', { id: THREAD, cwd: '/home/dev/proj', cli_version: '0.120.0', source: 'cli' }),
    line(1, 'turn_context', { turn_id: 't0', cwd: '/home/dev/proj', model: 'gpt-5.5' }),
    line(1, 'response_item', { type: 'function_call', name: 'shell', arguments: '{}', call_id: 'c0' }),
    line(1, 'token_usage_record', {
      thread_id: THREAD,
      turn_id: 't0',
      session_id: THREAD,
      response_id: 'resp_0',
      usage: { input_tokens: 100, cached_input_tokens: 0, output_tokens: 10, total_tokens: 110 },
    }),
    line(1, 'turn_context', { turn_id: 't1', cwd: '/home/dev/proj', model: 'gpt-5.5' }),
    line(2, 'event_msg', { type: 'user_message', message: 'go' }),
    line(3, 'response_item', { type: 'custom_tool_call', name: 'apply_patch', input: 'x', call_id: 'c1' }),
    ...['c1', 'c2'].map((call_id, index) =>
      line(4 + index, 'event_msg', {
        type: 'patch_apply_end',
        call_id,
        success: true,
        changes: { [`/home/dev/proj/${call_id}.ts`]: { type: 'add', content: 'one\ntwo\n' } },
      }),
    ),
    line(6, 'response_item', {
      type: 'custom_tool_call_output',
      call_id: 'c1',
      output: 'Exit code: 1\nfailed',
    }),
    counted(7, 1000, 2),
    line(8, 'compacted', { message: '' }),
    counted(9, 2000, 3),
    line(10, 'compacted', { message: '' }),
    line(11, 'event_msg', { type: 'error', message: 'x', codex_error_info: 'usage_limit_exceeded' }),
    line(12, 'event_msg', { type: 'user_message', message: 'go on' }),
    line(13, 'response_item', { type: 'function_call', name: 'shell', arguments: '{}', call_id: 'c3' }),
    counted(14, 4000, 3),
    line(15, 'event_msg', { type: 'task_complete', turn_id: 't1' }),
  ];
  const text = (count = lines.length): Buffer => Buffer.from(lines.slice(0, count).join(''));

  /** What a move leaves alone: everything but where it stands. */
  async function facts(connection: Connection): Promise<Dump> {
    const sources = await rowsOf(connection, 'select source_id from v1.sources');
    const views = withoutSources(await dump(connection));
    const placeless = (row: string): string =>
      sources.reduce((words, { source_id }) => words.replaceAll(String(source_id), 'log'), row);
    return Object.fromEntries(
      Object.entries(views).map(([view, rows]) => [view, rows.map(placeless).sort()]),
    );
  }

  type Files = Readonly<Record<string, Buffer>>;
  const moves: readonly { readonly name: string; readonly loads: readonly Files[] }[] = [
    { name: 'archived', loads: [{ [LIVE]: text() }, { [`archived_sessions/${ROLLOUT}`]: text() }] },
    { name: 'compressed', loads: [{ [LIVE]: text() }, { [`${LIVE}.zst`]: zstd(text()) }] },
    {
      name: 'archived while it grew, then compressed',
      loads: [
        { [LIVE]: text(9) },
        { [`archived_sessions/${ROLLOUT}`]: text(13) },
        { [`archived_sessions/${ROLLOUT}.zst`]: zstd(text()) },
      ],
    },
    {
      name: 'brought back older than it was',
      loads: [{ [`archived_sessions/${ROLLOUT}`]: text() }, { [LIVE]: text(9) }],
    },
    { name: 'copied', loads: [{ [LIVE]: text() }, { [LIVE]: text(), 'sessions/backup.jsonl': text(11) }] },
    {
      name: 'copied before it grew',
      loads: [{ 'archived_sessions/backup.jsonl': text(11) }, { [LIVE]: text() }],
    },
  ];

  let whole: Dump;
  beforeAll(async () => {
    const home = temporaryFolder();
    write(home, { [LIVE]: text() });
    whole = await withHome(home, facts);
  }, TIMEOUT);

  function write(home: string, files: Files): void {
    rmSync(join(home, '.codex'), { recursive: true, force: true });
    for (const [path, bytes] of Object.entries(files)) {
      mkdirSync(dirname(join(home, '.codex', path)), { recursive: true });
      writeFileSync(join(home, '.codex', path), bytes);
    }
  }

  test('there is something to count twice', () => {
    for (const view of ['compactions', 'api_errors', 'rate_limits', 'file_changes', 'turns', 'anomalies'])
      expect(whole[view]?.length, view).toBeGreaterThan(0);
  });

  for (const { name, loads } of moves) {
    test(
      `${name}: it says what it said`,
      async () => {
        const home = temporaryFolder();
        const connection = await newWarehouse();
        try {
          for (const files of loads) {
            write(home, files);
            await load(connection, home);
          }
          expect(differences(await facts(connection), whole)).toEqual([]);
        } finally {
          connection.close();
        }
      },
      TIMEOUT,
    );
  }

  test(
    'two logs of one thread that went different ways both count',
    async () => {
      const home = temporaryFolder();
      const other = [...lines.slice(0, 11), line(20, 'compacted', { message: '' }), counted(21, 3000, 9)];
      write(home, { [LIVE]: text(), 'sessions/other.jsonl': Buffer.from(other.join('')) });
      const compactedAt = await withHome(home, (connection) =>
        rowsOf(connection, 'select count(*) as n from v1.compactions'),
      );
      expect(compactedAt).toEqual([{ n: 3 }]);
    },
    TIMEOUT,
  );
});
