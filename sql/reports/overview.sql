-- What ran and what it cost: the first screen.
--
-- Sessions are counted without their subagents, which are counted apart; cost, tokens and tool calls are those of both. Of a model
-- or a kind of waste the sessions are counted whose subagents alone have it, too.
-- `summary`, `by_agent`, `by_model`, `recent_sessions` and `anomalies` have the keys that scripts of an older tool know;
-- a figure that is not known is NULL.
-- @title   Overview
-- @param   since   timestamptz null From this time on.
-- @param   until   timestamptz null Before this time.
-- @param   agent   varchar null Only this agent.
-- @param   model   varchar null Only calls of this model, as shown or as logged.
-- @param   project varchar null Only this project.
-- @param   session varchar null Only this session and the subagents it started.
-- @param   now     timestamptz null The time of the report; NULL: now.
-- @param   limit   bigint null At most so many rows in a list; NULL: 4 sessions at risk, 10 elsewhere.
-- @section risks           Sessions at risk, and why
-- @section totals          Cost and work
-- @section time            Where the time went
-- @section coverage        How much of it is known
-- @section next            What to do next
-- @detail  waste           Paid for nothing
-- @detail  top_sessions    Dearest sessions
-- @detail  models          Models
-- @detail  failing_tools   Tools that fail most
-- @detail  agents          Agents
-- @detail  days            The last fourteen active days
-- @field   schema_version  Version of this document's keys.
-- @field   generated_at    When the figures were taken.
-- @field   timezone        Time zone that days are cut in.
-- @field   period          What was asked for, and the first and last call in it.
-- @field   summary         Totals under the older keys.
-- @field   by_agent        Agents under the older keys.
-- @field   by_model        Models under the older keys.
-- @field   recent_sessions The newest sessions under the older keys.
-- @field   anomalies       Findings under the older keys.
-- @field   sources         Logs read, by agent.
-- @empty   No session was found.
-- @example agenttrace overview --since 7d
with call_quarters as materialized (
    select
        session_id,
        root_session_id,
        model,
        epoch_us(started_at) // 900000000 as quarter,
        count(*) as llm_call_count,
        count(cost_usd) as priced_call_count,
        count(*) filter (granularity = 'estimate') as estimated_call_count,
        cast(sum(total_tokens) as bigint) as total_tokens,
        cast(sum(total_tokens) filter (cost_usd is null) as bigint) as unpriced_tokens,
        cast(sum(context_tokens) as bigint) as context_tokens,
        cast(sum(cache_read_tokens) as bigint) as cache_read_tokens,
        cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
        min(started_at) as first_at,
        max(started_at) as last_at,
    from v1.llm_calls
    where
        ($since is null or started_at >= $since)
        and ($until is null or started_at < $until)
        and ($agent is null or agent = $agent)
        and ($model is null or $model in (model, model_raw))
        and ($project is null or project = $project)
        and ($session is null or $session in (session_id, root_session_id))
    group by session_id, root_session_id, model, quarter
),

model_sums as materialized (
    select
        session_id,
        root_session_id,
        model,
        sum(llm_call_count) as llm_call_count,
        sum(priced_call_count) as priced_call_count,
        sum(estimated_call_count) as estimated_call_count,
        sum(total_tokens) as total_tokens,
        sum(unpriced_tokens) as unpriced_tokens,
        sum(context_tokens) as context_tokens,
        sum(cache_read_tokens) as cache_read_tokens,
        sum(cost_usd) as cost_usd,
        min(first_at) as first_at,
        max(last_at) as last_at,
    from call_quarters
    group by session_id, root_session_id, model
),

call_sums as (
    select
        session_id,
        sum(llm_call_count) as llm_call_count,
        sum(total_tokens) as total_tokens,
        sum(cost_usd) as cost_usd,
    from model_sums
    group by session_id
),

tool_sums as materialized (
    select
        session_id,
        agent,
        tool_name,
        count(*) as tool_call_count,
        count(*) filter (status in ('ok', 'failed')) as tool_ended_count,
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
    group by session_id, agent, tool_name
),

session_tools as (
    select
        session_id,
        sum(tool_call_count) as tool_call_count,
        sum(tool_ended_count) as tool_ended_count,
        sum(tool_failure_count) as tool_failure_count,
    from tool_sums
    group by session_id
),

