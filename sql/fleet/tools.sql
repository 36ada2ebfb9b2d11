-- Tools that fail, those that fail for the most people first.
--
-- A tool that fails for one person may be that person's machine; one that fails for everyone is the team's. It fails for whoever
-- used it five times or more and saw more than a tenth of the calls fail. Calls that were refused or broken off count as neither.
-- @title   Tools that fail for everyone
-- @param   since   timestamptz null From this time on.
-- @param   until   timestamptz null Before this time.
-- @param   agent   varchar null Only this agent.
-- @param   project varchar null Only this project.
-- @param   limit   bigint null At most so many rows.
-- @column  agent                  Agent
-- @column  tool_name              Tool
-- @column  mcp_server             MCP server
-- @column  person_count           Used by
-- @column  failing_person_count   Fails for
-- @column  tool_ended_count       Ended
-- @column  tool_failure_count     Failed
-- @column  tool_failure_ratio     Failure rate
-- @column  least_failure_ratio    Best person
-- @column  most_failure_ratio     Worst person
-- @empty   No tool failed.
-- @example agenttrace team tools --team ./lake --since 30d
with person_tools as (
    select
        tools.agent as agent,
        tools.tool_name as tool_name,
        tools.mcp_server as mcp_server,
        sessions.user_name as user_name,
        count(*) as ended_count,
        count(*) filter (where tools.status = 'failed') as failure_count
    from lake.tool_calls as tools
    inner join lake.sessions as sessions on sessions.session_id = tools.session_id
    where
        tools.status in ('ok', 'failed')
        and ($since is null or tools.called_at >= $since)
        and ($until is null or tools.called_at < $until)
        and ($agent is null or tools.agent = $agent)
        and ($project is null or tools.project = $project)
    group by tools.agent, tools.tool_name, tools.mcp_server, sessions.user_name
),

tool_sums as (
    select
        person_tools.agent as agent,
        person_tools.tool_name as tool_name,
        person_tools.mcp_server as mcp_server,
        count(*) as person_count,
        count(*) filter (
            where person_tools.ended_count >= 5 and person_tools.failure_count * 10 > person_tools.ended_count
        ) as failing_person_count,
        sum(person_tools.ended_count) as ended_count,
        sum(person_tools.failure_count) as failure_count,
        min(person_tools.failure_count * 1e0 / person_tools.ended_count) as least_failure_ratio,
        max(person_tools.failure_count * 1e0 / person_tools.ended_count) as most_failure_ratio
    from person_tools
    group by person_tools.agent, person_tools.tool_name, person_tools.mcp_server
    having sum(person_tools.failure_count) > 0
),

placed as (
    select
        tool_sums.agent as agent,
        tool_sums.tool_name as tool_name,
        tool_sums.mcp_server as mcp_server,
        tool_sums.person_count as person_count,
        tool_sums.failing_person_count as failing_person_count,
        tool_sums.ended_count as ended_count,
        tool_sums.failure_count as failure_count,
        tool_sums.least_failure_ratio as least_failure_ratio,
        tool_sums.most_failure_ratio as most_failure_ratio,
        row_number() over (
            order by
                tool_sums.failing_person_count desc nulls last,
                tool_sums.failure_count desc nulls last,
                tool_sums.agent asc nulls last,
                tool_sums.tool_name asc nulls last,
                tool_sums.mcp_server asc nulls last
        ) as place
    from tool_sums
)

select
    placed.agent as agent,
    placed.tool_name as tool_name,
    placed.mcp_server as mcp_server,
    cast(placed.person_count as bigint) as person_count,
    cast(placed.failing_person_count as bigint) as failing_person_count,
    cast(placed.ended_count as bigint) as tool_ended_count,
    cast(placed.failure_count as bigint) as tool_failure_count,
    placed.failure_count * 1e0 / placed.ended_count as tool_failure_ratio,
    placed.least_failure_ratio as least_failure_ratio,
    placed.most_failure_ratio as most_failure_ratio
from placed
where $limit is null or placed.place <= $limit
order by placed.place asc nulls last
