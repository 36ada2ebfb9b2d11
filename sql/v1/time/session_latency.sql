-- Where the time of every transcript went.
--
-- Tools that ran at once count once. How the rest parts into the model's time and the person's is not analysed yet.
-- @version 1
-- @since   0.1.0
-- @grain   session_id
-- @column  session_id        The transcript.
-- @column  wall_ms           From its first record to its last.
-- @column  active_ms         Time with something going on.
-- @column  model_ms          Waiting for the model; NULL: not analysed yet.
-- @column  tool_ms           Waiting for tools; NULL: no tool call has a known time.
-- @column  human_ms          Waiting for the person; NULL: not analysed yet.
-- @column  timed_tool_count  Tool calls with a known duration.
-- @column  tool_p50_ms       Half of them took at most this.
-- @column  tool_p95_ms       Of twenty, nineteen took at most this.
-- @column  tool_p99_ms       Of a hundred, ninety-nine took at most this.
-- @column  tool_longest_ms   The longest.
-- @example select session_id, tool_ms, tool_longest_ms from session_latency order by tool_ms desc nulls last limit 10
with tool_spans as (
    select
        sessions.session_id,
        calls.duration_ms,
        epoch_ms(calls.called_at) as from_ms,
        epoch_ms(calls.called_at) + calls.duration_ms as to_ms,
    from mart.tool_calls as calls
    inner join internal.session_keys as sessions using (session_no)
    where calls.called_at is not null and calls.duration_ms >= 0
),

reached_spans as (
    select
        session_id,
        duration_ms,
        from_ms,
        to_ms,
        max(to_ms) over (
            partition by session_id order by from_ms, to_ms rows between unbounded preceding and 1 preceding
        ) as reached_ms,
    from tool_spans
),

tool_times as (
    select
        session_id,
        cast(sum(greatest(to_ms - greatest(from_ms, coalesce(reached_ms, from_ms)), 0)) as bigint) as tool_ms,
        count(*) as timed_tool_count,
        quantile_disc(duration_ms, [0.5, 0.95, 0.99]) as quantiles,
        max(duration_ms) as tool_longest_ms,
    from reached_spans
    group by session_id
)

select
    keys.session_id,
    epoch_ms(sessions.ended_at) - epoch_ms(sessions.started_at) as wall_ms,
    sessions.active_ms,
    cast(null as bigint) as model_ms,
    tool_times.tool_ms,
    cast(null as bigint) as human_ms,
    coalesce(tool_times.timed_tool_count, 0) as timed_tool_count,
    tool_times.quantiles[1] as tool_p50_ms,
    tool_times.quantiles[2] as tool_p95_ms,
    tool_times.quantiles[3] as tool_p99_ms,
    tool_times.tool_longest_ms,
from mart.sessions as sessions
inner join internal.session_keys as keys using (session_no)
left join tool_times on tool_times.session_id = keys.session_id
