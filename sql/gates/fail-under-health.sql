-- Whether sessions are healthy enough on average.
--
-- The average is that of the overview: of scored sessions, a subagent's findings counted in its root. At fault are the sessions
-- below the threshold.
-- @title   Average health
-- @param   since     timestamptz null From this time on.
-- @param   until     timestamptz null Before this time.
-- @param   agent     varchar null Only this agent.
-- @param   model     varchar null Only calls of this model, as shown or as logged.
-- @param   project   varchar null Only this project.
-- @param   session   varchar null Only this session and the subagents it started.
-- @param   threshold double 0 The gate fails below it.
-- @column  verdict       State
-- @column  figure        Average score
-- @column  judged_count  Sessions scored
-- @column  message       Finding
-- @column  note          Left out
-- @column  sessions      At fault
-- @empty   No session was found.
-- @example agenttrace --fail-under-health 80
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
        round(avg(health_score), 4) as figure,
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
        ) filter (health_score < $threshold) as sessions,
    from scope
)

select
    case
        when figure is null then 'unknown'
        when figure < $threshold then 'failed'
        else 'held'
    end as verdict,
    figure,
    judged_count,
    if(
        figure is null,
        if(unscored_count = 0, 'no session was found', 'no session is scored'),
        'average health of ' || if(judged_count = 1, 'one session', format('{:,}', judged_count) || ' sessions') || ' is '
        || format('{:.10g}', if((round(figure, 1) < $threshold) = (figure < $threshold), round(figure, 1), figure))
        || if(figure < $threshold, ', below ', ', not below ') || format('{:.10g}', $threshold)
    ) as message,
    if(
        unscored_count = 0,
        null,
        if(unscored_count = 1, 'one session is', format('{:,}', unscored_count) || ' sessions are') || ' unscored and not judged'
    ) as note,
    coalesce(sessions, []) as sessions,
from totals
