/** Generated homes: the generator knows what it wrote. */
import { describe, expect, test } from 'vitest';
import { rowsOf, withHome } from '../adapters/load.ts';
import { generatedHome, hasGenerator } from './generated-home.ts';

describe.skipIf(!hasGenerator)('generated homes', () => {
  for (const seed of [1, 20, 300]) {
    test(`seed ${seed}`, async () => {
      const { home, truth } = generatedHome({ seed, mb: 6 });
      const actual = await withHome(home, async (connection) => ({
        models: await rowsOf(
          connection,
          `select model_raw as model, sum(uncached_input_tokens) as input, sum(output_tokens) as output,
              sum(cache_write_5m_tokens + cache_write_1h_tokens) as cache_write, sum(cache_read_tokens) as cache_read
          from v1.llm_calls where agent = 'claude-code' group by all order by all`,
        ),
        calls: await rowsOf(
          connection,
          `select agent, count(*) as calls, sum(uncached_input_tokens + cache_read_tokens) as input,
              sum(cache_read_tokens) as cached_input, sum(output_tokens) as output, sum(reasoning_tokens) as reasoning
          from v1.llm_calls group by all order by all`,
        ),
        tools: await rowsOf(
          connection,
          `select agent, count(*) as tool_calls, count(*) filter (where status = 'failed') as tool_errors
          from v1.tool_calls group by all order by all`,
        ),
        turns: await rowsOf(
          connection,
          `select agent, count(*) as turns, count(distinct t.session_id) as sessions
          from v1.turns as t inner join v1.sessions as s using (session_id) group by all order by all`,
        ),
        sessions: await rowsOf(
          connection,
          `select agent, kind, count(*) as sessions from v1.sessions group by all order by all`,
        ),
        rejects: await rowsOf(connection, `select * from v1.rejects`),
      }));
      const { claude, codex } = truth;
      expect(actual.models).toEqual(
        Object.entries(claude.by_model)
          .map(([model, usage]) => ({ model, ...usage }))
          .sort((left, right) => (left.model < right.model ? -1 : 1)),
      );
      expect(actual.calls).toMatchObject([
        { agent: 'claude-code', calls: claude.api_calls },
        {
          agent: 'codex',
          input: codex.input,
          cached_input: codex.cached_input,
          output: codex.output,
          reasoning: codex.reasoning,
        },
      ]);
      expect(actual.tools).toEqual([
        { agent: 'claude-code', tool_calls: claude.tool_calls, tool_errors: claude.tool_errors },
        { agent: 'codex', tool_calls: codex.tool_calls, tool_errors: codex.tool_errors },
      ]);
      expect(actual.turns).toEqual([
        { agent: 'claude-code', turns: claude.user_prompts, sessions: claude.sessions },
        { agent: 'codex', turns: codex.turns, sessions: codex.sessions },
      ]);
      expect(actual.sessions).toEqual([
        { agent: 'claude-code', kind: 'main', sessions: claude.sessions },
        { agent: 'codex', kind: 'main', sessions: codex.sessions },
      ]);
      expect(actual.rejects).toEqual([]);
    });
  }
});