scope as materialized (
    select
        sessions.session_id,
        sessions.root_session_id,
        sessions.kind <> 'subagent' as is_session,
        sessions.agent,
        coalesce(agents.display_name, sessions.agent) as display_name,
        sessions.project,
        sessions.model,
        sessions.started_at,
        sessions.ended_at,
        sessions.active_ms,
        sessions.turn_count,
        sessions.health_score,
        sessions.health_status,
        sessions.anomaly_count,
        coalesce(call_sums.llm_call_count, 0) as llm_call_count,
        call_sums.total_tokens,
        call_sums.cost_usd,
        coalesce(session_tools.tool_call_count, 0) as tool_call_count,
        coalesce(session_tools.tool_ended_count, 0) as tool_ended_count,
        coalesce(session_tools.tool_failure_count, 0) as tool_failure_count,
    from v1.sessions as sessions
    left join v1.agents as agents on agents.agent = sessions.agent
    left join call_sums on call_sums.session_id = sessions.session_id
    left join session_tools on session_tools.session_id = sessions.session_id
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
),

call_totals as (
    select
        cast(coalesce(sum(llm_call_count), 0) as bigint) as llm_call_count,
        cast(coalesce(sum(priced_call_count), 0) as bigint) as priced_call_count,
        cast(coalesce(sum(estimated_call_count), 0) as bigint) as estimated_call_count,
        cast(coalesce(sum(total_tokens), 0) as bigint) as total_tokens,
        cast(coalesce(sum(unpriced_tokens), 0) as bigint) as unpriced_tokens,
        sum(cache_read_tokens) / nullif(sum(context_tokens), 0) as cache_read_ratio,
        cast(if(count(*) = 0, 0, sum(cost_usd)) as decimal(18, 9)) as cost_usd,
        min(first_at) as first_at,
        max(last_at) as last_at,
    from model_sums
),

scope_totals as (
    select
        count(*) filter (is_session) as session_count,
        count(*) filter (not is_session) as subagent_count,
        count(*) filter (is_session and health_status = 'healthy') as healthy_count,
        count(*) filter (is_session and health_status = 'warning') as warning_count,
        count(*) filter (is_session and health_status = 'critical') as critical_count,
        count(*) filter (is_session and health_status = 'unscored') as unscored_count,
        round(avg(health_score) filter (is_session), 4) as avg_health,
        cast(sum(active_ms) filter (is_session) as bigint) as active_ms,
        cast(coalesce(sum(tool_call_count), 0) as bigint) as tool_call_count,
        cast(coalesce(sum(tool_ended_count), 0) as bigint) as tool_ended_count,
        cast(coalesce(sum(tool_failure_count), 0) as bigint) as tool_failure_count,
    from scope
),

time_sums as (
    select
        cast(sum(latency.wall_ms) as bigint) as wall_ms,
        cast(sum(latency.model_ms) as bigint) as model_ms,
        cast(sum(latency.retry_ms) as bigint) as retry_ms,
        cast(sum(latency.tool_ms) as bigint) as tool_ms,
        cast(sum(latency.permission_ms) as bigint) as permission_ms,
        cast(sum(latency.human_ms) as bigint) as human_ms,
        cast(sum(latency.unknown_ms) as bigint) as unknown_ms,
    from v1.session_latency as latency
    inner join scope on scope.session_id = latency.session_id
    where scope.is_session
),

-- Subagents whose session's log is missing.
orphans as materialized (
    select session_id
    from v1.sessions
    where kind = 'subagent' and session_id = root_session_id
),

-- Of the calls in question alone, as their cost is.
wastes as materialized (
    select
        session_id,
        root_session_id,
        waste_kind,
        cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
        bool_or(is_estimate) as is_estimate,
    from v1.waste_calls
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
    group by session_id, root_session_id, waste_kind
),

remedies as (
    select
        waste_kind,
        any_value(remedy) as remedy,
    from v1.waste
    group by waste_kind
),

waste_kinds as (
    select
        waste.waste_kind,
        cast(sum(waste.cost_usd) as decimal(18, 9)) as cost_usd,
        count(distinct waste.root_session_id) filter (waste.root_session_id not in (select session_id from orphans)) as session_count,
        bool_or(waste.is_estimate) as is_estimate,
        any_value(remedies.remedy) as remedy,
    from wastes as waste
    inner join remedies on remedies.waste_kind = waste.waste_kind
    group by waste.waste_kind
),

