-- Whether any session is critical.
--
-- Subagents are left out: their findings count in their root. At fault are the critical sessions.
-- @title   Critical sessions
-- @param   since     timestamptz null From this time on.
-- @param   until     timestamptz null Before this time.
-- @param   agent     varchar null Only this agent.
-- @param   model     varchar null Only calls of this model, as shown or as logged.
-- @param   project   varchar null Only this project.
-- @param   session   varchar null Only this session and the subagents it started.
-- @column  verdict       State
-- @column  figure        Critical sessions
-- @column  judged_count  Sessions scored
-- @column  message       Finding
-- @column  note          Left out
-- @column  sessions      At fault
-- @empty   No session was found.
-- @example agenttrace --fail-on-critical
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
        sessions.agent,
        sessions.project,
        sessions.health_score,
        sessions.health_status,
        list_transform(health.deductions, lambda deduction: deduction.type) as findings,
    from v1.sessions as sessions
    left join v1.session_health as health on health.session_id = sessions.session_id
    left join calling_sessions on calling_sessions.session_id = sessions.session_id
    where
        sessions.kind <> 'subagent'
        and ($agent is null or sessions.agent = $agent)
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
),

totals as (
    select
        count(*) filter (health_status = 'critical') as figure,
        count(health_score) as judged_count,
        count(*) - count(health_score) as unscored_count,
        list(
            {
                'session_id': session_id,
                'agent': agent,
                'project': project,
                'figure': cast(health_score as double),
                'why': 'health ' || health_score
                || if(len(findings) > 0, ': ' || array_to_string(findings, ', '), ''),
            }
            order by health_score, session_id
        ) filter (health_status = 'critical') as sessions,
    from scope
)

select
    case
        when judged_count = 0 then 'unknown'
        when figure > 0 then 'failed'
        else 'held'
    end as verdict,
    if(judged_count = 0, null, figure) as figure,
    judged_count,
    if(
        judged_count = 0,
        if(unscored_count = 0, 'no session was found', 'no session is scored'),
        case figure when 0 then 'none' else format('{:,}', figure) end || ' of '
        || if(judged_count = 1, 'one session', format('{:,}', judged_count) || ' sessions')
        || if(figure > 1, ' are critical', ' is critical')
    ) as message,
    if(
        unscored_count = 0,
        null,
        if(unscored_count = 1, 'one session is', format('{:,}', unscored_count) || ' sessions are') || ' unscored and not judged'
    ) as note,
    coalesce(sessions, []) as sessions,
from totals
