import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/warehouse/connection.ts';
import { FORK, MAIN, OTHER, openSmallHouse, SILENT, SUBAGENT } from './small-house.ts';
import { rowsOf, scalarOf } from './warehouse.ts';

let connection: Connection;
beforeAll(async () => {
  connection = await openSmallHouse();
});
afterAll(() => connection.close());

const rows = (sql: string): Promise<readonly unknown[]> => rowsOf(connection, sql);

describe('sessions', () => {
  it('name their parent, root and origin by public ids', async () => {
    expect(
      await rows(
        `select session_id, agent, native_session_id, kind, parent_session_id, root_session_id, forked_from_session_id
        from v1.sessions order by session_id`,
      ),
    ).toEqual([
      kinship(MAIN, 'agent-a', 'alpha', 'main', null, MAIN, null),
      kinship(SUBAGENT, 'agent-a', 'alpha', 'subagent', MAIN, MAIN, null),
      kinship(FORK, 'agent-a', 'gamma', 'fork', null, FORK, MAIN),
      kinship(OTHER, 'agent-b', 'beta', 'main', null, OTHER, null),
      kinship(SILENT, 'agent-b', 'delta', 'main', null, SILENT, null),
    ]);
  });

  it('take their project from the working directory, without worktrees', async () => {
    expect(await rows('select session_id, project from v1.sessions order by session_id')).toEqual([
      { session_id: MAIN, project: 'shop' },
      { session_id: SUBAGENT, project: 'shop' },
      { session_id: FORK, project: 'shop' },
      { session_id: OTHER, project: 'till' },
      { session_id: SILENT, project: null },
    ]);
  });

  it('show the health of `session_health`, and what is not scored without one', async () => {
    expect(
      await rows(
        `select distinct health_score, health_status, anomaly_count, retry_count from v1.sessions order by health_score`,
      ),
    ).toEqual([
      { health_score: 66, health_status: 'warning', anomaly_count: 2, retry_count: 0 },
      { health_score: null, health_status: 'unscored', anomaly_count: 0, retry_count: 0 },
    ]);
    expect(
      await rows(
        `select distinct health_status, deductions from v1.session_health where health_score is null`,
      ),
    ).toEqual([{ health_status: 'unscored', deductions: [] }]);
  });

  it('count as many calls, tool calls and turns as there are rows', async () => {
    for (const [count, view] of [
      ['llm_call_count', 'llm_calls'],
      ['tool_call_count', 'tool_calls'],
      ['turn_count', 'turns'],
    ]) {
      expect(
        await rows(
          `select sessions.session_id from v1.sessions as sessions
          left join (select session_id, count(*) as n from v1.${view} group by 1) as behind using (session_id)
          where sessions.${count} <> coalesce(behind.n, 0)`,
        ),
      ).toEqual([]);
    }
  });
});

describe('llm_calls', () => {
  it('show a model by its own name, and as logged where none is known', async () => {
    expect(await rows('select distinct model, model_raw from v1.llm_calls order by all')).toEqual([
      { model: 'large', model_raw: 'maker/large-20260101' },
      { model: 'quick', model_raw: 'quick' },
      { model: 'secret', model_raw: 'secret' },
      { model: 'thinker', model_raw: 'thinker' },
    ]);
  });

  it('add the classes up', async () => {
    expect(
      await rows(
        `select context_tokens, total_tokens, is_from_progress from v1.llm_calls
        where llm_call_id in ('agent-a:a2', 'agent-a:a3', 'agent-a:a4', 'agent-a:g1') order by llm_call_id`,
      ),
    ).toEqual([
      { context_tokens: 200001, total_tokens: 200334, is_from_progress: false },
      { context_tokens: 50, total_tokens: 55, is_from_progress: false },
      { context_tokens: 107, total_tokens: 110, is_from_progress: true },
      { context_tokens: null, total_tokens: 10, is_from_progress: false },
    ]);
    expect(
      await scalarOf(
        connection,
        `select count(*) from v1.llm_calls where total_tokens is distinct from
          coalesce(uncached_input_tokens, 0) + coalesce(cache_read_tokens, 0) + coalesce(cache_write_5m_tokens, 0)
          + coalesce(cache_write_1h_tokens, 0) + coalesce(output_tokens, 0)`,
      ),
    ).toBe(0);
  });

  it('stand in a source and on a line', async () => {
    expect(
      await rows(
        `select calls.source_line, sources.path from v1.llm_calls as calls
        inner join v1.sources as sources using (source_id) where llm_call_id = 'agent-a:a2'`,
      ),
    ).toEqual([{ source_line: 5, path: '/logs/a/alpha.jsonl' }]);
  });
});

