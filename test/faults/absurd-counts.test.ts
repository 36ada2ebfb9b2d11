/** Counts beyond all bounds are no numbers, and cost nothing of what stands beside them; those that are only big are billed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { rowsOf, temporaryFolder, withHome } from '../adapters/load.ts';

function homeWith(path: string, lines: readonly string[]): string {
  const home = temporaryFolder();
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), `${lines.join('\n')}\n`);
  return home;
}

/** As text: JavaScript has no numbers that big. */
const claudeLine = (n: number, usage: string): string =>
  `{"type":"assistant","uuid":"00000000-0000-4000-8000-00000000000${n}","sessionId":"s","timestamp":"2026-05-01T09:00:0${n}.000Z","requestId":"req_${n}","message":{"id":"msg_${n}","role":"assistant","model":"claude-sonnet-4-5","content":[],"usage":${usage}}}`;

test('Claude Code', async () => {
  const home = homeWith('.claude/projects/p/s.jsonl', [
    // Above 200,000 tokens of input: 6 and 22.5 USD a million.
    claudeLine(1, '{"input_tokens":250000,"output_tokens":45000000}'),
    claudeLine(2, '{"input_tokens":9223372036854775807,"output_tokens":9223372036854775807}'),
    claudeLine(3, '{"input_tokens":4611686018427387904,"output_tokens":5}'),
    claudeLine(4, '{"input_tokens":4611686018427387904,"output_tokens":5}'),
    // 0.3 USD a million read, doubled above 200,000.
    claudeLine(5, '{"input_tokens":10,"output_tokens":20,"cache_read_input_tokens":2000000000}'),
    claudeLine(6, '{"input_tokens":3,"output_tokens":4,"cache_creation_input_tokens":9223372036854775807}'),
    // 3 and 15 USD a million: one token more than what has room in a small decimal is exact as well.
    claudeLine(7, '{"input_tokens":100000,"output_tokens":1000001}'),
  ]);
  await withHome(home, async (connection) => {
    const calls = await rowsOf(
      connection,
      `select source_line, uncached_input_tokens, output_tokens, cost_usd::varchar as cost_usd
      from v1.llm_calls
      order by 1`,
    );
    expect(calls).toEqual([
      {
        source_line: 1,
        uncached_input_tokens: 250_000,
        output_tokens: 45_000_000,
        cost_usd: '1014.000000000',
      },
      { source_line: 3, uncached_input_tokens: null, output_tokens: 5, cost_usd: null },
      { source_line: 4, uncached_input_tokens: null, output_tokens: 5, cost_usd: null },
      { source_line: 5, uncached_input_tokens: 10, output_tokens: 20, cost_usd: '1200.000510000' },
      { source_line: 6, uncached_input_tokens: 3, output_tokens: 4, cost_usd: '0.000069000' },
      { source_line: 7, uncached_input_tokens: 100_000, output_tokens: 1_000_001, cost_usd: '15.300015000' },
    ]);
    const unequal = await rowsOf(
      connection,
      `select llm_call_id from v1.llm_calls inner join v1.call_cost using (llm_call_id)
      group by all having any_value(llm_calls.cost_usd) <> sum(call_cost.cost_usd)`,
    );
    expect(unequal).toEqual([]);
  });
});

test('Codex', async () => {
  const counts = (tokens: string): string =>
    `{"input_tokens":${tokens},"cached_input_tokens":0,"output_tokens":${tokens},"reasoning_output_tokens":0,"total_tokens":${tokens}}`;
  const reading = (second: number, total: string, last: string): string =>
    `{"timestamp":"2026-05-01T09:00:0${second}.000Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":${counts(total)},"last_token_usage":${counts(last)}}}}`;
  const thread = '019e0000-0000-7000-8000-0000000000e1';
  const home = homeWith(`.codex/sessions/2026/05/01/rollout-2026-05-01T09-00-00-${thread}.jsonl`, [
    `{"timestamp":"2026-05-01T09:00:00.000Z","type":"session_meta","payload":{"id":"${thread}","timestamp":"2026-05-01T09:00:00.000Z","cwd":"/home/dev/app","source":"cli"}}`,
    reading(1, '100', '100'),
    reading(2, '9000000000000000000', '9000000000000000000'),
    reading(3, '300', '200'),
  ]);
  await withHome(home, async (connection) => {
    const [sum] = await rowsOf(
      connection,
      'select sum(uncached_input_tokens)::bigint as input, sum(output_tokens)::bigint as output from v1.llm_calls',
    );
    expect(sum).toEqual({ input: 300, output: 300 });
    expect(await rowsOf(connection, 'select 1 from v1.rejects')).toEqual([]);
  });
});

test('durations, waits and web searches', async () => {
  const line = (n: number, rest: string): string =>
    `{"uuid":"00000000-0000-4000-8000-00000000000${n}","sessionId":"s","timestamp":"2026-05-01T09:00:0${n}.000Z",${rest}}`;
  const failure = (n: number, wait: string): string =>
    line(n, `"type":"system","subtype":"api_error","error":{"status":529},"retryInMs":${wait}`);
  const home = homeWith('.claude/projects/p/s.jsonl', [
    line(0, '"type":"user","message":{"role":"user","content":"hi"}'),
    failure(1, '-500.5'),
    failure(2, '1e30'),
    failure(3, '250.4'),
    line(
      4,
      '"type":"assistant","requestId":"req_1","durationMs":9000000000000000000,"message":{"id":"msg_1","role":"assistant","model":"claude-sonnet-4-5","content":[{"type":"tool_use","id":"toolu_1","name":"Bash","input":{"command":"ls"}}],"usage":{"input_tokens":10,"output_tokens":20,"server_tool_use":{"web_search_requests":99999999999}}}',
    ),
    line(
      6,
      '"type":"user","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"x"}]},"toolUseResult":{"durationMs":9000000000000000000}',
    ),
    line(
      7,
      '"type":"assistant","requestId":"req_2","message":{"id":"msg_2","role":"assistant","model":"claude-sonnet-4-5","content":[],"usage":{"input_tokens":10,"output_tokens":20,"server_tool_use":{"web_search_requests":2}}}',
    ),
  ]);
  await withHome(home, async (connection) => {
    expect(
      await rowsOf(
        connection,
        `select sum(cost_usd)::varchar as cost_usd, sum(web_search_count)::bigint as searches, max(duration_ms) as duration_ms
        from v1.llm_calls`,
      ),
    ).toEqual([{ cost_usd: '0.020660000', searches: 2, duration_ms: null }]);
    expect(await rowsOf(connection, 'select duration_ms, duration_source from v1.tool_calls')).toEqual([
      { duration_ms: 2000, duration_source: 'timestamps' },
    ]);
    expect(await rowsOf(connection, 'select retry_wait_ms from v1.api_errors order by source_line')).toEqual([
      { retry_wait_ms: null },
      { retry_wait_ms: null },
      { retry_wait_ms: 250 },
    ]);
    expect(await rowsOf(connection, 'select count(*) as n from v1.call_cost')).toEqual([{ n: 5 }]);
  });
});
