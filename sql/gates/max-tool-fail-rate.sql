-- Whether too many tool calls fail.
--
-- The rate is that of the overview: failed among those that ended well or failed, in percent. At fault are the sessions above
-- the threshold, subagents counted with the session that started them. Scored sessions without any tool call hold.
-- @title   Tool failure rate
-- @param   since     timestamptz null From this time on.
-- @param   until     timestamptz null Before this time.
-- @param   agent     varchar null Only this agent.
-- @param   model     varchar null Only calls of this model, as shown or as logged.
-- @param   project   varchar null Only this project.
-- @param   session   varchar null Only this session and the subagents it started.
-- @param   threshold double 100 The gate fails above so many percent.
-- @column  verdict       State
-- @column  figure        Failed, in percent
-- @column  judged_count  Tool calls
-- @column  message       Finding
-- @column  note          Left out
-- @column  sessions      At fault
-- @empty   No session was found.
-- @example agenttrace --max-tool-fail-rate 15
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
        count(*) as session_count,
        count(sessions.health_score) as scored_count,
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
),

session_tools as (
    select
        root_session_id,
        count(*) as tool_call_count,
        count(*) filter (status in ('ok', 'failed')) as ended_count,
        count(*) filter (status = 'failed') as failure_count,
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
    group by root_session_id
),

rates as (
    select
        session_tools.root_session_id,
        sessions.agent,
        sessions.project,
        session_tools.tool_call_count,
        session_tools.ended_count,
        session_tools.failure_count,
        round(100 * session_tools.failure_count / nullif(session_tools.ended_count, 0), 4) as percent,
    from session_tools
    left join v1.sessions as sessions on sessions.session_id = session_tools.root_session_id
),

sums as (
    select
        coalesce(sum(tool_call_count), 0) as tool_call_count,
        cast(coalesce(sum(ended_count), 0) as bigint) as ended_count,
        cast(coalesce(sum(failure_count), 0) as bigint) as failure_count,
        list(
            {
                'session_id': root_session_id,
                'agent': agent,
                'project': project,
                'figure': percent,
                'why': format('{:,} of {:,} tool calls failed ({:.1f} %)', failure_count, ended_count, percent),
            }
            order by failure_count desc, percent desc, root_session_id
        ) filter (percent > $threshold) as sessions,
    from rates
),

totals as (
    select
        case
            when sums.ended_count > 0 then round(100 * sums.failure_count / sums.ended_count, 4)
            when sums.tool_call_count = 0 and scope.scored_count > 0 then 0
        end as figure,
        scope.session_count,
        sums.tool_call_count,
        sums.ended_count,
        sums.failure_count,
        sums.sessions,
    from sums
    cross join scope
)

select
    case
        when figure is null then 'unknown'
        when figure > $threshold then 'failed'
        else 'held'
    end as verdict,
    figure,
    ended_count as judged_count,
    case
        when figure is not null then format('{:,} of {:,} tool calls failed: ', failure_count, ended_count)
            || format('{:.10g}', if((round(figure, 1) > $threshold) = (figure > $threshold), round(figure, 1), figure))
            || if(figure > $threshold, ' %, above ', ' %, not above ') || format('{:.10g}', $threshold) || ' %'
        when session_count = 0 then 'no session was found'
        when tool_call_count = 0 then 'no tool call is in the logs, and no session is scored'
        else 'the logs do not say how any tool call ended'
    end as message,
    cast(null as varchar) as note,
    coalesce(sessions, []) as sessions,
from totals
