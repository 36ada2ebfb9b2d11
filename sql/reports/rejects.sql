-- Parts of logs that could not be read: where and why.
--
-- What could not be read has no time of its own, so that of its log counts.
-- @title   Rejected
-- @param   since   timestamptz null Logs last written to from this time on.
-- @param   until   timestamptz null Logs last written to before this time.
-- @param   agent   varchar null Only this agent.
-- @param   model   varchar null Only logs with a call of this model, as shown or as logged.
-- @param   project varchar null Only logs of this project's sessions.
-- @param   session varchar null Only logs of this session and the subagents it started.
-- @param   limit   bigint null At most so many parts.
-- @column  agent         Agent
-- @column  path          Log
-- @column  line_number   Line
-- @column  offset_bytes  Offset
-- @column  size_bytes    Size
-- @column  reason        Reason
-- @empty   Every line was read.
-- @example agenttrace report rejects
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
    sources.path,
    rejects.line_number,
    rejects.offset_bytes,
    rejects.size_bytes,
    rejects.reason,
from v1.rejects as rejects
inner join v1.sources as sources on sources.source_id = rejects.source_id
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
order by sources.path, rejects.offset_bytes
limit $limit
