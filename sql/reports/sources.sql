-- Logs read, by agent: how many, how large, how well understood.
-- @title   Sources
-- @param   since   timestamptz null Logs last written to from this time on.
-- @param   until   timestamptz null Logs last written to before this time.
-- @param   agent   varchar null Only this agent.
-- @param   model   varchar null Only logs with a call of this model, as shown or as logged.
-- @param   project varchar null Only logs of this project's sessions.
-- @param   session varchar null Only logs of this session and the subagents it started.
-- @param   limit   bigint null At most so many agents.
-- @column  agent               Agent
-- @column  display_name        Product
-- @column  source_count        Logs
-- @column  vanished_count      Vanished
-- @column  failed_count        Unreadable
-- @column  size_bytes          Size
-- @column  line_count          Lines
-- @column  reject_count        Rejected
-- @column  oldest_modified_at  Oldest
-- @column  newest_modified_at  Newest
-- @column  last_loaded_at      Last loaded
-- @empty   No log was read.
-- @example agenttrace doctor
with chosen_sources as (
    select source_id
    from v1.sessions
    where
        $model is null
        and ($project is null or project = $project)
        and ($session is null or $session in (session_id, root_session_id))
    union
    select source_id
    from v1.llm_calls
    where
        ($model is null or $model in (model, model_raw))
        and ($project is null or project = $project)
        and ($session is null or $session in (session_id, root_session_id))
)

select
    sources.agent,
    min(agents.display_name) as display_name,
    count(*) as source_count,
    count(*) filter (sources.is_vanished) as vanished_count,
    count(sources.last_error) as failed_count,
    cast(sum(sources.size_bytes) as bigint) as size_bytes,
    cast(sum(sources.line_count) as bigint) as line_count,
    cast(sum(sources.reject_count) as bigint) as reject_count,
    min(sources.modified_at) as oldest_modified_at,
    max(sources.modified_at) as newest_modified_at,
    max(sources.last_loaded_at) as last_loaded_at,
from v1.sources as sources
left join v1.agents as agents on agents.agent = sources.agent
where
    ($since is null or sources.modified_at >= $since)
    and ($until is null or sources.modified_at < $until)
    and ($agent is null or sources.agent = $agent)
    and (
        coalesce($model, $project, $session) is null
        or sources.source_id in (
            select source_id from chosen_sources where coalesce($model, $project, $session) is not null
        )
    )
group by sources.agent
order by source_count desc, sources.agent
limit $limit
