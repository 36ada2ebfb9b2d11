import type { Connection } from '../../src/warehouse/connection.ts';
import { addRow, openEmpty, type Row, settle } from './warehouse.ts';

/** Ids of the sessions below. */
export const MAIN = 'agent-a:alpha';
export const SUBAGENT = 'agent-a:alpha:sub1';
export const OTHER = 'agent-b:beta';
export const FORK = 'agent-a:gamma';
export const SILENT = 'agent-b:delta';

/**
 * A warehouse of five transcripts, written by hand.
 *
 * A session and its subagent (large prompts on both sides of a price band, an unpriced model, fast mode), one of another
 * agent (reported costs, reasoning, web searches), a fork that repeats records, and one that never called a model.
 */
export async function openSmallHouse(): Promise<Connection> {
  const connection = await openEmpty();
  const add = (table: string, rows: readonly Row[]): Promise<void> =>
    rows.reduce((before, row) => before.then(() => addRow(connection, table, row)), Promise.resolve());

  await add('raw.agents', [
    { agent: 'agent-a', display_name: 'Agent A' },
    { agent: 'agent-b', display_name: 'Agent B' },
  ]);
  await add('raw.sources', [
    { source_no: 0, agent: 'agent-a', path: '/logs/a/alpha.jsonl' },
    { source_no: 1, agent: 'agent-a', path: '/logs/a/alpha/sub1.jsonl' },
    { source_no: 2, agent: 'agent-b', path: '/logs/b/beta.jsonl', is_vanished: true },
    { source_no: 3, agent: 'agent-a', path: '/logs/a/gamma.jsonl' },
    { source_no: 4, agent: 'agent-b', path: '/logs/b/delta.jsonl', host: null, last_error: 'no permission' },
  ]);
  await add('raw.rejects', [
    { source_no: 0, line_no: 7, byte_offset: 700, size_bytes: 12, reason: 'cut off' },
    { source_no: 0, line_no: 7, byte_offset: 712, size_bytes: 5, reason: 'no object' },
  ]);
  await add('raw.sessions', [
    { session_no: 0, agent: 'agent-a', native_session_id: 'alpha' },
    { session_no: 1, agent: 'agent-a', native_session_id: 'alpha', native_agent_id: 'sub1' },
    { session_no: 2, agent: 'agent-b', native_session_id: 'beta' },
    { session_no: 3, agent: 'agent-a', native_session_id: 'gamma' },
    { session_no: 4, agent: 'agent-b', native_session_id: 'delta' },
  ]);
  await add('raw.model_names', [
    { model_raw: 'maker/large-20260101', model: 'large', price_model: 'large', rule: 'without the date' },
    { provider: 'maker', model_raw: 'quick', model: 'quick', price_model: 'quick', rule: 'exact' },
    { model_raw: 'thinker', model: 'thinker', price_model: 'thinker', rule: 'exact' },
    { model_raw: 'secret', model: 'secret', rule: 'unknown' },
  ]);
  await add('raw.model_prices', [
    { price_no: 0, model: 'large', context_up_to_tokens: 200000, ...rates(3, 0.3, 3.75, 6, 15) },
    { price_no: 1, model: 'large', context_over_tokens: 200000, ...rates(6, 0.6, 7.5, 12, 22.5) },
    { price_no: 2, model: 'quick', ...rates(1, 0.1, 1.25, 2, 5), fast_multiplier: 2 },
    { price_no: 3, model: 'thinker', ...rates(2, 0.5, 2, 2, 8), reasoning_usd: 3, web_search_usd: 0.01 },
  ]);
  await connection.execute(
    `update raw.model_prices set geo_multipliers = map {'us': 1.1} where price_no = 2`,
  );

  const sessionDefaults = {
    model_count: 1,
    turn_count: 0,
    llm_call_count: 0,
    tool_call_count: 0,
    tool_ended_count: 0,
    tool_failure_count: 0,
    computed_call_count: 0,
    reported_call_count: 0,
    auto_call_count: 0,
    kind: 'main',
  };
  await add('mart.sessions', [
    {
      ...sessionDefaults,
      session_no: 0,
      session_id: MAIN,
      root_session_no: 0,
      source_no: 0,
      cwd: '/home/ann/code/shop',
      git_branch: 'main',
      started_at: '2026-03-07T10:00:00Z',
      ended_at: '2026-03-09T04:00:10Z',
      active_ms: 900000,
      model_raw: 'maker/large-20260101',
      model_count: 2,
    },
    {
      ...sessionDefaults,
      session_no: 1,
      session_id: SUBAGENT,
      root_session_no: 0,
      parent_session_no: 0,
      source_no: 1,
      cwd: '/home/ann/code/shop/.worktrees/fix-1',
      kind: 'subagent',
      started_at: '2026-03-07T10:05:00Z',
      ended_at: '2026-03-07T10:06:00Z',
      active_ms: 60000,
      model_raw: 'quick',
    },
    {
      ...sessionDefaults,
      session_no: 2,
      session_id: OTHER,
      root_session_no: 2,
      source_no: 2,
      cwd: 'C:\\work\\till\\',
      started_at: '2026-03-08T04:00:00Z',
      ended_at: '2026-03-08T06:00:00Z',
      model_raw: 'thinker',
    },
    {
      ...sessionDefaults,
      session_no: 3,
      session_id: FORK,
      root_session_no: 3,
      forked_from_session_no: 0,
      source_no: 3,
      kind: 'fork',
      cwd: '/home/ann/code/shop/.tool/worktrees/idea',
      started_at: '2026-03-09T03:00:00Z',
      ended_at: '2026-03-09T05:00:00Z',
      model_raw: 'maker/large-20260101',
    },
    {
      ...sessionDefaults,
      session_no: 4,
      session_id: SILENT,
      root_session_no: 4,
      source_no: 4,
      model_count: 0,
      started_at: '2026-03-08T12:00:00Z',
      ended_at: '2026-03-08T12:00:05Z',
    },
  ]);
  await add('mart.turns', [
    {
      turn_id: `${MAIN}:1`,
      session_no: 0,
      turn_number: 1,
      started_at: '2026-03-07T10:00:00Z',
      prompt_bytes: 40,
    },
    {
      turn_id: `${MAIN}:2`,
      session_no: 0,
      turn_number: 2,
      started_at: '2026-03-09T03:59:00Z',
      prompt_bytes: 8,
    },
    {
      turn_id: `${OTHER}:1`,
      session_no: 2,
      turn_number: 1,
      started_at: '2026-03-08T04:00:00Z',
      source_no: 2,
    },
    {
      turn_id: `${SILENT}:1`,
      session_no: 4,
      turn_number: 1,
      started_at: '2026-03-08T12:00:00Z',
      source_no: 4,
    },
  ]);

  await add('mart.llm_calls', [
    // Context of exactly 200,000 tokens: the lower band. On 7 March in New York, on 8 March in UTC.
    call('a1', 0, '2026-03-08T04:59:59Z', {
      turn_id: `${MAIN}:1`,
      line_no: 3,
      model_raw: 'maker/large-20260101',
      price_no: 0,
      uncached_input_tokens: 1000,
      cache_read_tokens: 190000,
      cache_write_5m_tokens: 4000,
      cache_write_1h_tokens: 5000,
      output_tokens: 333,
    }),
    // One token more: the upper band. 8 March in New York, the day with 23 hours.
    call('a2', 0, '2026-03-09T03:59:59Z', {
      turn_id: `${MAIN}:2`,
      line_no: 5,
      model_raw: 'maker/large-20260101',
      price_no: 1,
      uncached_input_tokens: 1001,
      cache_read_tokens: 190000,
      cache_write_5m_tokens: 4000,
      cache_write_1h_tokens: 5000,
      output_tokens: 333,
      web_search_count: 0,
    }),
    // A model without a price inside a priced session. 9 March in New York.
    call('a3', 0, '2026-03-09T04:00:00Z', {
      turn_id: `${MAIN}:2`,
      line_no: 8,
      model_raw: 'secret',
      uncached_input_tokens: 50,
      output_tokens: 5,
    }),
    call('a4', 1, '2026-03-07T10:05:10Z', {
      turn_id: `${MAIN}:1`,
      source_no: 1,
      provider: 'maker',
      model_raw: 'quick',
      price_no: 2,
      speed: 'fast',
      inference_geo: 'US',
      uncached_input_tokens: 7,
      cache_read_tokens: 100,
      output_tokens: 3,
      form: 'progress',
    }),
    call('b1', 2, '2026-03-08T05:00:00Z', {
      turn_id: `${OTHER}:1`,
      source_no: 2,
      model_raw: 'thinker',
      price_no: 3,
      uncached_input_tokens: 1000,
      output_tokens: 200,
      reported_cost_usd: '0.5',
    }),
    call('b2', 2, '2026-03-08T05:30:00Z', {
      turn_id: `${OTHER}:1`,
      source_no: 2,
      line_no: 2,
      model_raw: 'thinker',
      price_no: 3,
      uncached_input_tokens: 1000,
      output_tokens: 200,
      reasoning_tokens: 150,
      web_search_count: 2,
      reported_cost_usd: '0',
    }),
    call('g1', 3, '2026-03-09T04:30:00Z', {
      source_no: 3,
      line_no: 9,
      model_raw: 'maker/large-20260101',
      price_no: 0,
      output_tokens: 10,
    }),
  ]);

  await add('mart.tool_calls', [
    tool('t1', 0, '2026-03-08T05:00:10Z', 10_000, {
      turn_id: `${MAIN}:1`,
      line_no: 4,
      llm_call_id: 'agent-a:a1',
    }),
    // Runs while t1 does and five seconds on.
    tool('t2', 0, '2026-03-08T05:00:15Z', 10_000, {
      turn_id: `${MAIN}:1`,
      line_no: 4,
      item_no: 1,
      llm_call_id: 'agent-a:a1',
      status: 'failed',
      exit_code: 1,
      error_kind: 'exit',
      result_source_no: 0,
      result_line_no: 6,
      result_item_no: 0,
      tool_name: 'Run',
      tool_category: 'shell',
      program: 'npm test',
      verification: 'test',
    }),
    tool('t3', 0, '2026-03-09T04:00:05Z', null, {
      turn_id: `${MAIN}:2`,
      line_no: 9,
      llm_call_id: 'agent-a:a3',
      status: 'pending',
    }),
    tool('u1', 2, '2026-03-08T05:31:00Z', 500, {
      turn_id: `${OTHER}:1`,
      source_no: 2,
      line_no: 3,
      llm_call_id: 'agent-b:b2',
      status: 'rejected',
    }),
  ]);
  await add('raw.tool_commands', [{ source_no: 0, line_no: 4, item_no: 1, command: 'cd app && npm test' }]);
  await add('raw.tool_errors', [{ source_no: 0, line_no: 6, item_no: 0, error_text: '1 test failed' }]);
  await add('raw.file_changes', [
    change(0, 0, 't1', 4),
    // The same change as the fork repeats it.
    change(3, 3, 't1', 4),
    // A change that belongs to no known call.
    change(2, 2, null, 5),
  ]);

  const events: readonly Row[] = [
    {
      source_no: 0,
      line_no: 1,
      session_no: 0,
      occurred_at: '2026-03-07T10:00:00Z',
      event_type: 'user_prompt',
      text_bytes: 40,
    },
    {
      source_no: 0,
      line_no: 3,
      session_no: 0,
      occurred_at: '2026-03-08T04:59:59Z',
      event_type: 'assistant',
      text_bytes: 9,
    },
    { source_no: 0, line_no: 4, session_no: 0, occurred_at: '2026-03-08T05:00:10Z', event_type: 'tool_call' },
    { source_no: 0, line_no: 2, session_no: 0, event_type: 'title' },
    {
      source_no: 3,
      line_no: 1,
      session_no: 3,
      occurred_at: '2026-03-07T10:00:00Z',
      event_type: 'user_prompt',
    },
    { source_no: 3, line_no: 2, session_no: 3, occurred_at: '2026-03-07T10:00:01Z', event_type: 'assistant' },
    { source_no: 3, line_no: 9, session_no: 3, occurred_at: '2026-03-09T04:30:00Z', event_type: 'assistant' },
    {
      source_no: 2,
      line_no: 1,
      session_no: 2,
      occurred_at: '2026-03-08T04:00:00Z',
      event_type: 'user_prompt',
    },
  ];
  await add(
    'raw.events',
    events.map((row, index) => ({ ...row, uuid: `00000000-0000-0000-0000-00000000000${index}` })),
  );
  await add('mart.replays', [{ source_no: 3, first_own_line_no: 2 }]);
  await add('mart.event_copies', [{ source_no: 3, line_no: 2, item_no: 0 }]);
  await add('raw.api_errors', [
    { source_no: 0, line_no: 2, session_no: 0, occurred_at: '2026-03-08T04:50:00Z', attempt_number: 1 },
    { source_no: 3, line_no: 1, session_no: 3, occurred_at: '2026-03-08T04:50:00Z', attempt_number: 1 },
    { source_no: 3, line_no: 2, session_no: 3, occurred_at: '2026-03-08T04:50:00Z', attempt_number: 1 },
  ]);
  await add('raw.compactions', [
    { source_no: 0, line_no: 10, session_no: 0, occurred_at: '2026-03-09T03:00:00Z', before_tokens: 180000 },
    { source_no: 3, line_no: 2, session_no: 3, occurred_at: '2026-03-09T03:00:00Z', before_tokens: 180000 },
  ]);
  await add('raw.rate_limits', [
    { source_no: 2, line_no: 4, session_no: 2, occurred_at: '2026-03-08T05:00:00Z', used_ratio: 0.25 },
    { source_no: 2, line_no: 4, session_no: 2, window_name: 'secondary', used_ratio: 0.5 },
  ]);
  await settle(connection);
  return connection;
}

