-- Health and cost by week, with the change since the week before it and how sure that is.
--
-- Weeks begin on Monday in the time zone of the connection. Sessions belong to the week they began in, each with its subagents;
-- costs to the week of the call. A subagent whose session's log is missing is no session: it is in the week's cost alone. The week
-- before is the last one with a session. A margin holds the true change within it in 19 of 20 cases (Welch); there is none with
-- fewer than five sessions in either week. A change beyond its margin is sure.
-- @version 2
-- @since   0.1.0
-- @grain   week_on
-- @column  week_on                   Monday of the week; NULL: the log gives no time.
-- @column  before_week_on            Monday of the week that it is held against.
-- @column  session_count             Sessions that began in it, subagents not counted.
-- @column  priced_session_count      Of these, with a known cost.
-- @column  scored_session_count      Of these, scored.
-- @column  health_mean               Mean score; NULL: none is scored.
-- @column  health_change             More than in the week before.
-- @column  health_margin             The change may be off by this much, either way; NULL: too few sessions.
-- @column  is_health_change_sure     The change is beyond its margin; NULL: there is none to judge.
-- @column  critical_session_count    Sessions below 50.
-- @column  cost_usd                  Cost of the week's calls; NULL: none is priced.
-- @column  cost_change_usd           More than in the week before.
-- @column  session_cost_usd          Mean cost of a session; NULL: none is priced.
-- @column  session_cost_change_usd   More than in the week before.
-- @column  session_cost_margin_usd   That change may be off by this much, either way; NULL: too few sessions.
-- @column  is_cost_change_sure       That change is beyond its margin; NULL: there is none to judge.
-- @example select week_on, health_mean, health_change, is_health_change_sure, cost_usd from health_trend order by week_on
with trees as (
    select
        root_session_id as session_id,
        cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
    from v1.sessions
    group by root_session_id
),

session_weeks as (
    select
        cast(date_trunc('week', sessions.started_at) as date) as week_on,
        count(*) as session_count,
        count(trees.cost_usd) as priced_session_count,
        count(sessions.health_score) as scored_session_count,
        count(*) filter (sessions.health_status = 'critical') as critical_session_count,
        cast(sum(sessions.health_score) as double) as health_sum,
        cast(sum(sessions.health_score * sessions.health_score) as double) as health_square_sum,
        cast(sum(trees.cost_usd) as double) as cost_sum,
        cast(sum(trees.cost_usd * trees.cost_usd) as double) as cost_square_sum,
    from v1.sessions as sessions
    left join trees using (session_id)
    where sessions.kind <> 'subagent'
    group by all
),

cost_weeks as (
    select
        cast(date_trunc('week', day_on) as date) as week_on,
        cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
    from v1.daily_cost
    group by all
),

-- From exact sums, so that the order of rows does not matter.
weeks as (
    select
        coalesce(session_weeks.week_on, cost_weeks.week_on) as week_on,
        session_weeks.session_count,
        session_weeks.priced_session_count,
        session_weeks.scored_session_count,
        session_weeks.critical_session_count,
        health_sum / nullif(scored_session_count, 0) as health_mean,
        greatest(health_square_sum - health_sum * health_mean, 0) / nullif(scored_session_count - 1, 0) as health_variance,
        cost_sum / nullif(priced_session_count, 0) as cost_mean,
        greatest(cost_square_sum - cost_sum * cost_mean, 0) / nullif(priced_session_count - 1, 0) as cost_variance,
        cost_weeks.cost_usd,
    from session_weeks
    full join cost_weeks on cost_weeks.week_on is not distinct from session_weeks.week_on
),

held_against as (
    select
        *,
        lag(if(session_count > 0, weeks, null) ignore nulls) over (partition by week_on is null order by week_on) as before,
    from weeks
),

changes as (
    select
        *,
        health_variance / scored_session_count + before.health_variance / before.scored_session_count as health_spread,
        cost_variance / priced_session_count + before.cost_variance / before.priced_session_count as cost_spread,
        least(scored_session_count, before.scored_session_count) - 1 as health_freedom,
        least(priced_session_count, before.priced_session_count) - 1 as cost_freedom,
    from held_against
),

-- The 97.5 % point of Student's distribution by its expansion; within 1 % from four degrees of freedom.
margins as (
    select
        *,
        case
            when health_freedom >= 4
                then sqrt(health_spread) * (1.96 + 2.372 / health_freedom + 2.823 / (health_freedom * health_freedom))
        end as health_margin,
        case
            when cost_freedom >= 4
                then sqrt(cost_spread) * (1.96 + 2.372 / cost_freedom + 2.823 / (cost_freedom * cost_freedom))
        end as cost_margin,
    from changes
)

select
    week_on,
    before.week_on as before_week_on,
    coalesce(session_count, 0) as session_count,
    coalesce(priced_session_count, 0) as priced_session_count,
    coalesce(scored_session_count, 0) as scored_session_count,
    health_mean,
    health_mean - before.health_mean as health_change,
    health_margin,
    abs(health_mean - before.health_mean) > health_margin as is_health_change_sure,
    coalesce(critical_session_count, 0) as critical_session_count,
    cost_usd,
    cast(cost_usd - before.cost_usd as decimal(18, 9)) as cost_change_usd,
    cast(cost_mean as decimal(18, 9)) as session_cost_usd,
    cast(cost_mean - before.cost_mean as decimal(18, 9)) as session_cost_change_usd,
    cast(cost_margin as decimal(18, 9)) as session_cost_margin_usd,
    abs(cost_mean - before.cost_mean) > cost_margin as is_cost_change_sure,
from margins
