-- Tools by how often they were called, with failures and durations.
--
-- The failure rate is failed ÷ (ok + failed): refused, broken off and unfinished calls are neither.
-- @title   Tools
-- @param   since   timestamptz null From this time on.
-- @param   until   timestamptz null Before this time.
-- @param   agent   varchar null Only this agent.
-- @param   model   varchar null Only calls of this model, as shown or as logged.
-- @param   project varchar null Only this project.
-- @param   session varchar null Only this session and the subagents it started.
-- @param   limit   bigint null At most so many tools.
-- @column  agent               Agent
-- @column  mcp_server          MCP server
-- @column  tool_name           Tool
-- @column  tool_category       Category
-- @column  tool_call_count     Calls
-- @column  tool_failure_count  Failed
-- @column  tool_failure_ratio  Fail rate
-- @column  rejected_count      Refused
-- @column  interrupted_count   Broken off
-- @column  total_ms            Time
-- @column  p50_ms              P50
-- @column  p95_ms              P95
-- @column  longest_ms          Longest
-- @empty   No tool call matches.
-- @example agenttrace tools --since 7d
with tools as (
    select
        agent,
        mcp_server,
        tool_name,
        min(tool_category) as tool_category,
        count(*) as tool_call_count,
        count(*) filter (status in ('ok', 'failed')) as tool_ended_count,
        count(*) filter (status = 'failed') as tool_failure_count,
        count(*) filter (status = 'rejected') as rejected_count,
        count(*) filter (status = 'interrupted') as interrupted_count,
        cast(sum(duration_ms) as bigint) as total_ms,
        quantile_disc(duration_ms, 0.5) as p50_ms,
        quantile_disc(duration_ms, 0.95) as p95_ms,
        max(duration_ms) as longest_ms,
    from v1.tool_calls
    where
        ($since is null or called_at >= $since)
        and ($until is null or called_at < $until)
        and ($agent is null or agent = $agent)
        and (
            $model is null
            or llm_call_id in (
                select llm_call_id from v1.llm_calls where $model is not null and $model in (model, model_raw)
            )
        )
        and ($project is null or project = $project)
        and ($session is null or $session in (session_id, root_session_id))
    group by agent, mcp_server, tool_name
)

select
    agent,
    mcp_server,
    tool_name,
    tool_category,
    tool_call_count,
    tool_failure_count,
    tool_failure_count / nullif(tool_ended_count, 0) as tool_failure_ratio,
    rejected_count,
    interrupted_count,
    total_ms,
    p50_ms,
    p95_ms,
    longest_ms,
from tools
order by tool_call_count desc, agent, tool_name, mcp_server
limit $limit
