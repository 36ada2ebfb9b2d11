/** Runs of calls that repeat: worked out by hand. */
import { describe, expect, it } from 'vitest';
import { rowsOf } from '../views/warehouse.ts';
import { type LineOfStory, type ToolOfStory, tell } from './story.ts';

const LOOPS = `
  select loop_kind, tool_name, target, period_count, round_count, call_count, first_tool_call_id, last_tool_call_id, cost_usd
  from v1.loops order by first_tool_call_id`;

const two = (second: number): string => String(second).padStart(2, '0');

/** Each tool in a call of its own (0.0045 USD), with its result. */
function calls(
  tools: readonly (ToolOfStory & Pick<LineOfStory, 'status' | 'output'>)[],
): readonly LineOfStory[] {
  return [
    { at: '10:00:00', prompt: 5 },
    ...tools.flatMap(({ status, output, ...tool }, index): readonly LineOfStory[] => [
      { at: `10:${two(index + 1)}:00`, tools: [tool], usage: [1000, 0, 0, 0, 100] },
      {
        at: `10:${two(index + 1)}:01`,
        result: tool.id,
        output: output ?? `out ${tool.input}`,
        ...(status === undefined ? {} : { status }),
      },
    ]),
  ];
}

async function ask(lines: readonly LineOfStory[]): Promise<readonly unknown[]> {
  const connection = await tell([{ session: 's', lines }]);
  try {
    return await rowsOf(connection, LOOPS);
  } finally {
    connection.close();
  }
}

describe('loops', () => {
  it('repeat one call three times', async () => {
    const same = ['t1', 't2', 't3'].map((id) => ({ id, input: 'x', command: 'cat a' }));
    expect(await ask(calls([{ id: 't0', input: 'w' }, ...same, { id: 't4', input: 'y' }]))).toEqual([
      {
        loop_kind: 'repeat',
        tool_name: 'Bash',
        target: 'cat',
        period_count: 1,
        round_count: 3,
        call_count: 3,
        first_tool_call_id: 'agent-a:t1',
        last_tool_call_id: 'agent-a:t3',
        // The second and the third call.
        cost_usd: '0.009000000',
      },
    ]);
    expect(await ask(calls(same.slice(1)))).toEqual([]);
  });

  it('repeat two calls three times, an unfinished round left out', async () => {
    const pairs = ['a', 'b', 'a', 'b', 'a', 'b', 'a'].map((input, index) => ({ id: `t${index}`, input }));
    expect(await ask(calls(pairs))).toMatchObject([
      {
        loop_kind: 'repeat',
        period_count: 2,
        round_count: 3,
        call_count: 6,
        first_tool_call_id: 'agent-a:t0',
        last_tool_call_id: 'agent-a:t5',
        cost_usd: '0.018000000',
      },
    ]);
  });

  it('are none where every round brings something else', async () => {
    const polls = ['1 %', '50 %', '100 %'].map((output, index) => ({ id: `t${index}`, input: 'x', output }));
    expect(await ask(calls(polls))).toEqual([]);
    const failing = polls.map((poll) => ({ ...poll, status: 'failed' as const }));
    expect(await ask(calls(failing))).toMatchObject([{ round_count: 3 }]);
  });

  it('are none over two turns', async () => {
    const lines = calls(['t1', 't2', 't3'].map((id) => ({ id, input: 'x' })));
    expect(await ask([...lines.slice(0, 5), { at: '10:02:30', prompt: 5 }, ...lines.slice(5)])).toEqual([]);
  });

  it('edit a file and fail its verification three times', async () => {
    const edit = (id: string) => ({ id, name: 'Edit', category: 'edit', file: '/a.ts' });
    const test = (id: string, status: 'ok' | 'failed') => ({
      id,
      input: 'test',
      command: 'npm test',
      status,
    });
    const rounds = [1, 2, 3].flatMap((n) => [edit(`e${n}`), test(`v${n}`, 'failed')]);
    expect(await ask(calls(rounds))).toEqual([
      {
        loop_kind: 'edit_cycle',
        tool_name: 'Edit',
        target: '/a.ts',
        period_count: 2,
        round_count: 3,
        call_count: 6,
        first_tool_call_id: 'agent-a:e1',
        last_tool_call_id: 'agent-a:v3',
        // Four calls of the second and the third round.
        cost_usd: '0.018000000',
      },
    ]);
    const passing = [
      edit('e1'),
      test('v1', 'failed'),
      edit('e2'),
      test('v2', 'ok'),
      edit('e3'),
      test('v3', 'failed'),
      edit('e4'),
      test('v4', 'failed'),
    ];
    expect(await ask(calls(passing))).toEqual([]);
  });
});
