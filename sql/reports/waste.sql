-- What was paid for nothing, and what would avoid it, the dearest first.
--
-- Each part of a call's cost is in one kind at most. Calls and cost are those that the filters leave; what was found is told of the
-- whole session. What the log does not state exactly is marked as an estimate.
-- @title   Waste
-- @param   since   timestamptz null From this time on.
-- @param   until   timestamptz null Before this time.
-- @param   agent   varchar null Only this agent.
-- @param   model   varchar null Only calls of this model, as shown or as logged.
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
with call_sums as (
    select
        session_id,
        waste_kind,
        count(*) as llm_call_count,
        cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
    from v1.waste_calls
    where
        ($since is null or started_at >= $since)
        and ($until is null or started_at < $until)
        and ($agent is null or agent = $agent)
        and (
            $model is null
            or llm_call_id in (
                select llm_call_id from v1.llm_calls where $model is not null and $model in (model, model_raw)
            )
        )
        and ($project is null or project = $project)
        and ($session is null or $session in (session_id, root_session_id))
    group by session_id, waste_kind
)

select
    waste.session_id,
    waste.agent,
    waste.project,
    waste.waste_kind,
    call_sums.cost_usd,
    waste.is_estimate,
    call_sums.llm_call_count,
    waste.evidence,
    waste.remedy,
from call_sums
inner join v1.waste as waste
    on waste.session_id = call_sums.session_id
    and waste.waste_kind = call_sums.waste_kind
order by call_sums.cost_usd desc nulls last, waste.session_id, waste.waste_kind
limit $limit
