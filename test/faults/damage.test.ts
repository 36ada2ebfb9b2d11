/** Damaged logs: nothing crashes, no good line is lost, and what is no record shows in `v1.rejects` with a reason. */
import { execFileSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findLogs } from '../../src/ingest/find-logs.ts';
import { planRefresh } from '../../src/ingest/refresh.ts';
import type { Connection } from '../../src/warehouse/connection.ts';
import {
  type Agent,
  differences,
  dump,
  load,
  newWarehouse,
  type Row,
  rowsOf,
  temporaryFolder,
  viewNames,
  withHome,
  withoutSources,
} from '../adapters/load.ts';

const TIMEOUT = 300_000;
const CLAUDE_SESSION = '0d000000-0000-4000-8000-000000000001';
const CODEX_THREAD = '019e0000-0000-7000-8000-0000000000d1';

interface LogKind {
  readonly agent: Agent;
  readonly path: string;
  /** Lines that a log of this agent begins with. */
  readonly head: readonly string[];
  /** A line that is one billed call with `output` output tokens; the text lies inside a string. */
  readonly call: (output: number, text?: string) => string;
}

/** A moment that grows with the output, so that lines stay in order. */
const at = (output: number): string => new Date(Date.UTC(2026, 4, 1, 9) + output * 1000).toISOString();

const KINDS: readonly LogKind[] = [
  {
    agent: 'claude-code',
    path: `.claude/projects/-home-dev-app/${CLAUDE_SESSION}.jsonl`,
    head: [
      `{"type":"user","uuid":"u-0","sessionId":"${CLAUDE_SESSION}","timestamp":"2026-05-01T09:00:00.000Z","message":{"role":"user","content":"go"}}`,
    ],
    call: (output, text = 'done') =>
      `{"type":"assistant","uuid":"u-${output}","sessionId":"${CLAUDE_SESSION}","timestamp":"${at(output)}","requestId":"req_${output}","message":{"id":"msg_${output}","role":"assistant","model":"claude-sonnet-4-6","content":[{"type":"text","text":"${text}"}],"stop_reason":"end_turn","usage":{"input_tokens":7,"output_tokens":${output}}}}`,
  },
  {
    agent: 'codex',
    path: `.codex/sessions/2026/05/01/rollout-2026-05-01T09-00-00-${CODEX_THREAD}.jsonl`,
    head: [
      `{"timestamp":"2026-05-01T09:00:00.000Z","type":"session_meta","payload":{"id":"${CODEX_THREAD}","timestamp":"2026-05-01T09:00:00.000Z","cwd":"/home/dev/app","cli_version":"0.142.0","source":"cli","model_provider":"openai"}}`,
      '{"timestamp":"2026-05-01T09:00:00.100Z","type":"turn_context","payload":{"turn_id":"t1","cwd":"/home/dev/app","model":"gpt-5.5"}}',
    ],
    call: (output, text = 'done') =>
      `{"timestamp":"${at(output)}","type":"event_msg","payload":{"type":"token_count","note":"${text}","info":{"total_token_usage":{"input_tokens":${output * 100},"cached_input_tokens":0,"output_tokens":${output * 10},"reasoning_output_tokens":0,"total_tokens":${output * 110}},"last_token_usage":{"input_tokens":7,"cached_input_tokens":0,"output_tokens":${output},"reasoning_output_tokens":0,"total_tokens":${output + 7}}}}}`,
  },
];

const outputs = async (connection: Connection): Promise<readonly number[]> =>
  (await rowsOf(connection, 'select output_tokens from v1.llm_calls order by all')).map((row) =>
    Number(row.output_tokens),
  );

const rejects = (connection: Connection): Promise<readonly Row[]> =>
  rowsOf(connection, 'select line_number, reason, size_bytes from v1.rejects order by all');

const writeLog = (home: string, path: string, bytes: Buffer | string): string => {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return file;
};

/**
 * What becomes of a damaged line that carries the call of 50 output tokens: it is a `record` all the same, it is a
 * `reject`, it is `nothing` (blank), or `either` of the first two, but one of them.
 */
type Verdict = 'record' | 'reject' | 'either' | 'nothing';

interface Damage {
  readonly name: string;
  readonly verdict: Verdict;
  readonly line: (call: string) => string | Buffer;
}

