/** Paths and names: keys and values in them are replaced, in every column that holds one; ids stay as they are. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { WRITTEN } from '../../src/ingest/mask-stored.ts';
import { defineMacros } from '../../src/ingest/schema.ts';
import { type Connection, connect } from '../../src/warehouse/connection.ts';
import { rowsOf, temporaryFolder, withHome } from '../adapters/load.ts';
import { PLANTED } from './planted.ts';

const key = PLANTED.find(({ kind }) => kind === 'github')?.secret ?? '';
const value = 'qW3eR5tY7uI9oP1aS2dF4gH6';

let connection: Connection;
beforeAll(async () => {
  connection = await connect(':memory:');
  await defineMacros(connection);
});
afterAll(() => connection.close());

const masked = async (words: string): Promise<unknown> =>
  (await connection.query('select name_without_secrets($words)', { words })).rows[0]?.[0];

test.each([
  [`/home/dev/${key}/x`, '/home/dev/[masked]/x'],
  [`/home/dev/token=${value}`, '/home/dev/token=[masked]'],
  [`b/password=${value}/x`, 'b/password=[masked]/x'],
  [`/srv/a.html?password=${value}&x=1`, '/srv/a.html?password=[masked]&x=1'],
  [`https://bob:${value}@git.internal/a.git`, 'https://[masked]@git.internal/a.git'],
  [`https://bob:${value}`, 'https://bob:[masked]'],
])('%s is masked', async (words, expected) => {
  expect(await masked(words)).toBe(expected);
});

test.each([
  'claude-sonnet-4-5-20250929',
  'mcp__claude_ai_Linear__list_issues',
  'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  '/home/dev/token-store/secret/password.ts',
  'feature/api-key-rotation',
  'https://github.com/owner/repo.git',
  'http://localhost:3000/v1',
  'ssh://git@github.com/owner/repo.git',
  '/home/dev/node_modules/@scope/pkg',
  'task-runner-with-a-long-name',
])('%s is left as it is', async (name) => {
  expect(await masked(name)).toBe(name);
});

test('every key that is looked for in a text by its beginning is found in a name, also where it is cut', async () => {
  const { rows } = await connection.query(
    `select words from (select unnest(from_json($keys, '["VARCHAR"]')) as words)
    where without_common_keys(words) <> words and name_without_secrets(words) <> without_common_keys(words)`,
    {
      keys: JSON.stringify(
        PLANTED.flatMap(({ text, secret }) => [text, text.slice(0, text.indexOf(secret) + 24)]),
      ),
    },
  );
  expect(rows).toEqual([]);
});

test('a row is looked at as a whole: what a column ends with is found before the next one', async () => {
  const look = 'select names_may_hold_secret(concat_ws(chr(10), $first, null, $second, $end))';
  const holds = async (first: string, second: string): Promise<unknown> =>
    (await connection.query(look, { first, second, end: '' })).rows[0]?.[0];
  expect(await holds(`https://bob:${value}`, 'other')).toBe(true);
  expect(await holds('other', `https://bob:${value}`)).toBe(true);
  expect(await holds('http://localhost:3000', 'bob@example.com')).toBe(false);
  expect(await holds('', '')).toBe(false);
});

describe('a load', () => {
  const home = temporaryFolder();
  const at = (second: number): string => new Date(Date.UTC(2026, 4, 1, 9, 0, second)).toISOString();
  const write = (path: string, records: readonly object[]): void => {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  };
  const CLAUDE = 'a1000000-0000-4000-8000-0000000000f2';
  const CODEX = '019e0000-0000-7000-8000-0000000000f2';
  write(`.claude/projects/-home-dev-x/${CLAUDE}.jsonl`, [
    {
      type: 'assistant',
      sessionId: CLAUDE,
      uuid: '00000000-0000-4000-8000-000000000001',
      timestamp: at(1),
      cwd: `/home/dev/token=${value}`,
      gitBranch: `b/password=${value}`,
      version: `2.1-${key}`,
      entrypoint: `cli-${key}`,
      requestId: 'req_1',
      message: {
        id: `msg_${key}`,
        role: 'assistant',
        model: `claude-${key}`,
        stop_reason: `end-${key}`,
        usage: {
          input_tokens: 10,
          output_tokens: 5,
          service_tier: `tier-${key}`,
          speed: `fast-${key}`,
          inference_geo: `us-${key}`,
        },
        content: [
          { type: 'tool_use', id: 'toolu_1', name: `mcp__s-${key}__t`, input: {} },
          {
            type: 'tool_use',
            id: 'toolu_2',
            name: 'Read',
            input: { file_path: `/x/a.html?password=${value}` },
          },
        ],
      },
    },
    {
      type: 'system',
      subtype: 'compact_boundary',
      sessionId: CLAUDE,
      uuid: '00000000-0000-4000-8000-000000000002',
      timestamp: at(2),
      compactMetadata: { trigger: `auto-${key}`, preTokens: 10 },
    },
  ]);
  write(`.codex/sessions/2026/05/01/rollout-2026-05-01T09-00-00-${CODEX}.jsonl`, [
    {
      timestamp: at(0),
      type: 'session_meta',
      payload: {
        id: CODEX,
        timestamp: at(0),
        cwd: '/home/dev',
        originator: `x-${key}`,
        cli_version: `1-${key}`,
        model_provider: `p-${key}`,
      },
    },
    {
      timestamp: at(1),
      type: 'turn_context',
      payload: { turn_id: 't1', cwd: '/home/dev', model: `gpt-${key}` },
    },
    {
      timestamp: at(2),
      type: 'event_msg',
      payload: {
        type: 'token_count',
        info: null,
        rate_limits: {
          primary: { used_percent: 5, window_minutes: 300, resets_at: 1780000000 },
          plan_type: `plus-${key}`,
          rate_limit_reached_type: `kind-${key}`,
        },
      },
    },
  ]);

  it('stores none in a path or a name, and every id as it is', () =>
    withHome(home, async (warehouse) => {
      const marked = new Set<string>();
      for (const [table, { columns }] of Object.entries(WRITTEN))
        for (const column of columns)
          for (const { words } of await rowsOf(warehouse, `select ${column} as words from raw.${table}`)) {
            expect([column, String(words)]).not.toEqual([column, expect.stringContaining(key)]);
            expect([column, String(words)]).not.toEqual([column, expect.stringContaining(value)]);
            if (String(words).includes('[masked]')) marked.add(`${table}.${column}`);
          }
      expect([...marked].sort()).toEqual([
        'api_errors.code',
        'compactions.trigger',
        'rate_limits.plan',
        'rate_limits.reached_kind',
        'session_headers.agent_version',
        'session_headers.cwd',
        'session_headers.entrypoint',
        'session_headers.git_branch',
        'session_headers.provider',
        'tool_uses.file_path',
        'tool_uses.mcp_server',
        'tool_uses.tool_name',
        'turn_contexts.model_raw',
        'usage.inference_geo',
        'usage.model_raw',
        'usage.service_tier',
        'usage.speed',
        'usage.stop_reason',
      ]);
      expect(await rowsOf(warehouse, 'select distinct response_id from raw.usage')).toEqual([
        { response_id: `claude-code:msg_${key}` },
      ]);
      expect(
        await rowsOf(
          warehouse,
          `select distinct model_raw from raw.model_names where contains(model_raw, '${key}')`,
        ),
      ).toEqual([]);
    }));
});