describe('turns', () => {
  it('hold the calls and tool calls of the work they started, with that of subagents', async () => {
    expect(
      await rows(
        `select turn_number, llm_call_count, tool_call_count, total_tokens, cost_usd, ended_at, duration_ms
        from v1.turns where session_id = '${MAIN}' order by turn_number`,
      ),
    ).toEqual([
      {
        turn_number: 1,
        llm_call_count: 2,
        tool_call_count: 2,
        total_tokens: 200443,
        cost_usd: '0.110053400',
        ended_at: '2026-03-08T05:00:25.000Z',
        duration_ms: 19 * 3_600_000 + 25_000,
      },
      {
        turn_number: 2,
        llm_call_count: 2,
        tool_call_count: 1,
        total_tokens: 200389,
        cost_usd: '0.217498500',
        ended_at: '2026-03-09T04:00:05.000Z',
        duration_ms: 65_000,
      },
    ]);
  });

  it('without a call have no tokens, cost or end', async () => {
    expect(
      await rows(
        `select llm_call_count, total_tokens, cost_usd, ended_at from v1.turns where session_id = '${SILENT}'`,
      ),
    ).toEqual([{ llm_call_count: 0, total_tokens: null, cost_usd: null, ended_at: null }]);
  });
});

describe('tool_calls', () => {
  it('join content that is kept apart, and know a verification', async () => {
    expect(
      await rows(
        'select tool_call_id, status, command, error_text, is_verification from v1.tool_calls order by tool_call_id',
      ),
    ).toEqual([
      { tool_call_id: 'agent-a:t1', status: 'ok', command: null, error_text: null, is_verification: false },
      {
        tool_call_id: 'agent-a:t2',
        status: 'failed',
        command: 'cd app && npm test',
        error_text: '1 test failed',
        is_verification: true,
      },
      {
        tool_call_id: 'agent-a:t3',
        status: 'pending',
        command: null,
        error_text: null,
        is_verification: false,
      },
      {
        tool_call_id: 'agent-b:u1',
        status: 'rejected',
        command: null,
        error_text: null,
        is_verification: false,
      },
    ]);
  });

  it.each([
    ['npm test', true],
    ['npm run lint -- --fix', true],
    ['pnpm exec vitest run', true],
    ['cd web && npx tsc --noEmit', true],
    ['python -m pytest -q', true],
    ['cargo clippy', true],
    ['go vet ./...', true],
    ['./gradlew clean build', true],
    ['make', true],
    ['make -j4 test', true],
    ['bun test', true],
    ['npm install', false],
    ['git commit -m "make test pass"', false],
    ['cat tests/readme.md', false],
    ['echo contest', false],
    ['rm -rf build', false],
  ])('%s: is a verification: %s', async (command, expected) => {
    expect(
      await rowsOf(
        connection,
        'select verification_of(unprefixed($command)) is not null as is_verification',
        {
          command,
        },
      ),
    ).toEqual([{ is_verification: expected }]);
  });
});

describe('events', () => {
  it('are the records that no copy or replay repeats, with tool calls and results, in order', async () => {
    expect(
      await rows(
        `select session_id, sequence_number, event_type, turn_id, llm_call_id, tool_call_id, source_line
        from v1.events where session_id in ('${MAIN}', '${FORK}') order by session_id, sequence_number`,
      ),
    ).toEqual([
      entry(MAIN, 1, 'user_prompt', `${MAIN}:1`, null, null, 1),
      entry(MAIN, 2, 'assistant', `${MAIN}:1`, 'agent-a:a1', null, 3),
      entry(MAIN, 3, 'tool_call', `${MAIN}:1`, 'agent-a:a1', 'agent-a:t1', 4),
      entry(MAIN, 4, 'tool_call', `${MAIN}:1`, 'agent-a:a1', 'agent-a:t2', 4),
      entry(MAIN, 5, 'tool_result', `${MAIN}:1`, 'agent-a:a1', 'agent-a:t2', 6),
      entry(MAIN, 6, 'tool_call', `${MAIN}:2`, 'agent-a:a3', 'agent-a:t3', 9),
      entry(MAIN, 7, 'title', null, null, null, 2),
      entry(FORK, 1, 'assistant', null, 'agent-a:g1', null, 9),
    ]);
  });

  it('have an id of their own where the log gives them none', async () => {
    await connection.execute('update raw.events set uuid = null where line_no = 2 and source_no = 0');
    expect(await scalarOf(connection, `select event_id from v1.events where event_type = 'title'`)).toBe(
      `${MAIN}:2`,
    );
  });
});

describe('what a fork repeats', () => {
  it.each([
    ['api_errors', 1],
    ['compactions', 1],
    ['file_changes', 2],
    ['rate_limits', 2],
  ])('counts once in %s', async (view, count) => {
    expect(await scalarOf(connection, `select count(*) from v1.${view}`)).toBe(count);
  });

  it('leaves a change with the tool call it belongs to', async () => {
    expect(await rows('select session_id, tool_call_id from v1.file_changes order by session_id')).toEqual([
      { session_id: MAIN, tool_call_id: 'agent-a:t1' },
      { session_id: OTHER, tool_call_id: null },
    ]);
  });
});