session_wastes as (
    select
        waste.root_session_id as session_id,
        cast(sum(waste.cost_usd) as decimal(18, 9)) as wasted_usd,
    from wastes as waste
    group by waste.root_session_id
),

waste_lists as (
    select
        list(waste_kinds order by cost_usd desc nulls last, waste_kind) as kinds,
        cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
    from waste_kinds
),

source_sums as (
    select
        totals.agent,
        cast(sum(totals.source_count) as bigint) as source_count,
        cast(sum(totals.vanished_count) as bigint) as vanished_count,
        cast(sum(totals.size_bytes) as bigint) as size_bytes,
        cast(sum(totals.line_count) as bigint) as line_count,
        cast(sum(totals.reject_count) as bigint) as rejected_line_count,
        max(totals.last_loaded_at) as last_loaded_at,
    from v1.source_totals as totals
    where $agent is null or totals.agent = $agent
    group by totals.agent
),

source_lists as (
    select
        list(source_sums order by source_count desc, agent) as sources,
        cast(sum(rejected_line_count) as bigint) as rejected_line_count,
    from source_sums
),

model_totals as (
    select
        model,
        count(distinct root_session_id) filter (root_session_id not in (select session_id from orphans)) as session_count,
        cast(sum(llm_call_count) as bigint) as llm_call_count,
        cast(sum(llm_call_count) - sum(priced_call_count) as bigint) as unpriced_call_count,
        cast(sum(total_tokens) as bigint) as total_tokens,
        cast(sum(unpriced_tokens) as bigint) as unpriced_tokens,
        cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
    from model_sums
    group by model
),

model_lists as (
    select
        list(
            {
                'model': model,
                'session_count': session_count,
                'llm_call_count': llm_call_count,
                'unpriced_call_count': unpriced_call_count,
                'total_tokens': total_tokens,
                'cost_usd': cost_usd,
            }
            order by cost_usd desc nulls last, total_tokens desc nulls last, model
        ) as models,
        list(
            {'name': model, 'sessions': session_count, 'cost': cost_usd}
            order by cost_usd desc nulls last, session_count desc, model
        ) as by_model,
        list(model order by unpriced_tokens desc nulls last, model) filter (unpriced_call_count > 0) as unpriced_models,
    from model_totals
),

agent_totals as (
    select
        agent,
        min(display_name) as display_name,
        count(*) filter (is_session) as session_count,
        count(*) filter (not is_session) as subagent_count,
        cast(sum(llm_call_count) as bigint) as llm_call_count,
        cast(sum(tool_call_count) as bigint) as tool_call_count,
        sum(tool_failure_count) / nullif(sum(tool_ended_count), 0) as tool_failure_ratio,
        cast(sum(total_tokens) as bigint) as total_tokens,
        cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
    from scope
    group by agent
),

agent_lists as (
    select
        list(agent_totals order by cost_usd desc nulls last, session_count desc, agent) as agents,
        list(
            {'name': display_name, 'sessions': session_count, 'cost': cost_usd}
            order by session_count desc, cost_usd desc nulls last, display_name
        ) as by_agent,
    from agent_totals
),

trees as (
    select
        root_session_id as session_id,
        count(*) filter (not is_session) as subagent_count,
        cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
    from scope
    group by root_session_id
),

session_lists as (
    select
        list(
            {
                'session_id': scope.session_id,
                'agent': scope.agent,
                'project': scope.project,
                'model': scope.model,
                'started_at': scope.started_at,
                'turn_count': scope.turn_count,
                'tool_call_count': cast(scope.tool_call_count as bigint),
                'total_tokens': cast(scope.total_tokens as bigint),
                'health_score': scope.health_score,
                'cost_usd': cast(scope.cost_usd as decimal(18, 9)),
                'subagent_count': coalesce(trees.subagent_count, 0),
                'with_subagents_usd': coalesce(trees.cost_usd, cast(scope.cost_usd as decimal(18, 9))),
            }
            order by coalesce(trees.cost_usd, scope.cost_usd) desc nulls last, scope.session_id
        ) as top_sessions,
        list(
            {
                'name': scope.session_id,
                'source_tool': scope.agent,
                'model': scope.model,
                'turns': scope.turn_count,
                'tools': cast(scope.tool_ended_count as bigint),
                'tokens': cast(scope.total_tokens as bigint),
                'cost': cast(scope.cost_usd as decimal(18, 9)),
                'health': scope.health_score,
                'anomalies': scope.anomaly_count,
            }
            order by scope.ended_at desc nulls last, scope.session_id
        ) as recent_sessions,
    from scope
    left join trees on trees.session_id = scope.session_id
    where scope.is_session
),

