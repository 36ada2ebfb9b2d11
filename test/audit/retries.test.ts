/** Failed calls that were made again: worked out by hand. */
import { describe, expect, it } from 'vitest';
import { rowsOf } from '../views/warehouse.ts';
import { type LineOfStory, tell } from './story.ts';

const RETRIES = `
  select tool_call_id, repeat_tool_call_id, retry_kind, gap_ms, edit_count, repeat_status, cost_usd
  from v1.retries order by tool_call_id`;

async function ask(lines: readonly LineOfStory[], sql = RETRIES): Promise<readonly unknown[]> {
  const connection = await tell([{ session: 's', lines }]);
  try {
    return await rowsOf(connection, sql);
  } finally {
    connection.close();
  }
}

describe('retries', () => {
  it('are the next call with the same input, at the cost of the call that asked for it', async () => {
    expect(
      await ask([
        { at: '10:00:00', prompt: 5 },
        { at: '10:00:01', tools: [{ id: 't1', input: 'x' }], usage: [1000, 0, 0, 0, 100] },
        { at: '10:00:02', result: 't1', status: 'failed' },
        // 1,000 × 3 + 100 × 15 USD per million = 0.0045, for two tools.
        {
          at: '10:00:05',
          tools: [
            { id: 't2', input: 'y' },
            { id: 't3', input: 'x' },
          ],
          usage: [1000, 0, 0, 0, 100],
        },
        { at: '10:00:06', result: 't2' },
        { at: '10:00:07', result: 't3' },
      ]),
    ).toEqual([
      {
        tool_call_id: 'agent-a:t1',
        repeat_tool_call_id: 'agent-a:t3',
        retry_kind: 'same_input',
        gap_ms: 3000,
        edit_count: 0,
        repeat_status: 'ok',
        cost_usd: '0.002250000',
      },
    ]);
  });

  it('go by file, or by what a command ran, within a turn', async () => {
    const edit = { name: 'Edit', category: 'edit' };
    expect(
      await ask([
        { at: '10:00:00', prompt: 5 },
        { at: '10:00:01', tools: [{ id: 'e1', ...edit, file: '/a.ts' }] },
        { at: '10:00:02', result: 'e1', status: 'failed' },
        { at: '10:00:03', tools: [{ id: 'e2', ...edit, file: '/b.ts' }] },
        { at: '10:00:04', result: 'e2' },
        { at: '10:00:05', tools: [{ id: 'e3', ...edit, file: '/a.ts' }] },
        { at: '10:00:06', result: 'e3', status: 'failed' },
        { at: '10:00:07', tools: [{ id: 'c1', command: 'cd web && git commit -m "a"' }] },
        { at: '10:00:08', result: 'c1', status: 'failed' },
        { at: '10:00:09', tools: [{ id: 'c2', command: 'git push' }] },
        { at: '10:00:10', result: 'c2', status: 'failed' },
        { at: '10:00:11', tools: [{ id: 'c3', command: 'git commit -am "b"' }] },
        { at: '10:00:12', result: 'c3' },
        // In another turn it is another task.
        { at: '10:01:00', prompt: 5 },
        { at: '10:01:01', tools: [{ id: 'c4', command: 'git push --force' }] },
        { at: '10:01:02', result: 'c4' },
      ]),
    ).toEqual([
      {
        tool_call_id: 'agent-a:c1',
        repeat_tool_call_id: 'agent-a:c3',
        retry_kind: 'changed_input',
        gap_ms: 3000,
        edit_count: 0,
        repeat_status: 'ok',
        cost_usd: null,
      },
      {
        tool_call_id: 'agent-a:e1',
        repeat_tool_call_id: 'agent-a:e3',
        retry_kind: 'changed_input',
        gap_ms: 3000,
        edit_count: 1,
        repeat_status: 'failed',
        cost_usd: null,
      },
    ]);
  });

  it('are no calls that were made before the first one had failed', async () => {
    expect(
      await ask([
        { at: '10:00:00', prompt: 5 },
        // All at once: of the same program, and two of them the same.
        {
          at: '10:00:01',
          tools: [
            { id: 'a', command: 'npm test -- a' },
            { id: 'b', command: 'npm test -- b', input: 'x' },
            { id: 'c', command: 'npm test -- b', input: 'x' },
          ],
          usage: [1000, 0, 0, 0, 100],
        },
        { at: '10:00:02', result: 'a', status: 'failed' },
        { at: '10:00:02', result: 'b', status: 'failed' },
        { at: '10:00:03', result: 'c', status: 'failed' },
        // Another answer, before the last one's long call has failed.
        { at: '10:00:04', tools: [{ id: 'd', command: 'make all' }] },
        { at: '10:00:05', tools: [{ id: 'e', command: 'make lint' }] },
        { at: '10:00:06', result: 'e' },
        { at: '10:00:07', result: 'd', status: 'failed' },
        { at: '10:00:08', tools: [{ id: 'f', command: 'npm test -- b', input: 'x' }] },
        { at: '10:00:09', result: 'f' },
      ]),
    ).toEqual([
      {
        tool_call_id: 'agent-a:c',
        repeat_tool_call_id: 'agent-a:f',
        retry_kind: 'same_input',
        gap_ms: 5000,
        edit_count: 0,
        repeat_status: 'ok',
        cost_usd: null,
      },
    ]);
  });

  it('keep those with the same input together where several are made again at once', async () => {
    const both = (round: number) => ({
      at: `10:00:0${round}`,
      tools: ['x', 'y'].map((input) => ({ id: `${input}${round}`, input, command: `npm test -- ${input}` })),
    });
    expect(
      await ask(
        [
          { at: '10:00:00', prompt: 5 },
          { ...both(1), usage: [10, 0, 0, 0, 5] },
          { at: '10:00:02', result: 'x1', status: 'failed' },
          { at: '10:00:02', result: 'y1', status: 'failed' },
          { ...both(3), usage: [10, 0, 0, 0, 5] },
          { at: '10:00:04', result: 'x3' },
          { at: '10:00:04', result: 'y3' },
        ],
        'select tool_call_id, repeat_tool_call_id, retry_kind from v1.retries order by 1',
      ),
    ).toEqual([
      { tool_call_id: 'agent-a:x1', repeat_tool_call_id: 'agent-a:x3', retry_kind: 'same_input' },
      { tool_call_id: 'agent-a:y1', repeat_tool_call_id: 'agent-a:y3', retry_kind: 'same_input' },
    ]);
  });

  it('are none after a refusal, an interruption or success', async () => {
    expect(
      await ask([
        { at: '10:00:00', prompt: 5 },
        { at: '10:00:01', tools: [{ id: 't1', input: 'x' }] },
        { at: '10:00:02', result: 't1', status: 'rejected' },
        { at: '10:00:03', tools: [{ id: 't2', input: 'x' }] },
        { at: '10:00:04', result: 't2', status: 'interrupted' },
        { at: '10:00:05', tools: [{ id: 't3', input: 'x' }] },
        { at: '10:00:06', result: 't3' },
        { at: '10:00:07', tools: [{ id: 't4', input: 'x' }] },
      ]),
    ).toEqual([]);
  });
});

describe('programs of commands', () => {
  it.each([
    ['ls -la', 'ls', null],
    ['cd /srv/app && FOO=1 npm run test -- --watch', 'npm run test', 'test'],
    ['git -C /srv commit -m "a b"', 'git commit', null],
    ["bash -lc 'cargo clippy --all'", 'cargo clippy', 'lint'],
    ['/usr/bin/python3 -m pytest -q', 'python3 -m pytest', 'test'],
    ['sudo docker compose up -d', 'docker compose up', null],
    ['./gradlew build', 'gradlew build', 'build'],
    ['npx tsc --noEmit', 'npx tsc', 'types'],
    ['timeout 60 go test ./...', 'go test', 'test'],
    ['echo "run the tests"', 'echo', null],
  ])('%s', async (command, program, kind) => {
    expect(
      await ask(
        [{ at: '10:00:00', tools: [{ id: 't1', command }] }],
        'select program, verification_kind, is_verification from v1.tool_calls',
      ),
    ).toEqual([{ program, verification_kind: kind, is_verification: kind !== null }]);
  });
});
