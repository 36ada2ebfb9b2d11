-- Cost and health of the team by week, oldest first.
--
-- Weeks begin on Monday in the time zone of the report. Costs, tokens, tool calls and waste fall into the week of their own
-- time, sessions into the week they began in; a session is counted without the subagents that it started.
-- @title   Team by week
-- @param   since   timestamptz null From this time on.
-- @param   until   timestamptz null Before this time.
-- @param   agent   varchar null Only this agent.
-- @param   project varchar null Only this project.
-- @param   limit   bigint null Only the last weeks, so many.
-- @column  week_on                Week
-- @column  person_count           People
-- @column  session_count          Sessions
-- @column  llm_call_count         Calls
-- @column  unpriced_call_count    Unpriced
-- @column  total_tokens           Tokens
-- @column  cost_usd               Cost
-- @column  wasted_usd             Wasted
-- @column  tool_failure_ratio     Tools failed
-- @column  mean_health_score      Health
-- @column  critical_session_count Critical
-- @empty   No session matches.
-- @example agenttrace team weeks --team ./lake --limit 12
with call_weeks as (
    select
        cast(date_trunc('week', calls.started_at) as date) as week_on,
        count(*) as llm_call_count,
        count(*) - count(calls.cost_usd) as unpriced_call_count,
        sum(calls.total_tokens) as total_tokens,
        sum(calls.cost_usd) as cost_usd
    from lake.llm_calls as calls
    where
        calls.started_at is not null
        and ($since is null or calls.started_at >= $since)
        and ($until is null or calls.started_at < $until)
        and ($agent is null or calls.agent = $agent)
        and ($project is null or calls.project = $project)
    group by cast(date_trunc('week', calls.started_at) as date)
),

tool_weeks as (
    select
        cast(date_trunc('week', tools.called_at) as date) as week_on,
        count(*) filter (where tools.status in ('ok', 'failed')) as ended_count,
        count(*) filter (where tools.status = 'failed') as failure_count
    from lake.tool_calls as tools
    where
        tools.called_at is not null
        and ($since is null or tools.called_at >= $since)
        and ($until is null or tools.called_at < $until)
        and ($agent is null or tools.agent = $agent)
        and ($project is null or tools.project = $project)
    group by cast(date_trunc('week', tools.called_at) as date)
),

waste_weeks as (
    select
        cast(date_trunc('week', findings.occurred_at) as date) as week_on,
        sum(findings.cost_usd) as wasted_usd
    from lake.findings as findings
    where
        findings.finding_kind = 'waste'
        and findings.occurred_at is not null
        and ($since is null or findings.occurred_at >= $since)
        and ($until is null or findings.occurred_at < $until)
        and ($agent is null or findings.agent = $agent)
        and ($project is null or findings.project = $project)
    group by cast(date_trunc('week', findings.occurred_at) as date)
),

session_weeks as (
    select
        cast(date_trunc('week', sessions.started_at) as date) as week_on,
        count(distinct sessions.user_name) as person_count,
        count(*) as session_count,
        avg(sessions.health_score) as mean_health_score,
        count(*) filter (where sessions.health_status = 'critical') as critical_session_count
    from lake.sessions as sessions
    where
        sessions.kind <> 'subagent'
        and sessions.started_at is not null
        and ($since is null or sessions.started_at >= $since)
        and ($until is null or sessions.started_at < $until)
        and ($agent is null or sessions.agent = $agent)
        and ($project is null or sessions.project = $project)
    group by cast(date_trunc('week', sessions.started_at) as date)
),

weeks as (
    select week_on from session_weeks
    union
    select week_on from call_weeks
),

placed as (
    select
        weeks.week_on as week_on,
        session_weeks.person_count as person_count,
        session_weeks.session_count as session_count,
        call_weeks.llm_call_count as llm_call_count,
        call_weeks.unpriced_call_count as unpriced_call_count,
        call_weeks.total_tokens as total_tokens,
        call_weeks.cost_usd as cost_usd,
        waste_weeks.wasted_usd as wasted_usd,
        tool_weeks.failure_count * 1e0 / nullif(tool_weeks.ended_count, 0) as tool_failure_ratio,
        session_weeks.mean_health_score as mean_health_score,
        session_weeks.critical_session_count as critical_session_count,
        row_number() over (order by weeks.week_on desc nulls last) as place
    from weeks
    left join session_weeks on session_weeks.week_on = weeks.week_on
    left join call_weeks on call_weeks.week_on = weeks.week_on
    left join tool_weeks on tool_weeks.week_on = weeks.week_on
    left join waste_weeks on waste_weeks.week_on = weeks.week_on
)

select
    placed.week_on as week_on,
    cast(coalesce(placed.person_count, 0) as bigint) as person_count,
    cast(coalesce(placed.session_count, 0) as bigint) as session_count,
    cast(coalesce(placed.llm_call_count, 0) as bigint) as llm_call_count,
    cast(coalesce(placed.unpriced_call_count, 0) as bigint) as unpriced_call_count,
    cast(placed.total_tokens as bigint) as total_tokens,
    cast(placed.cost_usd as decimal(18, 9)) as cost_usd,
    cast(placed.wasted_usd as decimal(18, 9)) as wasted_usd,
    placed.tool_failure_ratio as tool_failure_ratio,
    placed.mean_health_score as mean_health_score,
    cast(coalesce(placed.critical_session_count, 0) as bigint) as critical_session_count
from placed
where $limit is null or placed.place <= $limit
order by placed.week_on asc nulls last
