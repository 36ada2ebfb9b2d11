-- Sessions that the filters leave, for the SQL of a gate to join as `judged_sessions`.
--
-- Subagents are in it, with the session that started them.
-- @title   Judged sessions
-- @param   since     timestamptz null From this time on.
-- @param   until     timestamptz null Before this time.
-- @param   agent     varchar null Only this agent.
-- @param   model     varchar null Only calls of this model, as shown or as logged.
-- @param   project   varchar null Only this project.
-- @param   session   varchar null Only this session and the subagents it started.
-- @column  session_id       Session
-- @column  root_session_id  Root session
-- @empty   No session was found.
-- @example agenttrace latest --fail-on-sql "select * from api_errors semi join judged_sessions using (session_id) where is_final"
with calling_sessions as (
    select session_id
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

scope as (
    select
        sessions.session_id,
        sessions.root_session_id,
    from v1.sessions as sessions
    left join calling_sessions on calling_sessions.session_id = sessions.session_id
    where
        ($agent is null or sessions.agent = $agent)
        and ($project is null or sessions.project = $project)
        and ($session is null or $session in (sessions.session_id, sessions.root_session_id))
        and (
            calling_sessions.session_id is not null
            or (
                $model is null
                and ($since is null or sessions.ended_at >= $since)
                and ($until is null or sessions.started_at < $until)
            )
        )
)

select
    session_id,
    root_session_id,
from scope
