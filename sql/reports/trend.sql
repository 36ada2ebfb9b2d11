-- Health and cost by week, with the change and how sure it is, oldest first.
--
-- A change is sure when it is beyond what chance makes of so few sessions. Counts and costs are those of the sessions and the calls
-- that match, as in `health_trend` where no filter is given.
-- @title   Trend
-- @param   since   timestamptz null Weeks that begin from this time on.
-- @param   until   timestamptz null Weeks that begin before this time.
-- @param   agent   varchar null Only this agent.
-- @param   model   varchar null Only sessions with calls of this model, as shown or as logged, and what these cost.
-- @param   project varchar null Only this project.
-- @param   session varchar null Only this session and the subagents it started.
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
-- @example agenttrace trend --agent codex
with calls as (
    select
        root_session_id,
        cast(date_trunc('week', started_at) as date) as week_on,
        cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
    from v1.llm_calls
    where
        ($agent is null or agent = $agent)
        and ($model is null or $model in (model, model_raw))
        and ($project is null or project = $project)
        and ($session is null or $session in (session_id, root_session_id))
    group by all
),

trees as (
    select
        root_session_id as session_id,
        cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
    from calls
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
    where
        sessions.kind <> 'subagent'
        and ($agent is null or sessions.agent = $agent)
        and ($model is null or trees.session_id is not null)
        and ($project is null or sessions.project = $project)
        and ($session is null or sessions.session_id = $session)
    group by all
),

cost_weeks as (
    select
        week_on,
        cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
    from calls
    group by week_on
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
),

shown as (
    select
        week_on,
        coalesce(session_count, 0) as session_count,
        coalesce(scored_session_count, 0) as scored_session_count,
        health_mean,
        health_mean - before.health_mean as health_change,
        health_margin,
        abs(health_mean - before.health_mean) > health_margin as is_health_change_sure,
        coalesce(critical_session_count, 0) as critical_session_count,
        cost_usd,
        cast(cost_mean as decimal(18, 9)) as session_cost_usd,
        cast(cost_mean - before.cost_mean as decimal(18, 9)) as session_cost_change_usd,
        abs(cost_mean - before.cost_mean) > cost_margin as is_cost_change_sure,
    from margins
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
from shown
order by week_on nulls first
