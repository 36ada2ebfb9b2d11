-- How long every tool takes and how often it fails.
--
-- Percentiles are of the calls with a known duration, in whole milliseconds: not those that were refused or asked a person.
-- @version 2
-- @since   0.1.0
-- @grain   agent, mcp_server, tool_name
-- @column  agent               Agent that offers the tool.
-- @column  mcp_server          MCP server that offers it; NULL: the agent itself.
-- @column  tool_name           The tool.
-- @column  tool_category       What it does.
-- @column  tool_call_count     Calls.
-- @column  tool_ended_count    Calls that ended well or failed.
-- @column  tool_failure_count  Calls that failed.
-- @column  tool_failure_ratio  Failed calls among those that ended; NULL: none ended.
-- @column  timed_count         Calls with a known duration.
-- @column  total_ms            Their durations, added up.
-- @column  p50_ms              Half of them took at most this.
-- @column  p95_ms              Of twenty, nineteen took at most this.
-- @column  p99_ms              Of a hundred, ninety-nine took at most this.
-- @column  longest_ms          The longest.
-- @example select tool_name, p50_ms, p95_ms from tool_latency order by total_ms desc nulls last limit 10
with call_sums as (
    select
        sessions.agent,
        calls.mcp_server,
        calls.tool_name,
        min(calls.tool_category) as tool_category,
        count(*) as tool_call_count,
        count(*) filter (calls.status in ('ok', 'failed')) as tool_ended_count,
        count(*) filter (calls.status = 'failed') as tool_failure_count,
        count(calls.duration_ms) as timed_count,
        cast(sum(calls.duration_ms) as bigint) as total_ms,
        quantile_disc(calls.duration_ms, [0.5, 0.95, 0.99]) as quantiles,
        max(calls.duration_ms) as longest_ms,
    from mart.tool_calls as calls
    inner join internal.session_keys as sessions using (session_no)
    group by all
)

select
    agent,
    mcp_server,
    tool_name,
    tool_category,
    tool_call_count,
    tool_ended_count,
    tool_failure_count,
    tool_failure_count / nullif(tool_ended_count, 0) as tool_failure_ratio,
    timed_count,
    total_ms,
    quantiles[1] as p50_ms,
    quantiles[2] as p95_ms,
    quantiles[3] as p99_ms,
    longest_ms,
from call_sums
