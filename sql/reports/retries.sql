-- Failed tool calls that were made again, by tool and target, the most frequent first.
--
-- Blind: nothing was changed between the failure and the repeat. The cost is that of asking for the repeats.
-- A session counts once, with its subagents; a subagent whose session's log is missing counts as none.
-- @title   Retries
-- @param   since   timestamptz null From this time on.
-- @param   until   timestamptz null Before this time.
-- @param   agent   varchar null Only this agent.
-- @param   model   varchar null Only repeats that this model asked for, as shown or as logged.
-- @param   project varchar null Only this project.
-- @param   session varchar null Only this session and the subagents it started.
-- @param   limit   bigint 30 At most so many rows.
-- @column  agent            Agent
-- @column  tool_name        Tool
-- @column  target           On
-- @column  retry_count      Retries
-- @column  same_count       Same input
-- @column  blind_count      Blind
-- @column  failed_count     Failed again
-- @column  p50_ms           Gap P50
-- @column  cost_usd         Cost
-- @column  session_count    Sessions
-- @empty   No failed call was made again.
-- @example agenttrace retries --since 7d
select
    agent,
    tool_name,
    target,
    count(*) as retry_count,
    count(*) filter (retry_kind = 'same_input') as same_count,
    count(*) filter (edit_count = 0) as blind_count,
    count(*) filter (repeat_status = 'failed') as failed_count,
    quantile_disc(gap_ms, 0.5) as p50_ms,
    cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
    count(distinct root_session_id) filter (
        root_session_id not in (select session_id from v1.sessions where kind = 'subagent')
    ) as session_count,
from v1.retries
where
    ($since is null or repeated_at >= $since)
    and ($until is null or repeated_at < $until)
    and ($agent is null or agent = $agent)
    and (
        $model is null
        or repeat_tool_call_id in (
            select tool_call_id
            from v1.tool_calls
            where
                llm_call_id in (
                    select llm_call_id from v1.llm_calls where $model is not null and $model in (model, model_raw)
                )
        )
    )
    and ($project is null or project = $project)
    and ($session is null or $session in (session_id, root_session_id))
group by agent, tool_name, target
order by retry_count desc, cost_usd desc nulls last, agent, tool_name, target
limit $limit
