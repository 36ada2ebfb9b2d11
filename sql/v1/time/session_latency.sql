-- Where the time of every transcript went.
--
-- The five kinds of waiting add up to the wall time. Human time is a person's, no slowness. Percentiles of the model are of
-- the waits for it; those of tools are of the calls with a known duration, each for itself.
-- @version 3
-- @since   0.1.0
-- @grain   session_id
-- @column  session_id         The transcript.
-- @column  wall_ms            From its first event to its last; NULL: the log tells no times.
-- @column  active_ms          Time with something going on.
-- @column  model_ms           Waiting for the model.
-- @column  retry_ms           Part of it in which the agent waited before it asked an API again.
-- @column  tool_ms            Waiting for tools; those that ran at once count once.
-- @column  permission_ms      Waiting for a tool to be allowed, where the log tells that from its running.
-- @column  human_ms           From the model's last word to the next prompt, and from a tool's question to the answer.
-- @column  unknown_ms         Time that the log does not explain.
-- @column  model_wait_count   Waits for the model.
-- @column  model_p50_ms       Half of them took at most this.
-- @column  model_p95_ms       Of twenty, nineteen took at most this.
-- @column  model_p99_ms       Of a hundred, ninety-nine took at most this.
-- @column  model_longest_ms   The longest.
-- @column  timed_tool_count   Tool calls with a known duration.
-- @column  tool_p50_ms        Half of them took at most this.
-- @column  tool_p95_ms        Of twenty, nineteen took at most this.
-- @column  tool_p99_ms        Of a hundred, ninety-nine took at most this.
-- @column  tool_longest_ms    The longest.
-- @column  output_per_second  Output tokens for each second of waiting for the model; NULL: one of them is not known.
-- @example select session_id, model_ms, tool_ms, human_ms from session_latency order by model_ms desc nulls last limit 10
with waits as (
    select
        keys.session_id,
        cast(sum(gap_ms) filter (gap_kind = 'model') as bigint) as model_ms,
        cast(sum(retry_ms) as bigint) as retry_ms,
        cast(sum(gap_ms) filter (gap_kind = 'tool') as bigint) as tool_ms,
        cast(sum(gap_ms) filter (gap_kind = 'permission') as bigint) as permission_ms,
        cast(sum(gap_ms) filter (gap_kind = 'human') as bigint) as human_ms,
        cast(sum(gap_ms) filter (gap_kind = 'unknown') as bigint) as unknown_ms,
        count(*) filter (gap_kind = 'model') as model_wait_count,
        quantile_disc(gap_ms, [0.5, 0.95, 0.99]) filter (gap_kind = 'model') as quantiles,
        max(gap_ms) filter (gap_kind = 'model') as model_longest_ms,
    from mart.gaps
    inner join internal.session_keys as keys using (session_no)
    group by keys.session_id
),

tool_times as (
    select
        keys.session_id,
        count(*) as timed_tool_count,
        quantile_disc(duration_ms, [0.5, 0.95, 0.99]) as quantiles,
        max(duration_ms) as tool_longest_ms,
    from mart.tool_calls
    inner join internal.session_keys as keys using (session_no)
    where duration_ms >= 0
    group by keys.session_id
)

select
    keys.session_id,
    epoch_ms(sessions.ended_at) - epoch_ms(sessions.started_at) as wall_ms,
    sessions.active_ms,
    if(sessions.started_at is null, null, coalesce(waits.model_ms, 0)) as model_ms,
    if(sessions.started_at is null, null, coalesce(waits.retry_ms, 0)) as retry_ms,
    if(sessions.started_at is null, null, coalesce(waits.tool_ms, 0)) as tool_ms,
    if(sessions.started_at is null, null, coalesce(waits.permission_ms, 0)) as permission_ms,
    if(sessions.started_at is null, null, coalesce(waits.human_ms, 0)) as human_ms,
    if(sessions.started_at is null, null, coalesce(waits.unknown_ms, 0)) as unknown_ms,
    coalesce(waits.model_wait_count, 0) as model_wait_count,
    waits.quantiles[1] as model_p50_ms,
    waits.quantiles[2] as model_p95_ms,
    waits.quantiles[3] as model_p99_ms,
    waits.model_longest_ms,
    coalesce(tool_times.timed_tool_count, 0) as timed_tool_count,
    tool_times.quantiles[1] as tool_p50_ms,
    tool_times.quantiles[2] as tool_p95_ms,
    tool_times.quantiles[3] as tool_p99_ms,
    tool_times.tool_longest_ms,
    sessions.output_tokens * 1000 / nullif(waits.model_ms, 0) as output_per_second,
from mart.sessions as sessions
inner join internal.session_keys as keys using (session_no)
left join waits on waits.session_id = keys.session_id
left join tool_times on tool_times.session_id = keys.session_id
