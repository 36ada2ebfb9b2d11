-- How long every model takes to answer, by agent.
--
-- A call took what the log states, else the time spent waiting for it: from the prompt or the last result to the end of its
-- answer, waits before a retry left out. A wait that ended without an answer is no call's. Where answers stream, tools that already
-- run count as theirs. Rows that stand for several calls are left out.
-- @version 2
-- @since   0.1.0
-- @grain   agent, model
-- @column  agent              Agent that made the calls.
-- @column  model              Model as shown; NULL: the log names none.
-- @column  llm_call_count     Billed API calls.
-- @column  timed_count        Calls of which the time is known.
-- @column  stated_count       Of these, calls of which the log states it.
-- @column  total_ms           Their times, added up.
-- @column  p50_ms             Half of them took at most this.
-- @column  p95_ms             Of twenty, nineteen took at most this.
-- @column  p99_ms             Of a hundred, ninety-nine took at most this.
-- @column  longest_ms         The longest.
-- @column  first_token_count  Calls of which the log states when the answer began.
-- @column  first_token_ms     Half of these began within this.
-- @column  output_per_second  Output tokens for each second, over the calls of which both are known.
-- @example select model, p50_ms, p95_ms, output_per_second from model_latency order by timed_count desc
with calls as (
    select
        calls.session_no,
        coalesce(names.model, calls.model_raw) as model,
        calls.output_tokens,
        calls.first_token_ms,
        calls.duration_ms is not null as is_stated,
        coalesce(calls.duration_ms, contexts.wait_ms) as call_ms,
    from mart.llm_calls as calls
    left join mart.contexts as contexts on contexts.llm_call_id = calls.llm_call_id
    left join raw.model_names as names
        on names.provider is not distinct from calls.provider
        and names.model_raw = calls.model_raw
    where calls.granularity = 'call'
)

select
    sessions.agent,
    calls.model,
    count(*) as llm_call_count,
    count(calls.call_ms) as timed_count,
    count(*) filter (calls.is_stated) as stated_count,
    cast(sum(calls.call_ms) as bigint) as total_ms,
    quantile_disc(calls.call_ms, 0.5) as p50_ms,
    quantile_disc(calls.call_ms, 0.95) as p95_ms,
    quantile_disc(calls.call_ms, 0.99) as p99_ms,
    max(calls.call_ms) as longest_ms,
    count(calls.first_token_ms) as first_token_count,
    quantile_disc(calls.first_token_ms, 0.5) as first_token_ms,
    sum(calls.output_tokens) filter (calls.call_ms > 0) * 1000
    / nullif(sum(calls.call_ms) filter (calls.output_tokens is not null), 0) as output_per_second,
from calls
inner join internal.session_keys as sessions using (session_no)
group by all
