-- How full contexts became, session by session, the fullest first.
--
-- The window is the model's by the log, else by the price list.
-- @title   Contexts
-- @param   since   timestamptz null From this time on.
-- @param   until   timestamptz null Before this time.
-- @param   agent   varchar null Only this agent.
-- @param   model   varchar null Only calls of this model, as shown or as logged.
-- @param   project varchar null Only this project.
-- @param   session varchar null Only this session and the subagents it started.
-- @param   limit   bigint 30 At most so many sessions.
-- @column  session_id         Session
-- @column  agent              Agent
-- @column  model              Model
-- @column  llm_call_count     Calls
-- @column  context_tokens     Largest context
-- @column  window_tokens      Window
-- @column  window_ratio       Filled
-- @column  growth_tokens      Largest growth
-- @column  biggest_tool_name  By
-- @column  compaction_count   Compactions
-- @empty   No API call matches.
-- @example agenttrace context --since 7d
select
    session_id,
    agent,
    arg_max(model, context_tokens) as model,
    count(*) as llm_call_count,
    max(context_tokens) as context_tokens,
    arg_max(window_tokens, context_tokens) as window_tokens,
    max(window_ratio) as window_ratio,
    max(growth_tokens) as growth_tokens,
    arg_max(biggest_tool_name, growth_tokens) as biggest_tool_name,
    count(*) filter (has_compaction) as compaction_count,
from v1.context_growth
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
group by session_id, agent
order by window_ratio desc nulls last, context_tokens desc nulls last, session_id
limit $limit