risk_lists as (
    select
        list(
            {
                'session_id': scope.session_id,
                'agent': scope.agent,
                'project': scope.project,
                'health_score': scope.health_score,
                'cost_usd': coalesce(trees.cost_usd, cast(scope.cost_usd as decimal(18, 9))),
                'wasted_usd': session_wastes.wasted_usd,
                -- The worst two; all of them are in the session's own report.
                'reasons': list_transform(
                    health.deductions[:2],
                    lambda cut: cut.severity || ': ' || cut.evidence
                ),
            }
            order by scope.health_score, coalesce(trees.cost_usd, scope.cost_usd) desc nulls last, scope.session_id
        ) as risks,
    from scope
    inner join v1.session_health as health on health.session_id = scope.session_id
    left join trees on trees.session_id = scope.session_id
    left join session_wastes on session_wastes.session_id = scope.session_id
    where scope.is_session and scope.health_score < 80
),

finding_lists as (
    select
        list(
            {
                'Session': findings.session_id,
                'Type': findings.type,
                'Age': (cast(coalesce($now, now()) as date) - cast(findings.occurred_at as date)) || 'd',
            }
            order by findings.points desc, findings.occurred_at desc nulls last, findings.session_id, findings.type
        ) as anomalies,
    from v1.anomalies as findings
    inner join scope on scope.session_id = findings.session_id
),

point_lists as (
    select
        list(
            {'name': session_id, 'health': health_score, 'cost': cast(cost_usd as decimal(18, 9))}
            order by started_at, session_id
        ) as points,
    from scope
    where is_session and health_score is not null
),

-- The beginning of an id is enough where no other session has it.
shortest_names as (
    select
        if(
            count(*) filter (starts_with(scope.session_id, left(named.risk_id, named.length))) = 1,
            left(any_value(named.risk_id), any_value(named.length)),
            any_value(named.risk_id)
        ) as risk_name,
        if(
            count(*) filter (starts_with(scope.session_id, left(named.top_id, named.length))) = 1,
            left(any_value(named.top_id), any_value(named.length)),
            any_value(named.top_id)
        ) as top_name,
    from (
        select
            risk_lists.risks[1].session_id as risk_id,
            session_lists.top_sessions[1].session_id as top_id,
            25 as length,
        from session_lists
        left join risk_lists on true
    ) as named
    cross join scope
),