describe('sources and rejects', () => {
  it('count rejects and keep a vanished log', async () => {
    expect(await rows('select path, reject_count, is_vanished, host from v1.sources order by path')).toEqual([
      { path: '/logs/a/alpha.jsonl', reject_count: 2, is_vanished: false, host: 'desk' },
      { path: '/logs/a/alpha/sub1.jsonl', reject_count: 0, is_vanished: false, host: 'desk' },
      { path: '/logs/a/gamma.jsonl', reject_count: 0, is_vanished: false, host: 'desk' },
      { path: '/logs/b/beta.jsonl', reject_count: 0, is_vanished: true, host: 'desk' },
      { path: '/logs/b/delta.jsonl', reject_count: 0, is_vanished: false, host: null },
    ]);
    expect(
      await rows('select line_number, offset_bytes, reason from v1.rejects order by offset_bytes'),
    ).toEqual([
      { line_number: 7, offset_bytes: 700, reason: 'cut off' },
      { line_number: 7, offset_bytes: 712, reason: 'no object' },
    ]);
    expect(await scalarOf(connection, `select min(modified_at) from v1.sources`)).toBe(
      '2026-01-01T00:00:00.000Z',
    );
  });
});

describe('latency', () => {
  it('counts tools that ran at once once', async () => {
    expect(
      await rows(
        `select session_id, tool_ms, timed_tool_count, tool_p50_ms, tool_longest_ms, model_ms, human_ms
        from v1.session_latency where session_id in ('${MAIN}', '${SILENT}') order by session_id`,
      ),
    ).toEqual([
      {
        session_id: MAIN,
        tool_ms: 15_000,
        timed_tool_count: 2,
        tool_p50_ms: 10_000,
        tool_longest_ms: 10_000,
        // Until the first answer, and from it to the tools.
        model_ms: 68_410_000,
        human_ms: 0,
      },
      {
        session_id: SILENT,
        tool_ms: 0,
        timed_tool_count: 0,
        tool_p50_ms: null,
        tool_longest_ms: null,
        model_ms: 0,
        human_ms: 0,
      },
    ]);
  });

  it('rates a tool by the calls that ended', async () => {
    expect(
      await rows(
        `select agent, tool_name, tool_call_count, tool_ended_count, tool_failure_count, tool_failure_ratio, total_ms
        from v1.tool_latency order by agent, tool_name`,
      ),
    ).toEqual([
      toolLatency('agent-a', 'Edit', [2, 1, 0, 0, 10_000]),
      toolLatency('agent-a', 'Run', [1, 1, 1, 1, 10_000]),
      toolLatency('agent-b', 'Edit', [1, 0, 0, null, 500]),
    ]);
  });
});

describe('ids', () => {
  it.each([
    ['llm_calls', 'turn_id', 'turns', 'turn_id'],
    ['tool_calls', 'turn_id', 'turns', 'turn_id'],
    ['tool_calls', 'llm_call_id', 'llm_calls', 'llm_call_id'],
    ['events', 'turn_id', 'turns', 'turn_id'],
    ['events', 'llm_call_id', 'llm_calls', 'llm_call_id'],
    ['events', 'tool_call_id', 'tool_calls', 'tool_call_id'],
    ['call_cost', 'llm_call_id', 'llm_calls', 'llm_call_id'],
    ['file_changes', 'tool_call_id', 'tool_calls', 'tool_call_id'],
    ['sessions', 'parent_session_id', 'sessions', 'session_id'],
    ['sessions', 'root_session_id', 'sessions', 'session_id'],
    ['sessions', 'forked_from_session_id', 'sessions', 'session_id'],
    ['sessions', 'agent', 'agents', 'agent'],
    ...['sessions', 'llm_calls', 'tool_calls', 'events', 'rejects', 'api_errors', 'compactions'].map(
      (view) => [view, 'source_id', 'sources', 'source_id'],
    ),
    ...[
      'turns',
      'llm_calls',
      'tool_calls',
      'events',
      'session_cost',
      'session_health',
      'session_latency',
    ].map((view) => [view, 'session_id', 'sessions', 'session_id']),
  ])('%s.%s joins %s', async (view, column, target, key) => {
    expect(
      await rows(
        `select ${column} from v1.${view} where ${column} is not null and ${column} not in (select ${key} from v1.${target})`,
      ),
    ).toEqual([]);
  });
});

function kinship(
  id: string,
  agent: string,
  native: string,
  kind: string,
  parent: string | null,
  root: string,
  origin: string | null,
): Record<string, unknown> {
  return {
    session_id: id,
    agent,
    native_session_id: native,
    kind,
    parent_session_id: parent,
    root_session_id: root,
    forked_from_session_id: origin,
  };
}

function entry(
  session: string,
  place: number,
  type: string,
  turn: string | null,
  call: string | null,
  tool: string | null,
  line: number,
): Record<string, unknown> {
  return {
    session_id: session,
    sequence_number: place,
    event_type: type,
    turn_id: turn,
    llm_call_id: call,
    tool_call_id: tool,
    source_line: line,
  };
}

function toolLatency(
  agent: string,
  name: string,
  [calls, ended, failed, ratio, total]: readonly (number | null)[],
): Record<string, unknown> {
  return {
    agent,
    tool_name: name,
    tool_call_count: calls,
    tool_ended_count: ended,
    tool_failure_count: failed,
    tool_failure_ratio: ratio,
    total_ms: total,
  };
}
