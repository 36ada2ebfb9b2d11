-- Sessions that are far from what is usual for their agent over the whole team, the furthest first.
--
-- Three measures are looked at: what a session cost with its subagents, the time it was active, and its failed tool calls. Far is
-- above the third quartile by three times the distance of the quartiles, and twice the median at least. Quartiles are exact, by
-- nearest rank, over all sessions of the agent that have the measure; there must be ten.
-- @title   Outliers of the team
-- @param   since   timestamptz null From this time on.
-- @param   until   timestamptz null Before this time.
-- @param   agent   varchar null Only this agent.
-- @param   project varchar null Only this project.
-- @param   limit   bigint null At most so many rows.
-- @column  measure            Measure
-- @column  session_id         Session
-- @column  user_name          Person
-- @column  project            Project
-- @column  agent              Agent
-- @column  started_at         Started
-- @column  times_median       Times the median
-- @column  cost_usd           Cost
-- @column  active_ms          Active
-- @column  tool_failure_count Tools failed
-- @column  health_score       Health
-- @empty   No session is far from the usual, or fewer than ten are there to say what that is.
-- @example agenttrace team outliers --team ./lake --since 7d
with trees as (
    select
        sessions.root_session_id as session_id,
        sum(sessions.cost_usd) as cost_usd,
        sum(sessions.tool_failure_count) as failure_count
    from lake.sessions as sessions
    group by sessions.root_session_id
),

measured as (
    select
        sessions.session_id as session_id,
        sessions.user_name as user_name,
        sessions.project as project,
        sessions.agent as agent,
        sessions.started_at as started_at,
        sessions.ended_at as ended_at,
        sessions.health_score as health_score,
        trees.cost_usd as cost_usd,
        sessions.active_ms as active_ms,
        trees.failure_count as failure_count
    from lake.sessions as sessions
    inner join trees on trees.session_id = sessions.session_id
    where sessions.kind <> 'subagent'
),

-- Whole numbers, so that every engine orders and compares them alike: 10^-9 USD, milliseconds, calls.
amounts as (
    select
        'cost' as measure,
        measured.session_id as session_id,
        measured.agent as agent,
        cast(measured.cost_usd * 1000000000 as bigint) as amount
    from measured
    where measured.cost_usd > 0
    union all
    select
        'active time' as measure,
        measured.session_id as session_id,
        measured.agent as agent,
        measured.active_ms as amount
    from measured
    where measured.active_ms > 0
    union all
    select
        'failed tools' as measure,
        measured.session_id as session_id,
        measured.agent as agent,
        cast(measured.failure_count as bigint) as amount
    from measured
    where measured.failure_count > 0
),

histogram as (
    select
        amounts.measure as measure,
        amounts.agent as agent,
        amounts.amount as amount,
        count(*) as session_count
    from amounts
    group by amounts.measure, amounts.agent, amounts.amount
),

ranks as (
    select
        histogram.measure as measure,
        histogram.agent as agent,
        histogram.amount as amount,
        sum(histogram.session_count) over (
            partition by histogram.measure, histogram.agent
            order by histogram.amount asc nulls last
            rows between unbounded preceding and current row
        ) as up_to_count,
        sum(histogram.session_count) over (partition by histogram.measure, histogram.agent) as all_count
    from histogram
),

usual as (
    select
        ranks.measure as measure,
        ranks.agent as agent,
        min(ranks.amount) filter (where ranks.up_to_count * 4 >= ranks.all_count) as quarter,
        min(ranks.amount) filter (where ranks.up_to_count * 2 >= ranks.all_count) as half,
        min(ranks.amount) filter (where ranks.up_to_count * 4 >= ranks.all_count * 3) as three_quarters,
        max(ranks.all_count) as all_count
    from ranks
    group by ranks.measure, ranks.agent
),

placed as (
    select
        amounts.measure as measure,
        measured.session_id as session_id,
        measured.user_name as user_name,
        measured.project as project,
        measured.agent as agent,
        measured.started_at as started_at,
        amounts.amount * 1e0 / usual.half as times_median,
        measured.cost_usd as cost_usd,
        measured.active_ms as active_ms,
        measured.failure_count as failure_count,
        measured.health_score as health_score,
        row_number() over (
            order by
                amounts.amount * 1e0 / usual.half desc nulls last,
                measured.session_id asc nulls last,
                amounts.measure asc nulls last
        ) as place
    from amounts
    inner join usual on usual.measure = amounts.measure and usual.agent = amounts.agent
    inner join measured on measured.session_id = amounts.session_id
    where
        usual.all_count >= 10
        and amounts.amount > usual.three_quarters + 3 * (usual.three_quarters - usual.quarter)
        and amounts.amount >= 2 * usual.half
        and ($since is null or measured.ended_at >= $since)
        and ($until is null or measured.started_at < $until)
        and ($agent is null or measured.agent = $agent)
        and ($project is null or measured.project = $project)
)

select
    placed.measure as measure,
    placed.session_id as session_id,
    placed.user_name as user_name,
    placed.project as project,
    placed.agent as agent,
    placed.started_at as started_at,
    round(placed.times_median, 1) as times_median,
    cast(placed.cost_usd as decimal(18, 9)) as cost_usd,
    placed.active_ms as active_ms,
    cast(placed.failure_count as bigint) as tool_failure_count,
    placed.health_score as health_score
from placed
where $limit is null or placed.place <= $limit
order by placed.place asc nulls last
