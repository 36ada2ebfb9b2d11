/** Every field of every record with a value of another JSON type: still an object, so still no reject and no crash. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FIXTURE_HOME, logsBelow, rowsOf, temporaryFolder, viewNames, withHome } from '../adapters/load.ts';
import { type Random, randomFrom } from '../properties/random.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const VALUES: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e300,
  -9223372036854776000,
  // Two of them are more than a BIGINT.
  4_611_686_018_427_388_000,
  '',
  'x',
  '-7',
  '2026-99-99T00:00:00Z',
  [],
  [[]],
  [1, 'a', null],
  {},
  { a: { b: [] } },
  ['{'],
  '\u0000',
];

/** Replaces one to three values at random places, at any depth. */
function mutated(record: Json, random: Random): Json {
  const copy = structuredClone(record);
  for (let count = random(1, 3); count > 0; count -= 1) {
    let node: Json = copy;
    for (;;) {
      if (node === null || typeof node !== 'object') break;
      const keys = Object.keys(node);
      const key = keys[random(0, keys.length - 1)];
      if (key === undefined) break;
      const parent = node as Record<string, Json>;
      const child = parent[key] as Json;
      if (child === null || typeof child !== 'object' || random(0, 3) === 0) {
        parent[key] = structuredClone(VALUES[random(0, VALUES.length - 1)] as Json);
        break;
      }
      node = child;
    }
  }
  return copy;
}

const parsed = (line: string): Json[] => {
  try {
    return [JSON.parse(line) as Json];
  } catch {
    return [];
  }
};

const SESSION = '0e000000-0000-4000-8000-000000000001';
const THREAD = '019e0000-0000-7000-8000-0000000000e1';
interface LogKind {
  readonly agent: string;
  readonly path: string;
  readonly head: string;
  readonly sentinel: (n: number) => string;
}

const KINDS: readonly LogKind[] = [
  {
    agent: 'claude-code',
    path: `.claude/projects/-home-dev-app/${SESSION}.jsonl`,
    head: `{"type":"user","uuid":"u-0","sessionId":"${SESSION}","timestamp":"2026-05-01T09:00:00.000Z","message":{"role":"user","content":"go"}}`,
    sentinel: (n: number) =>
      `{"type":"assistant","uuid":"sentinel-${n}","sessionId":"${SESSION}","timestamp":"2026-05-01T09:00:01.000Z","requestId":"req_sentinel_${n}","message":{"id":"msg_sentinel_${n}","role":"assistant","model":"claude-sonnet-4-6","content":[],"stop_reason":"end_turn","usage":{"input_tokens":7,"output_tokens":${n}}}}`,
  },
  {
    agent: 'codex',
    path: `.codex/sessions/2026/05/01/rollout-2026-05-01T09-00-00-${THREAD}.jsonl`,
    head: `{"timestamp":"2026-05-01T09:00:00.000Z","type":"session_meta","payload":{"id":"${THREAD}","timestamp":"2026-05-01T09:00:00.000Z","cwd":"/home/dev/app","source":"cli"}}`,
    sentinel: (n: number) =>
      `{"timestamp":"2026-05-01T09:00:01.000Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":${n},"cached_input_tokens":0,"output_tokens":${n},"reasoning_output_tokens":0,"total_tokens":${2 * n}},"last_token_usage":{"input_tokens":7,"cached_input_tokens":0,"output_tokens":${n},"reasoning_output_tokens":0,"total_tokens":${7 + n}}}}}`,
  },
];

for (const { agent, path, head, sentinel } of KINDS) {
  const records = logsBelow(FIXTURE_HOME)
    .filter((file) => file.includes(agent === 'codex' ? '.codex' : '.claude'))
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .flatMap(parsed);

  describe(agent, () => {
    for (const seed of [1, 2, 3, 4]) {
      test(`seed ${seed}`, async () => {
        const random = randomFrom(seed);
        const lines = [head];
        const sentinels: number[] = [];
        records.forEach((record, index) => {
          // Numbers that no other call has.
          const output = 5_000_000 + index;
          sentinels.push(output);
          lines.push(JSON.stringify(mutated(record, random)), sentinel(output));
        });
        const home = temporaryFolder();
        const file = join(home, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, `${lines.join('\n')}\n`);
        await withHome(home, async (connection) => {
          const found = await rowsOf(
            connection,
            `select output_tokens, uncached_input_tokens from v1.llm_calls where output_tokens >= 5000000 and output_tokens < 6000000 order by all`,
          );
          expect(found).toEqual(
            sentinels.map((output) => ({ output_tokens: output, uncached_input_tokens: 7 })),
          );
          expect(await rowsOf(connection, 'select * from v1.rejects')).toEqual([]);
          expect(
            await rowsOf(
              connection,
              `select * from v1.llm_calls where least(uncached_input_tokens, cache_read_tokens, cache_write_5m_tokens,
                  cache_write_1h_tokens, output_tokens, reasoning_tokens, web_search_count, duration_ms) < 0`,
            ),
          ).toEqual([]);
          for (const view of await viewNames(connection))
            await connection.query(`select * from v1."${view}"`);
        });
      });
    }
  });
}
