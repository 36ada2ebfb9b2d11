-- What every transcript waited for, and how long its tools took.
-- @version 1
-- @since   0.1.0
-- @grain   session_no
with waits as (
    select
        session_no,
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
    group by session_no
),

tool_times as (
    select
        session_no,
        count(*) as timed_tool_count,
        quantile_disc(duration_ms, [0.5, 0.95, 0.99]) as quantiles,
        max(duration_ms) as tool_longest_ms,
    from mart.tool_calls
    where duration_ms >= 0
    group by session_no
)

select
    sessions.session_no,
    coalesce(waits.model_ms, 0) as model_ms,
    coalesce(waits.retry_ms, 0) as retry_ms,
    coalesce(waits.tool_ms, 0) as tool_ms,
    coalesce(waits.permission_ms, 0) as permission_ms,
    coalesce(waits.human_ms, 0) as human_ms,
    coalesce(waits.unknown_ms, 0) as unknown_ms,
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
from mart.sessions as sessions
left join waits on waits.session_no = sessions.session_no
left join tool_times on tool_times.session_no = sessions.session_no
