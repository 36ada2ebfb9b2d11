-- Days and sessions that cost far more than those before them.
--
-- A day is held against the thirty before it that had a cost; a session, with its subagents, against the hundred before it of the
-- same agent and project. There must be ten at least. Far more is: a robust z above 3.5 (the distance from the median in
-- median absolute deviations × 1.4826, of which a tenth of the median is the least), twice the median and a dollar above it. Days are
-- cut in the time zone of the connection. A subagent whose session's log is missing is no session: it is in the day's cost alone.
-- @version 2
-- @since   0.1.0
-- @grain   alert_kind, day_on, session_id
-- @column  alert_kind     `day` or `session`.
-- @column  day_on         The day, or the one on which the session began.
-- @column  session_id     The session; NULL: a day.
-- @column  agent          Its agent; NULL: a day, of all agents.
-- @column  project        Its project; NULL: a day, or the log names no working directory.
-- @column  cost_usd       What it cost.
-- @column  usual_usd      Median of those before it.
-- @column  history_count  How many there were.
-- @column  robust_z       How far it is from the median, in robust standard deviations.
-- @column  evidence       What was found, in words.
-- @example select alert_kind, day_on, cost_usd, usual_usd, evidence from cost_alerts order by day_on desc limit 10
with day_costs as (
    select
        day_on,
        cast(sum(cost_usd) as double) as cost,
        sum(cost_usd) as cost_usd,
    from v1.daily_cost
    where day_on is not null
    group by day_on
    having sum(cost_usd) > 0
),

trees as (
    select
        root_session_id as session_id,
        sum(cost_usd) as cost_usd,
    from v1.sessions
    group by root_session_id
    having sum(cost_usd) > 0
),

session_costs as (
    select
        sessions.session_id,
        sessions.agent,
        sessions.project,
        sessions.started_at,
        cast(trees.cost_usd as double) as cost,
        trees.cost_usd,
    from trees
    inner join v1.sessions as sessions using (session_id)
    where sessions.kind <> 'subagent' and sessions.started_at is not null
),

histories as (
    select
        'day' as alert_kind,
        day_on,
        null as session_id,
        null as agent,
        null as project,
        cost,
        cost_usd,
        median(cost) over earlier_days as usual,
        mad(cost) over earlier_days as spread,
        count(*) over earlier_days as history_count,
    from day_costs
    window earlier_days as (order by day_on rows between 30 preceding and 1 preceding)
    union all
    select
        'session',
        cast(started_at as date),
        session_id,
        agent,
        project,
        cost,
        cost_usd,
        median(cost) over earlier_sessions,
        mad(cost) over earlier_sessions,
        count(*) over earlier_sessions,
    from session_costs
    window earlier_sessions as (
        partition by agent, project order by started_at, session_id rows between 100 preceding and 1 preceding
    )
),

scores as (
    select
        *,
        (cost - usual) / greatest(1.4826 * spread, 0.1 * usual) as robust_z,
    from histories
    where history_count >= 10
)

select
    alert_kind,
    day_on,
    session_id,
    agent,
    project,
    cast(cost_usd as decimal(18, 9)) as cost_usd,
    cast(usual as decimal(18, 9)) as usual_usd,
    history_count,
    robust_z,
    format(
        '{:,.2f} USD, {:,.1f} times the median of the {} {} before it ({:,.2f} USD)',
        cost,
        cost / usual,
        history_count,
        if(alert_kind = 'day', 'days', 'sessions'),
        usual
    ) as evidence,
from scores
where robust_z > 3.5 and cost >= 2 * usual and cost >= usual + 1
