-- Cost and health of every project over the team, the dearest first.
--
-- A project is a folder's name, so that it is one for everyone who has a copy of it. Costs, tokens and tool calls count by their
-- own time, sessions by theirs; a session is counted without the subagents that it started.
-- @title   Team by project
-- @param   since   timestamptz null From this time on.
-- @param   until   timestamptz null Before this time.
-- @param   agent   varchar null Only this agent.
-- @param   limit   bigint null At most so many rows.
-- @column  project                Project
-- @column  person_count           People
-- @column  session_count          Sessions
-- @column  active_ms              Active
-- @column  llm_call_count         Calls
-- @column  unpriced_call_count    Unpriced
-- @column  total_tokens           Tokens
-- @column  cost_usd               Cost
-- @column  wasted_usd             Wasted
-- @column  tool_call_count        Tool calls
-- @column  tool_failure_ratio     Tools failed
-- @column  mean_health_score      Health
-- @column  critical_session_count Critical
-- @empty   No session matches.
-- @example agenttrace team projects --team ./lake --since 30d
with call_sums as (
    select
        calls.project as project,
        count(*) as llm_call_count,
        count(*) - count(calls.cost_usd) as unpriced_call_count,
        sum(calls.total_tokens) as total_tokens,
        sum(calls.cost_usd) as cost_usd
    from lake.llm_calls as calls
    where
        ($since is null or calls.started_at >= $since)
        and ($until is null or calls.started_at < $until)
        and ($agent is null or calls.agent = $agent)
    group by calls.project
),

tool_sums as (
    select
        tools.project as project,
        count(*) as tool_call_count,
        count(*) filter (where tools.status in ('ok', 'failed')) as ended_count,
        count(*) filter (where tools.status = 'failed') as failure_count
    from lake.tool_calls as tools
    where
        ($since is null or tools.called_at >= $since)
        and ($until is null or tools.called_at < $until)
        and ($agent is null or tools.agent = $agent)
    group by tools.project
),

waste_sums as (
    select
        findings.project as project,
        sum(findings.cost_usd) as wasted_usd
    from lake.findings as findings
    where
        findings.finding_kind = 'waste'
        and ($since is null or findings.occurred_at >= $since)
        and ($until is null or findings.occurred_at < $until)
        and ($agent is null or findings.agent = $agent)
    group by findings.project
),

session_sums as (
    select
        sessions.project as project,
        count(distinct sessions.user_name) as person_count,
        count(*) as session_count,
        sum(sessions.active_ms) as active_ms,
        avg(sessions.health_score) as mean_health_score,
        count(*) filter (where sessions.health_status = 'critical') as critical_session_count
    from lake.sessions as sessions
    where
        sessions.kind <> 'subagent'
        and ($since is null or sessions.ended_at >= $since)
        and ($until is null or sessions.started_at < $until)
        and ($agent is null or sessions.agent = $agent)
    group by sessions.project
),

projects as (
    select project from session_sums
    union
    select project from call_sums
),

placed as (
    select
        projects.project as project,
        session_sums.person_count as person_count,
        session_sums.session_count as session_count,
        session_sums.active_ms as active_ms,
        call_sums.llm_call_count as llm_call_count,
        call_sums.unpriced_call_count as unpriced_call_count,
        call_sums.total_tokens as total_tokens,
        call_sums.cost_usd as cost_usd,
        waste_sums.wasted_usd as wasted_usd,
        tool_sums.tool_call_count as tool_call_count,
        tool_sums.failure_count * 1e0 / nullif(tool_sums.ended_count, 0) as tool_failure_ratio,
        session_sums.mean_health_score as mean_health_score,
        session_sums.critical_session_count as critical_session_count,
        row_number() over (order by call_sums.cost_usd desc nulls last, projects.project asc nulls last) as place
    from projects
    left join session_sums on coalesce(session_sums.project, '') = coalesce(projects.project, '')
    left join call_sums on coalesce(call_sums.project, '') = coalesce(projects.project, '')
    left join tool_sums on coalesce(tool_sums.project, '') = coalesce(projects.project, '')
    left join waste_sums on coalesce(waste_sums.project, '') = coalesce(projects.project, '')
)

select
    placed.project as project,
    cast(coalesce(placed.person_count, 0) as bigint) as person_count,
    cast(coalesce(placed.session_count, 0) as bigint) as session_count,
    cast(placed.active_ms as bigint) as active_ms,
    cast(coalesce(placed.llm_call_count, 0) as bigint) as llm_call_count,
    cast(coalesce(placed.unpriced_call_count, 0) as bigint) as unpriced_call_count,
    cast(placed.total_tokens as bigint) as total_tokens,
    cast(placed.cost_usd as decimal(18, 9)) as cost_usd,
    cast(placed.wasted_usd as decimal(18, 9)) as wasted_usd,
    cast(coalesce(placed.tool_call_count, 0) as bigint) as tool_call_count,
    placed.tool_failure_ratio as tool_failure_ratio,
    placed.mean_health_score as mean_health_score,
    cast(coalesce(placed.critical_session_count, 0) as bigint) as critical_session_count
from placed
where $limit is null or placed.place <= $limit
order by placed.place asc nulls last