-- A log may call its session anything: what a shell would read as more than a word is quoted.
session_names as (
    select
        if(
            regexp_full_match(risk_name, '[A-Za-z0-9_.:@+-]+'),
            risk_name,
            chr(39) || replace(risk_name, chr(39), chr(39) || '\' || chr(39) || chr(39)) || chr(39)
        ) as risk_name,
        if(
            regexp_full_match(top_name, '[A-Za-z0-9_.:@+-]+'),
            top_name,
            chr(39) || replace(top_name, chr(39), chr(39) || '\' || chr(39) || chr(39)) || chr(39)
        ) as top_name,
    from shortest_names
),

-- The course of the last ten scores, smoothed over three sessions each.
courses as (
    select
        coalesce(points, [])[-10:] as points,
        list_transform(points, lambda point: point.health) as scores,
        list_transform(
            range(3, len(scores) + 1),
            lambda place: (scores[place - 2] + scores[place - 1] + scores[place]) / 3
        ) as averages,
        round(list_avg(scores), 4) as mean,
        averages[-1] - averages[1] as change,
        coalesce(
            len(averages) >= 3
            and averages[-1] < averages[-2]
            and averages[-2] < averages[-3]
            and averages[-1] < mean,
            false
        ) as is_regressing,
        case
            when change > 5 then 'up'
            when change < -5 then 'down'
            when change is not null then 'stable'
            else ''
        end as direction,
    from (select points[-10:] as points from point_lists)
),

health_courses as (
    select
        {
            'direction': direction,
            'message': case
                when len(coalesce(scores, [])) = 0 then 'No session is scored.'
                when direction = '' then 'Too few scored sessions to tell.'
                else case direction when 'up' then 'rising' when 'down' then 'falling' else 'steady' end
                    || ', from ' || round(averages[1])::integer || ' to ' || round(averages[-1])::integer
                    || ' (means of 3), ' || round(mean)::integer || ' on average'
                    || if(is_regressing, '; the last ones fall one after the other', '')
            end,
            'regressing': is_regressing,
            'avg_health': mean,
            'points': points,
        } as health_trend,
    from courses
),

tool_totals as (
    select
        agent,
        tool_name,
        cast(sum(tool_call_count) as bigint) as tool_call_count,
        cast(sum(tool_failure_count) as bigint) as tool_failure_count,
        sum(tool_failure_count) / nullif(sum(tool_ended_count), 0) as tool_failure_ratio,
    from tool_sums
    group by agent, tool_name
    having sum(tool_failure_count) > 0
),

tool_lists as (
    select
        list(
            tool_totals order by tool_failure_count desc, tool_failure_ratio desc, agent, tool_name
        ) as failing_tools,
    from tool_totals
),

days as (
    select
        cast(make_timestamptz(quarter * 900000000) as date) as day_on,
        cast(sum(llm_call_count) as bigint) as llm_call_count,
        cast(sum(llm_call_count) - sum(priced_call_count) as bigint) as unpriced_call_count,
        cast(sum(total_tokens) as bigint) as total_tokens,
        cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
    from call_quarters
    where quarter is not null
    group by all
    order by day_on desc
    limit 14
),

day_lists as (
    select
        list(days order by day_on) as days,
        sum(cost_usd) filter (place <= 7) as last_usd,
        sum(cost_usd) filter (place > 7) as before_usd,
        count(*) filter (place <= 7) as last_count,
        count(*) filter (place > 7) as before_count,
    from (select days, days.day_on, days.cost_usd, row_number() over (order by day_on desc) as place from days)
)

select
    'v1' as schema_version,
    coalesce($now, now()) as generated_at,
    current_setting('TimeZone') as timezone,
    {
        'since': $since,
        'until': $until,
        'first_call_at': call_totals.first_at,
        'last_call_at': call_totals.last_at,
    } as period,
    {
        'cost_usd': call_totals.cost_usd,
        'unpriced_call_count': call_totals.llm_call_count - call_totals.priced_call_count,
        'wasted_usd': waste_lists.cost_usd,
        'total_tokens': call_totals.total_tokens,
        'cache_read_ratio': call_totals.cache_read_ratio,
        'session_count': scope_totals.session_count,
        'subagent_count': scope_totals.subagent_count,
        'llm_call_count': call_totals.llm_call_count,
        'tool_call_count': scope_totals.tool_call_count,
        'tool_failure_count': scope_totals.tool_failure_count,
        'tool_failure_ratio': scope_totals.tool_failure_count / nullif(scope_totals.tool_ended_count, 0),
        'mean_health_score': scope_totals.avg_health,
        'critical_session_count': scope_totals.critical_count,
        'health_trend': health_courses.health_trend,
        'cost_trend': if(
            day_lists.before_count > 0,
            {
                'message': format(
                    if(day_lists.last_usd > 0 and day_lists.last_usd < 1, '${:.4f}', '${:,.2f}'),
                    cast(day_lists.last_usd as double)
                )
                || ' in ' || day_lists.last_count || ' active days, '
                || format(
                    if(day_lists.before_usd > 0 and day_lists.before_usd < 1, '${:.4f}', '${:,.2f}'),
                    cast(day_lists.before_usd as double)
                )
                || ' in the ' || if(day_lists.before_count = 1, 'one', cast(day_lists.before_count as varchar)) || ' before',
                'points': list_transform(day_lists.days, lambda day: {'day_on': day.day_on, 'value': day.cost_usd}),
            },
            null
        ),
        'first_call_at': call_totals.first_at,
        'last_call_at': call_totals.last_at,
    } as totals,
    {
        'priced_call_ratio': call_totals.priced_call_count / nullif(call_totals.llm_call_count, 0),
        'priced_token_ratio': 1 - call_totals.unpriced_tokens / nullif(call_totals.total_tokens, 0),
        'unpriced_models': coalesce(model_lists.unpriced_models, []),
        'estimated_call_count': call_totals.estimated_call_count,
        'rejected_line_count': coalesce(source_lists.rejected_line_count, 0),
    } as coverage,
    coalesce(session_lists.top_sessions, [])[:coalesce($limit, 10)] as top_sessions,
    coalesce(model_lists.models, [])[:coalesce($limit, 10)] as models,
    coalesce(agent_lists.agents, []) as agents,
    coalesce(tool_lists.failing_tools, [])[:coalesce($limit, 10)] as failing_tools,
    coalesce(day_lists.days, []) as days,
    coalesce(risk_lists.risks, [])[:coalesce($limit, 4)] as risks,
    list_filter(
        [
            if(
                scope_totals.session_count = 0,
                {'command': 'agenttrace doctor', 'why': 'No session was found: see which folders were looked in.'},
                null
            ),
            if(
                scope_totals.session_count = 0,
                {'command': 'agenttrace --demo', 'why': 'See every report over sample logs.'},
                null
            ),
            if(
                len(risk_lists.risks) > 0,
                {
                    'command': 'agenttrace session ' || session_names.risk_name,
                    'why': 'The session most at risk.',
                },
                null
            ),
            if(
                len(session_lists.top_sessions) > 0
                and session_lists.top_sessions[1].session_id is distinct from risk_lists.risks[1].session_id,
                {
                    'command': 'agenttrace session ' || session_names.top_name,
                    'why': 'The dearest one.',
                },
                null
            ),
            if(
                call_totals.llm_call_count > call_totals.priced_call_count,
                {
                    'command': 'agenttrace report unpriced',
                    'why': if(
                        call_totals.llm_call_count - call_totals.priced_call_count = 1,
                        'One call has',
                        format('{:,}', call_totals.llm_call_count - call_totals.priced_call_count) || ' calls have'
                    )
                    || ' no known cost, so the total is a lower bound.',
                },
                null
            ),
            if(
                len(tool_lists.failing_tools) > 0,
                {
                    'command': 'agenttrace tools',
                    'why': tool_lists.failing_tools[1].tool_name || ' failed '
                    || if(
                        tool_lists.failing_tools[1].tool_failure_count = 1,
                        'once.',
                        format('{:,}', tool_lists.failing_tools[1].tool_failure_count) || ' times.'
                    ),
                },
                null
            ),
            if(
                source_lists.rejected_line_count > 0,
                {
                    'command': 'agenttrace doctor',
                    'why': case
                        when source_lists.rejected_line_count = 1 then 'One line of the logs could not be read.'
                        else format('{:,}', source_lists.rejected_line_count) || ' lines of the logs could not be read.'
                    end,
                },
                null
            ),
            if(
                len(day_lists.days) > 1,
                {'command': 'agenttrace daily', 'why': 'Cost and tokens of every day.'},
                null
            )
        ],
        lambda step: step is not null
    )[:4] as next,
    {
        'total_sessions': scope_totals.session_count,
        'healthy': scope_totals.healthy_count,
        'warning': scope_totals.warning_count,
        'critical': scope_totals.critical_count,
        'unscored': scope_totals.unscored_count,
        'avg_health': scope_totals.avg_health,
        'total_cost': call_totals.cost_usd,
        'total_tokens': call_totals.total_tokens,
        'tool_calls': scope_totals.tool_ended_count,
        'tool_failures': scope_totals.tool_failure_count,
        'tool_fail_rate': round(100 * scope_totals.tool_failure_count / nullif(scope_totals.tool_ended_count, 0), 4),
        'health_trend': health_courses.health_trend,
    } as summary,
    coalesce(agent_lists.by_agent, []) as by_agent,
    coalesce(model_lists.by_model, []) as by_model,
    coalesce(session_lists.recent_sessions, [])[:10] as recent_sessions,
    coalesce(finding_lists.anomalies, []) as anomalies,
    {
        'model_ms': time_sums.model_ms,
        'tool_ms': time_sums.tool_ms,
        'permission_ms': time_sums.permission_ms,
        'retry_ms': time_sums.retry_ms,
        'human_ms': time_sums.human_ms,
        'unknown_ms': time_sums.unknown_ms,
        'wall_ms': time_sums.wall_ms,
        'active_ms': scope_totals.active_ms,
    } as time,
    coalesce(waste_lists.kinds, []) as waste,
    coalesce(source_lists.sources, []) as sources,
-- Outer joins of single rows: of inner ones the planner would try every order.
from call_totals
left join scope_totals on true
left join time_sums on true
left join waste_lists on true
left join source_lists on true
left join model_lists on true
left join agent_lists on true
left join session_lists on true
left join tool_lists on true
left join day_lists on true
left join risk_lists on true
left join finding_lists on true
left join session_names on true
left join health_courses on true