const deep = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const DAMAGES: readonly Damage[] = [
  {
    name: 'invalid UTF-8 in a string',
    verdict: 'either',
    line: (call) => withBytes(call, [0xff, 0xfe, 0xc3]),
  },
  {
    name: 'an overlong and a surrogate in UTF-8',
    verdict: 'either',
    line: (call) => withBytes(call, [0xc0, 0xaf, 0xed, 0xa0, 0x80]),
  },
  { name: 'a NUL byte in a string', verdict: 'either', line: (call) => withBytes(call, [0]) },
  { name: 'a line of NUL bytes', verdict: 'reject', line: () => Buffer.alloc(300) },
  { name: 'a control character in a string', verdict: 'either', line: (call) => withBytes(call, [7]) },
  { name: 'a lone high surrogate', verdict: 'record', line: (call) => call.replace('done', 'x\\ud800y') },
  { name: 'a lone low surrogate', verdict: 'record', line: (call) => call.replace('done', '\\udc00') },
  { name: 'an escaped pair', verdict: 'record', line: (call) => call.replace('done', '\\ud83d\\ude00') },
  { name: 'U+2028 in a string', verdict: 'record', line: (call) => call.replace('done', 'a\u2028b') },
  { name: 'a byte-order mark', verdict: 'record', line: (call) => `\ufeff${call}` },
  { name: 'a carriage return at the end', verdict: 'record', line: (call) => `${call}\r` },
  { name: 'blanks and tabs around', verdict: 'record', line: (call) => `  \t${call}\t ` },
  {
    name: 'blanks between everything',
    verdict: 'record',
    line: (call) => JSON.stringify(JSON.parse(call), undefined, 1).replaceAll('\n', ' '),
  },
  { name: 'an array', verdict: 'reject', line: () => '[1, 2, 3]' },
  { name: 'a string', verdict: 'reject', line: () => '"hello"' },
  { name: 'a number', verdict: 'reject', line: () => '42' },
  { name: 'null', verdict: 'reject', line: () => 'null' },
  { name: 'plain text', verdict: 'reject', line: () => 'Segmentation fault (core dumped)' },
  { name: 'cut in the middle', verdict: 'reject', line: (call) => call.slice(0, call.length >> 1) },
  { name: 'cut before the last brace', verdict: 'reject', line: (call) => call.slice(0, -1) },
  {
    name: 'cut inside an escape',
    verdict: 'reject',
    line: (call) => `${call.slice(0, call.indexOf('done'))}\\u00`,
  },
  { name: 'the end of a line alone', verdict: 'reject', line: (call) => call.slice(call.length >> 1) },
  { name: 'a nesting of 5,000', verdict: 'either', line: (call) => call.replace('"done"', deep(5000)) },
  {
    name: 'a nesting of 5,000 that does not close',
    verdict: 'reject',
    line: () => `{"a":${'['.repeat(5000)}`,
  },
  {
    name: 'objects nested 5,000 deep',
    verdict: 'either',
    line: (call) => call.replace('"done"', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`),
  },
  { name: 'an empty line', verdict: 'nothing', line: () => '' },
  { name: 'a line of blanks', verdict: 'nothing', line: () => '   \t ' },
  { name: 'a carriage return alone', verdict: 'nothing', line: () => '\r' },
];

function withBytes(call: string, bytes: readonly number[]): Buffer {
  const place = call.indexOf('done') + 2;
  return Buffer.concat([
    Buffer.from(call.slice(0, place)),
    Buffer.from(bytes),
    Buffer.from(call.slice(place)),
  ]);
}

const NEWLINE = Buffer.from('\n');
const lines = (parts: readonly (string | Buffer)[]): Buffer =>
  Buffer.concat(parts.flatMap((part) => [Buffer.isBuffer(part) ? part : Buffer.from(part), NEWLINE]));

for (const kind of KINDS) {
  describe(kind.agent, () => {
    for (const { name, verdict, line } of DAMAGES) {
      test(`${name} in the middle`, async () => {
        const home = temporaryFolder();
        const damaged = line(kind.call(50));
        writeLog(home, kind.path, lines([...kind.head, kind.call(11), damaged, kind.call(90)]));
        await withHome(home, async (connection) => {
          const found = await outputs(connection);
          const refused = await rejects(connection);
          expect(found.filter((output) => output !== 50)).toEqual([11, 90]);
          const isRecord = found.includes(50);
          if (verdict === 'nothing') expect([isRecord, refused.length]).toEqual([false, 0]);
          if (verdict === 'record') expect([isRecord, refused]).toEqual([true, []]);
          if (verdict === 'reject') expect([isRecord, refused.length]).toEqual([false, 1]);
          if (verdict === 'either')
            expect([isRecord ? 1 : 0, refused.length]).toEqual(isRecord ? [1, 0] : [0, 1]);
          for (const reject of refused) {
            expect(reject.line_number).toBe(kind.head.length + 2);
            expect(reject.size_bytes).toBeGreaterThanOrEqual(Buffer.byteLength(damaged) - 2);
            expect(String(reject.reason)).not.toBe('');
          }
        });
      });
    }

    test('a byte-order mark at the start, carriage returns all over', async () => {
      const home = temporaryFolder();
      const text = [...kind.head, kind.call(11), kind.call(90)].map((part) => `${part}\r\n`).join('');
      writeLog(home, kind.path, `\ufeff${text}`);
      await withHome(home, async (connection) => {
        expect(await outputs(connection)).toEqual([11, 90]);
        expect(await rejects(connection)).toEqual([]);
        expect(await rowsOf(connection, 'select count(*) as n from v1.sessions')).toEqual([{ n: 1 }]);
      });
    });

    test('a call behind a torn one, wherever that was cut, and behind zero bytes', async () => {
      const home = temporaryFolder();
      const torn = kind.call(50);
      // Within a number or a word, after a comma, in a key, in a text, in an escape, after the first brace.
      const pieces = [
        torn.slice(0, torn.lastIndexOf('50') + 1),
        torn.slice(0, torn.lastIndexOf(',') + 1),
        torn.slice(0, torn.indexOf('essage') + 3),
        torn.slice(0, torn.indexOf('done') + 2),
        `${torn.slice(0, torn.indexOf('done'))}\\u00`,
        '{',
        '\0'.repeat(40),
        `${torn.slice(0, torn.indexOf('done') + 2)}${'\0'.repeat(40)}`,
      ];
      const behind = pieces.map((piece, index) => piece + kind.call(11 + index));
      writeLog(home, kind.path, lines([...kind.head, ...behind, kind.call(90)]));
      await withHome(home, async (connection) => {
        expect(await outputs(connection)).toEqual([...pieces.map((_, index) => 11 + index), 90]);
        expect(await rejects(connection)).toEqual(
          pieces.map((piece, index) => ({
            line_number: kind.head.length + 1 + index,
            reason: 'cut short',
            size_bytes: Buffer.byteLength(piece),
          })),
        );
      });
    });

    test('two and three objects on a line', async () => {
      const home = temporaryFolder();
      writeLog(
        home,
        kind.path,
        lines([
          ...kind.head,
          kind.call(11) + kind.call(12),
          `${kind.call(13)} ${kind.call(14)}\t${kind.call(15)}`,
          kind.call(90),
        ]),
      );
      await withHome(home, async (connection) => {
        expect(await outputs(connection)).toEqual([11, 12, 13, 14, 15, 90]);
        expect(await rejects(connection)).toEqual([]);
      });
    });

    test('a good object before and after rubbish on one line is not lost', async () => {
      const home = temporaryFolder();
      writeLog(home, kind.path, lines([...kind.head, `${kind.call(11)}{"type":"assist`, kind.call(90)]));
      await withHome(home, async (connection) => {
        expect(await outputs(connection)).toEqual([11, 90]);
        expect(await rejects(connection)).toHaveLength(1);
      });
    });

    test('a last line that is cut is no reject, and is read once when it is whole', async () => {
      const home = temporaryFolder();
      const whole = lines([...kind.head, kind.call(11), kind.call(90)]);
      const connection = await newWarehouse();
      try {
        for (const missing of [40, 2, 1, 0]) {
          writeLog(home, kind.path, whole.subarray(0, whole.length - missing));
          await load(connection, home);
          expect(await rejects(connection)).toEqual([]);
          expect((await outputs(connection)).filter((output) => output === 11)).toEqual([11]);
        }
        expect(await outputs(connection)).toEqual([11, 90]);
      } finally {
        connection.close();
      }
    });

    test('a last line that was cut and then followed by others is a reject', async () => {
      const home = temporaryFolder();
      const connection = await newWarehouse();
      try {
        const start = `${[...kind.head, kind.call(11)].join('\n')}\n${kind.call(50).slice(0, 90)}`;
        writeLog(home, kind.path, start);
        await load(connection, home);
        expect(await rejects(connection)).toEqual([]);
        writeLog(home, kind.path, `${start}\n${kind.call(90)}\n`);
        await load(connection, home);
        expect(await outputs(connection)).toEqual([11, 90]);
        expect(await rejects(connection)).toMatchObject([{ line_number: kind.head.length + 2 }]);
      } finally {
        connection.close();
      }
    });

    test('token counts that are no counts are NULL, the rest of the line stays', async () => {
      const cases: readonly (readonly [string, number | null])[] = [
        ['-5', null],
        ['-0.5', null],
        ['1.5', null],
        ['99999999999999999999', null],
        ['9223372036854775808', null],
        ['1e400', null],
        ['"12"', null],
        ['true', null],
        ['[3]', null],
        ['{"n":3}', null],
        ['null', null],
        ['0', 0],
        ['1e3', 1000],
        ['2.0', 2],
      ];
      for (const [value, expected] of cases) {
        const home = temporaryFolder();
        const line = kind.call(50).replaceAll(/"input_tokens":\d+/g, `"input_tokens":${value}`);
        writeLog(home, kind.path, lines([...kind.head, kind.call(11), line, kind.call(90)]));
        await withHome(home, async (connection) => {
          expect(await outputs(connection), value).toEqual([11, 50, 90]);
          expect(
            await rowsOf(
              connection,
              'select uncached_input_tokens from v1.llm_calls where output_tokens = 50',
            ),
            value,
          ).toEqual([{ uncached_input_tokens: expected }]);
          expect(await rejects(connection), value).toEqual([]);
        });
      }
    });

    test('a negative output shows nowhere as a number', async () => {
      const home = temporaryFolder();
      writeLog(
        home,
        kind.path,
        lines([
          ...kind.head,
          kind.call(11),
          kind.call(50).replaceAll('"output_tokens":50', '"output_tokens":-50'),
          kind.call(90),
        ]),
      );
      await withHome(home, async (connection) => {
        expect(
          await rowsOf(
            connection,
            'select sum(output_tokens) as n, min(total_tokens) >= 0 as ok, min(cost_usd) >= 0 as is_cost from v1.llm_calls',
          ),
        ).toEqual([{ n: 101, ok: true, is_cost: true }]);
        expect(await rowsOf(connection, 'select output_tokens from v1.sessions')).toEqual([
          { output_tokens: 101 },
        ]);
      });
    });

    test('times in the far future, before 1970, and no times at all', async () => {
      const times = [
        '9999-12-31T23:59:59.999Z',
        '1901-01-01T00:00:00.000Z',
        '0001-01-01T00:00:00Z',
        '+292278-01-01T00:00:00Z',
        '99999-01-01T00:00:00Z',
        '2026-13-45T99:99:99Z',
        'yesterday',
        '',
        '2026-05-01',
        '-1',
        '1e30',
      ];
      const home = temporaryFolder();
      const body = times.map((time, index) =>
        kind.call(200 + index).replace(/"timestamp":"[^"]*"/, `"timestamp":${JSON.stringify(time)}`),
      );
      const numbers = ['99999999999999999', '-99999999999999999', '0', 'null', 'true', '{}'].map(
        (time, index) => kind.call(300 + index).replace(/"timestamp":"[^"]*"/, `"timestamp":${time}`),
      );
      writeLog(home, kind.path, lines([...kind.head, kind.call(11), ...body, ...numbers, kind.call(999)]));
      await withHome(home, async (connection) => {
        const expected = [
          11,
          ...body.map((_, index) => 200 + index),
          ...numbers.map((_, index) => 300 + index),
          999,
        ];
        expect(await outputs(connection)).toEqual(expected);
        expect(await rejects(connection)).toEqual([]);
        for (const view of await viewNames(connection)) await connection.query(`select * from v1."${view}"`);
      });
    });

    test(
      'a line of 50 MB',
      async () => {
        const home = temporaryFolder();
        const long = kind.call(50, 'x'.repeat(50_000_000));
        writeLog(home, kind.path, lines([...kind.head, kind.call(11), long, kind.call(90)]));
        await withHome(home, async (connection) => {
          expect(await outputs(connection)).toEqual([11, 50, 90]);
          expect(await rejects(connection)).toEqual([]);
        });
      },
      TIMEOUT,
    );

    test(
      'a broken line of 50 MB',
      async () => {
        const home = temporaryFolder();
        const long = kind.call(50, 'x'.repeat(50_000_000)).slice(0, -3);
        writeLog(home, kind.path, lines([...kind.head, kind.call(11), long, kind.call(90)]));
        await withHome(home, async (connection) => {
          expect(await outputs(connection)).toEqual([11, 90]);
          expect(await rejects(connection)).toMatchObject([
            { line_number: kind.head.length + 2, size_bytes: long.length },
          ]);
        });
      },
      TIMEOUT,
    );

    test('files that are no logs, and one that is', async () => {
      const home = temporaryFolder();
      writeLog(home, kind.path, lines([...kind.head, kind.call(11)]));
      const folder = dirname(join(home, kind.path));
      writeFileSync(join(folder, 'rollout-empty.jsonl'), '');
      writeFileSync(join(folder, 'rollout-newline.jsonl'), '\n');
      writeFileSync(
        join(folder, 'rollout-binary.jsonl'),
        Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) & 255)),
      );
      writeFileSync(join(folder, 'rollout-not-compressed.jsonl.zst'), 'this is not zstd');
      mkdirSync(join(folder, 'rollout-folder.jsonl', 'inner'), { recursive: true });
      symlinkSync(join(folder, 'nowhere.jsonl'), join(folder, 'rollout-dangling.jsonl'));
      symlinkSync('rollout-circle.jsonl', join(folder, 'rollout-circle.jsonl'));
      symlinkSync('..', join(folder, 'up'));
      await withHome(home, async (connection) => {
        expect(await outputs(connection)).toEqual([11]);
        await load(connection, home);
        expect(await outputs(connection)).toEqual([11]);
      });
    });

    test('a named pipe does not stop the load', async ({ skip }) => {
      const home = temporaryFolder();
      const file = writeLog(home, kind.path, lines([...kind.head, kind.call(11)]));
      try {
        execFileSync('mkfifo', [join(dirname(file), 'rollout-pipe.jsonl')]);
      } catch {
        skip('no mkfifo here');
      }
      await withHome(home, async (connection) => expect(await outputs(connection)).toEqual([11]));
    });

    test('a file that may not be read', async ({ skip }) => {
      const home = temporaryFolder();
      const file = writeLog(home, kind.path, lines([...kind.head, kind.call(11)]));
      const secret = join(dirname(file), 'rollout-secret.jsonl');
      writeFileSync(secret, lines([...kind.head, kind.call(12)]));
      chmodSync(secret, 0);
      let isReadable = true;
      try {
        accessSync(secret, constants.R_OK);
      } catch {
        isReadable = false;
      }
      if (isReadable) skip('this user may read everything');
      await withHome(home, async (connection) => expect(await outputs(connection)).toEqual([11]));
    });

    test('a folder that may be listed but not entered', async ({ skip }) => {
      const home = temporaryFolder();
      writeLog(home, kind.path, lines([...kind.head, kind.call(11)]));
      const barred = writeLog(home, kind.path.replace(/[^/]+$/, 'barred/log.jsonl'), kind.call(12));
      chmodSync(dirname(barred), 0o600);
      try {
        if (existsSync(barred)) skip('this user may enter everything');
        for (const paths of [undefined, [home], [dirname(barred)], [barred]]) {
          const { files, unreadable } = findLogs({ home, env: {}, ...(paths && { paths }) });
          expect(files).toHaveLength(paths === undefined || paths[0] === home ? 1 : 0);
          expect(unreadable).toEqual([{ path: barred, message: 'EACCES: permission denied' }]);
        }
        await withHome(home, async (connection) => expect(await outputs(connection)).toEqual([11]));
      } finally {
        chmodSync(dirname(barred), 0o700);
      }
    });

    test('a text of the same length in the middle is read, and a touch changes nothing', async () => {
      const home = temporaryFolder();
      const path = writeLog(
        home,
        kind.path,
        lines([...kind.head, ...[11, 12, 13].map((n) => kind.call(n, 'x'.repeat(9000)))]),
      );
      const text = readFileSync(path, 'utf8');
      const connection = await newWarehouse();
      const changes = async (): Promise<readonly string[]> => {
        const plan = await planRefresh({
          connection,
          home,
          env: {},
          now: new Date(),
          host: 'h',
          userName: null,
        });
        return plan.comparison.changes.map(({ kind: change }) => change);
      };
      try {
        await load(connection, home);
        const before = await dump(connection);
        const later = new Date(Date.now() + 5000);
        utimesSync(path, later, later);
        expect(await changes()).toEqual(['rewritten']);
        await load(connection, home);
        expect(await changes()).toEqual([]);
        expect(differences(withoutSources(before), withoutSources(await dump(connection)))).toEqual([]);

        writeFileSync(path, text.replace(/"output_tokens":12(?=[,}])/, '"output_tokens":92'));
        await load(connection, home);
        expect(await outputs(connection)).toContain(92);
        expect(await outputs(connection)).toEqual(await withHome(home, outputs));
      } finally {
        connection.close();
      }
    });
  });
}
