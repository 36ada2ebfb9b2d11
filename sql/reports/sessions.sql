-- Sessions and subagents, the newest first, with what they used within the period.
--
-- Counts, tokens and cost are those of the calls and tool calls that match; a session without any shows when it overlaps
-- the period.
-- @title   Sessions
-- @param   since   timestamptz null From this time on.
-- @param   until   timestamptz null Before this time.
-- @param   agent   varchar null Only this agent.
-- @param   model   varchar null Only calls of this model, as shown or as logged.
-- @param   project varchar null Only this project.
-- @param   session varchar null Only this session and the subagents it started.
-- @param   limit   bigint null At most so many sessions.
-- @column  session_id           Session
-- @column  agent                Agent
-- @column  project              Project
-- @column  kind                 Kind
-- @column  started_at           Started
-- @column  active_ms            Active
-- @column  model                Model
-- @column  turn_count           Turns
-- @column  llm_call_count       Calls
-- @column  tool_call_count      Tools
-- @column  tool_failure_count   Failed
-- @column  total_tokens         Tokens
-- @column  cost_usd             Cost
-- @column  unpriced_call_count  Unpriced
-- @column  health_score         Health
-- @column  root_session_id      Root session
-- @empty   No session matches.
-- @example agenttrace sessions --since 7d --limit 20
with call_sums as (
    select
        session_id,
        count(*) as llm_call_count,
        count(*) - count(cost_usd) as unpriced_call_count,
        cast(sum(uncached_input_tokens) as bigint) as uncached_input_tokens,
        cast(sum(cache_read_tokens) as bigint) as cache_read_tokens,
        cast(sum(cache_write_5m_tokens) as bigint) as cache_write_5m_tokens,
        cast(sum(cache_write_1h_tokens) as bigint) as cache_write_1h_tokens,
        cast(sum(output_tokens) as bigint) as output_tokens,
        cast(sum(total_tokens) as bigint) as total_tokens,
        cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
    from v1.llm_calls
    where
        ($since is null or started_at >= $since)
        and ($until is null or started_at < $until)
        and ($agent is null or agent = $agent)
        and ($model is null or $model in (model, model_raw))
        and ($project is null or project = $project)
        and ($session is null or $session in (session_id, root_session_id))
    group by session_id
),

tool_sums as (
    select
        session_id,
        count(*) as tool_call_count,
        count(*) filter (status = 'failed') as tool_failure_count,
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
    group by session_id
),

turn_sums as (
    select
        session_id,
        count(*) as turn_count,
    from v1.turns
    where
        ($since is null or started_at >= $since)
        and ($until is null or started_at < $until)
    group by session_id
)

select
    sessions.session_id,
    sessions.agent,
    sessions.project,
    sessions.kind,
    sessions.started_at,
    sessions.active_ms,
    sessions.model,
    coalesce(turn_sums.turn_count, 0) as turn_count,
    coalesce(call_sums.llm_call_count, 0) as llm_call_count,
    coalesce(tool_sums.tool_call_count, 0) as tool_call_count,
    coalesce(tool_sums.tool_failure_count, 0) as tool_failure_count,
    call_sums.total_tokens,
    call_sums.cost_usd,
    coalesce(call_sums.unpriced_call_count, 0) as unpriced_call_count,
    sessions.health_score,
    sessions.root_session_id,
from v1.sessions as sessions
left join call_sums on call_sums.session_id = sessions.session_id
left join tool_sums on tool_sums.session_id = sessions.session_id
left join turn_sums on turn_sums.session_id = sessions.session_id
where
    ($agent is null or sessions.agent = $agent)
    and ($project is null or sessions.project = $project)
    and ($session is null or $session in (sessions.session_id, sessions.root_session_id))
    and (
        call_sums.llm_call_count > 0
        or (
            $model is null
            and ($since is null or sessions.ended_at >= $since)
            and ($until is null or sessions.started_at < $until)
        )
    )
order by sessions.started_at desc nulls last, sessions.session_id
limit $limit