function rates(input: number, read: number, write5m: number, write1h: number, output: number): Row {
  return {
    uncached_input_usd: input,
    cache_read_usd: read,
    cache_write_5m_usd: write5m,
    cache_write_1h_usd: write1h,
    output_usd: output,
  };
}

function call(id: string, sessionNo: number, startedAt: string, row: Row): Row {
  const agent = id.startsWith('b') ? 'agent-b' : 'agent-a';
  return {
    llm_call_id: `${agent}:${id}`,
    session_no: sessionNo,
    started_at: startedAt,
    ended_at: startedAt,
    ...row,
  };
}

function tool(id: string, sessionNo: number, calledAt: string, durationMs: number | null, row: Row): Row {
  const agent = id.startsWith('u') ? 'agent-b' : 'agent-a';
  const returnedAt = durationMs === null ? null : new Date(Date.parse(calledAt) + durationMs).toISOString();
  return {
    tool_call_id: `${agent}:${id}`,
    session_no: sessionNo,
    called_at: calledAt,
    returned_at: returnedAt,
    duration_ms: durationMs,
    tool_name: 'Edit',
    tool_category: 'edit',
    ...row,
  };
}

function change(sourceNo: number, sessionNo: number, callId: string | null, lineNo: number): Row {
  return {
    source_no: sourceNo,
    line_no: lineNo,
    session_no: sessionNo,
    tool_call_id: callId === null ? null : `${callId.startsWith('u') ? 'agent-b' : 'agent-a'}:${callId}`,
    file_path: '/home/ann/code/shop/a.ts',
    added_line_count: 3,
    removed_line_count: 1,
  };
}
