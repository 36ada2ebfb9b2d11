-- How full contexts became, session by session, the fullest first.
--
-- Model, context and window are of the session's fullest call, or of the one with the largest context where no window is known. The
-- window is the model's by the log, else by the price list.
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
-- @column  context_tokens     Fullest context
-- @column  window_tokens      Window
-- @column  window_ratio       Filled
-- @column  growth_tokens      Largest growth
-- @column  biggest_tool_name  By
-- @column  compaction_count   Compactions
-- @empty   No API call matches.
-- @example agenttrace context --since 7d
with contexts as (
    select
        session_id,
        agent,
        count(*) as llm_call_count,
        arg_max(
            {'model': model, 'context_tokens': context_tokens, 'window_tokens': window_tokens, 'window_ratio': window_ratio},
            (coalesce(window_ratio, -1), context_tokens, llm_call_id)
        ) as fullest,
        arg_max(
            {'growth_tokens': growth_tokens, 'tool_name': biggest_tool_name},
            (growth_tokens, llm_call_id)
        ) filter (growth_tokens is not null) as growth,
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
),

compaction_counts as (
    select
        session_id,
        count(*) as compaction_count,
    from v1.compactions
    where
        ($since is null or occurred_at >= $since)
        and ($until is null or occurred_at < $until)
    group by session_id
)

select
    contexts.session_id,
    contexts.agent,
    contexts.fullest.model as model,
    contexts.llm_call_count,
    contexts.fullest.context_tokens as context_tokens,
    contexts.fullest.window_tokens as window_tokens,
    contexts.fullest.window_ratio as window_ratio,
    contexts.growth.growth_tokens as growth_tokens,
    contexts.growth.tool_name as biggest_tool_name,
    coalesce(compaction_counts.compaction_count, 0) as compaction_count,
from contexts
left join compaction_counts on compaction_counts.session_id = contexts.session_id
order by window_ratio desc nulls last, context_tokens desc nulls last, contexts.session_id
limit $limit
