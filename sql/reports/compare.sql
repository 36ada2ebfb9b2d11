-- The newest sessions side by side.
--
-- The success rate is of the tool calls that ended well or failed.
-- @title   Sessions compared
-- @param   since   timestamptz null From this time on.
-- @param   until   timestamptz null Before this time.
-- @param   agent   varchar null Only this agent.
-- @param   model   varchar null Only sessions with a call of this model, as shown or as logged.
-- @param   project varchar null Only this project.
-- @param   session varchar null Only this session and the subagents it started.
-- @param   limit   bigint 15 At most so many sessions.
-- @column  session_id          Session
-- @column  agent               Agent
-- @column  project             Project
-- @column  model               Model
-- @column  started_at          From
-- @column  active_ms           Active
-- @column  turn_count          Turns
-- @column  tool_call_count     Tools
-- @column  tool_failure_count  Failed
-- @column  tool_success_ratio  Success
-- @column  total_tokens        Tokens
-- @column  cost_usd            Cost
-- @column  health_score        Health
-- @empty   No session was found.
-- @example agenttrace compare --limit 5
select
    session_id,
    agent,
    project,
    model,
    started_at,
    active_ms,
    turn_count,
    tool_call_count,
    tool_failure_count,
    1 - tool_failure_count / nullif(tool_ended_count, 0) as tool_success_ratio,
    total_tokens,
    cost_usd,
    health_score,
from v1.sessions
where
    kind <> 'subagent'
    and ($since is null or ended_at >= $since)
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
order by ended_at desc nulls last, session_id
limit $limit
