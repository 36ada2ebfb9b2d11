-- API requests that failed or were tried again, by kind, the most frequent first.
--
-- A session counts once, with its subagents; a subagent whose session's log is missing counts as none.
-- @title   API errors
-- @param   since   timestamptz null From this time on.
-- @param   until   timestamptz null Before this time.
-- @param   agent   varchar null Only this agent.
-- @param   model   varchar null Only sessions with a call of this model, as shown or as logged.
-- @param   project varchar null Only this project.
-- @param   session varchar null Only this session and the subagents it started.
-- @param   limit   bigint null At most so many rows.
-- @column  agent           Agent
-- @column  error_kind      Kind
-- @column  http_status     Status
-- @column  error_count     Errors
-- @column  final_count     Given up
-- @column  retry_wait_ms   Waited
-- @column  session_count   Sessions
-- @column  last_at         Last
-- @empty   No API error is in the logs.
-- @example agenttrace errors --since 30d
select
    errors.agent,
    errors.error_kind,
    errors.http_status,
    count(*) as error_count,
    count(*) filter (errors.is_final) as final_count,
    cast(sum(errors.retry_wait_ms) as bigint) as retry_wait_ms,
    count(distinct sessions.root_session_id) filter (
        sessions.root_session_id not in (select session_id from v1.sessions where kind = 'subagent')
    ) as session_count,
    max(errors.occurred_at) as last_at,
from v1.api_errors as errors
inner join v1.sessions as sessions on sessions.session_id = errors.session_id
where
    ($since is null or errors.occurred_at >= $since)
    and ($until is null or errors.occurred_at < $until)
    and ($agent is null or errors.agent = $agent)
    and (
        $model is null
        or errors.session_id in (
            select session_id from v1.llm_calls where $model is not null and $model in (model, model_raw)
        )
    )
    and ($project is null or sessions.project = $project)
    and ($session is null or $session in (sessions.session_id, sessions.root_session_id))
group by errors.agent, errors.error_kind, errors.http_status
order by error_count desc, errors.agent, errors.error_kind, errors.http_status
limit $limit
