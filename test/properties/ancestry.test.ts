/** Who started a session, and what it goes on from, is told by the logs, whatever came first. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { differences, dump, load, newWarehouse, temporaryFolder, withHome } from '../adapters/load.ts';
import { inBothOrders } from './both-orders.ts';
import type { Logs } from './invented-logs.ts';

vi.setConfig({ testTimeout: 240_000 });

const idOf = (name: string): string => `019e0000-0000-7000-8000-${name.padStart(12, '0')}`;

const PARENTS =
  'select right(session_id, 1) as session, right(parent_session_id, 1) as parent, right(root_session_id, 1) as root from v1.sessions order by all';

/** A rollout of a Codex thread, which another one may have started. */
function thread(name: string, parent?: string): readonly string[] {
  const record = (type: string, payload: object): string =>
    `${JSON.stringify({ timestamp: '2026-05-02T10:00:00.000Z', type, payload })}\n`;
  const source =
    parent === undefined
      ? 'cli'
      : { subagent: { thread_spawn: { parent_thread_id: idOf(parent), depth: 1 } } };
  return [
    record('session_meta', { id: idOf(name), cwd: '/home/dev/app', cli_version: '0.120.0', source }),
    record('event_msg', { type: 'user_message', message: `work of ${name} for ${parent ?? 'a person'}` }),
    record('response_item', { type: 'custom_tool_call', name: 'apply_patch', call_id: 'call', input: 'x' }),
    record('event_msg', {
      type: 'patch_apply_end',
      call_id: 'call',
      success: true,
      changes: { [`/home/dev/app/${name}.ts`]: { type: 'update', unified_diff: '-x\n+y\n' } },
    }),
  ];
}

const rollout = (name: string, folder = 'sessions'): string =>
  `.codex/${folder}/rollout-2026-05-02T10-00-00-${idOf(name)}.jsonl`;

test('of two parents the one counts that the smaller path names', async () => {
  const logs = {
    [rollout('c', 'sessions')]: thread('c', 'b'),
    [rollout('c', 'archived_sessions')]: thread('c', 'a'),
    [rollout('b')]: thread('b'),
    [rollout('a')]: thread('a'),
  };
  expect(await inBothOrders(logs, `from (${PARENTS}) where session = 'c'`)).toEqual([
    { session: 'c', parent: 'a', root: 'a' },
  ]);
});

test('a log between two others joins their descendants, whenever it comes', async () => {
  const logs = {
    [rollout('a')]: thread('a'),
    [rollout('c')]: thread('c', 'b'),
    [rollout('d')]: thread('d', 'c'),
    [rollout('e')]: thread('e', 'd'),
    [rollout('b')]: thread('b', 'a'),
  };
  expect((await inBothOrders(logs, PARENTS)).map(({ root }) => root)).toEqual(['a', 'a', 'a', 'a', 'a']);
});

test('descendants of a log that was written anew follow it', async () => {
  const home = temporaryFolder();
  const write = (logs: Logs): void => {
    for (const [path, lines] of Object.entries(logs)) {
      mkdirSync(dirname(join(home, path)), { recursive: true });
      writeFileSync(join(home, path), lines.join(''));
    }
  };
  const connection = await newWarehouse();
  try {
    write({
      [rollout('a')]: thread('a'),
      [rollout('f')]: thread('f'),
      [rollout('b')]: thread('b', 'a'),
      [rollout('c')]: thread('c', 'b'),
      [rollout('d')]: thread('d', 'c'),
    });
    await load(connection, home);
    write({ [rollout('b')]: thread('b', 'f') });
    await load(connection, home);
    const { anomalies = [], ...others } = await withHome(home, dump);
    expect(anomalies.length).toBeGreaterThan(1);
    expect(differences({ anomalies, ...others }, await dump(connection))).toEqual([]);
  } finally {
    connection.close();
  }
});

test("of two origins the one counts that the first line names, in the session's own log", async () => {
  const line = (second: number, origin: string): string =>
    `${JSON.stringify({
      type: 'user',
      uuid: `00000000-0000-4000-8000-${origin.padStart(12, '0')}`,
      sessionId: idOf('c'),
      timestamp: `2026-05-02T10:00:0${second}.000Z`,
      message: { role: 'user', content: 'go' },
      forkedFrom: {
        sessionId: idOf(origin),
        messageUuid: `00000000-0000-4000-8000-${origin.padStart(12, '9')}`,
      },
    })}\n`;
  const main = (name: string): readonly string[] => [
    line(0, '1')
      .replace(/,"forkedFrom".*/, '}')
      .replace(idOf('c'), idOf(name))
      .replace('00000001', `0000000${name}`),
  ];
  const path = (name: string): string => `.claude/projects/-home-dev-app/${name}.jsonl`;
  const logs = {
    [path('a-copy')]: [line(1, 'a')],
    [path(idOf('c'))]: [line(2, 'd'), line(3, 'b')],
    [path(idOf('a'))]: main('a'),
    [path(idOf('b'))]: main('b'),
    [path(idOf('d'))]: main('d'),
  };
  const sql = `select right(forked_from_session_id, 1) as origin from v1.sessions where right(session_id, 1) = 'c'`;
  expect(await inBothOrders(logs, sql)).toEqual([{ origin: 'd' }]);
});
