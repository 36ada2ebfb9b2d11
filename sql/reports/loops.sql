-- Runs of tool calls that go round in circles, the dearest first.
-- @title   Loops
-- @param   since   timestamptz null From this time on.
-- @param   until   timestamptz null Before this time.
-- @param   agent   varchar null Only this agent.
-- @param   model   varchar null Only sessions with a call of this model, as shown or as logged.
-- @param   project varchar null Only this project.
-- @param   session varchar null Only this session and the subagents it started.
-- @param   limit   bigint 30 At most so many loops.
-- @column  session_id    Session
-- @column  agent         Agent
-- @column  loop_kind     Kind
-- @column  tool_name     Tool
-- @column  target        On
-- @column  period_count  Period
-- @column  round_count   Rounds
-- @column  call_count    Calls
-- @column  started_at    From
-- @column  cost_usd      Cost
-- @empty   No loop was found.
-- @example agenttrace loops --since 30d
select
    session_id,
    agent,
    loop_kind,
    tool_name,
    target,
    period_count,
    round_count,
    call_count,
    started_at,
    cost_usd,
from v1.loops
where
    ($since is null or started_at >= $since)
    and ($until is null or started_at < $until)
    and ($agent is null or agent = $agent)
    and (
        $model is null
        or session_id in (
            select session_id from v1.llm_calls where $model is not null and $model in (model, model_raw)
        )
    )
    and ($project is null or project = $project)
    and ($session is null or $session in (session_id, root_session_id))
order by cost_usd desc nulls last, round_count desc, started_at, first_tool_call_id
limit $limit
