-- What was paid for nothing, and what would avoid it, the dearest first.
--
-- Each call's cost is in one kind at most. What the log does not state exactly is marked as an estimate.
-- @title   Waste
-- @param   since   timestamptz null From this time on.
-- @param   until   timestamptz null Before this time.
-- @param   agent   varchar null Only this agent.
-- @param   model   varchar null Only sessions with a call of this model, as shown or as logged.
-- @param   project varchar null Only this project.
-- @param   session varchar null Only this session and the subagents it started.
-- @param   limit   bigint 30 At most so many rows.
-- @column  session_id      Session
-- @column  agent           Agent
-- @column  project         Project
-- @column  waste_kind      Kind
-- @column  cost_usd        Cost
-- @column  is_estimate     Estimate
-- @column  llm_call_count  Calls
-- @column  evidence        Found
-- @column  remedy          What would avoid it
-- @empty   Nothing was found that was paid for nothing.
-- @example agenttrace waste --since 7d
select
    session_id,
    agent,
    project,
    waste_kind,
    cost_usd,
    is_estimate,
    llm_call_count,
    evidence,
    remedy,
from v1.waste
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
order by cost_usd desc nulls last, session_id, waste_kind
limit $limit
