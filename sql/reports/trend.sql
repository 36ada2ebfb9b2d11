-- Health and cost by week, with the change and how sure it is, oldest first.
--
-- A change is sure when it is beyond what chance makes of so few sessions.
-- @title   Trend
-- @param   since   timestamptz null Weeks that begin from this time on.
-- @param   until   timestamptz null Weeks that begin before this time.
-- @param   limit   bigint null Only the last weeks, so many.
-- @column  week_on                  Week from
-- @column  session_count            Sessions
-- @column  scored_session_count     Scored
-- @column  health_mean              Health
-- @column  health_change            Health change
-- @column  health_margin            ±
-- @column  is_health_change_sure    Health sure
-- @column  critical_session_count   Critical
-- @column  cost_usd                 Cost
-- @column  session_cost_usd         A session
-- @column  session_cost_change_usd  Cost change
-- @column  is_cost_change_sure      Cost sure
-- @empty   No session was found.
-- @example agenttrace trend --since 12w
with weeks as (
    select
        week_on,
        session_count,
        scored_session_count,
        health_mean,
        health_change,
        health_margin,
        is_health_change_sure,
        critical_session_count,
        cost_usd,
        session_cost_usd,
        session_cost_change_usd,
        is_cost_change_sure,
    from v1.health_trend
    where
        ($since is null or week_on >= cast($since as date))
        and ($until is null or week_on < cast($until as date))
    order by week_on desc nulls last
    limit $limit
)

select
    week_on,
    session_count,
    scored_session_count,
    health_mean,
    health_change,
    health_margin,
    is_health_change_sure,
    critical_session_count,
    cost_usd,
    session_cost_usd,
    session_cost_change_usd,
    is_cost_change_sure,
from weeks
order by week_on nulls first
