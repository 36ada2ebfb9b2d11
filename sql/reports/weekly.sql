-- Cost and tokens of every week in which a call was made, oldest first.
--
-- A session counts once, with its subagents; a subagent whose session's log is missing counts as none.
-- @title   Cost by week
-- @param   since   timestamptz null From this time on.
-- @param   until   timestamptz null Before this time.
-- @param   agent   varchar null Only this agent.
-- @param   model   varchar null Only calls of this model, as shown or as logged.
-- @param   project varchar null Only this project.
-- @param   session varchar null Only this session and the subagents it started.
-- @param   limit   bigint null Only the last weeks, so many.
-- @column  week_on                Week from
-- @column  active_day_count       Active days
-- @column  session_count          Sessions
-- @column  llm_call_count         Calls
-- @column  unpriced_call_count    Unpriced
-- @column  uncached_input_tokens  Input
-- @column  cache_read_tokens      Cache read
-- @column  cache_write_5m_tokens  Cache write 5m
-- @column  cache_write_1h_tokens  Cache write 1h
-- @column  output_tokens          Output
-- @column  total_tokens           Tokens
-- @column  cost_usd               Cost
-- @empty   No API call matches.
-- @example agenttrace weekly
with calls as (
    select
        cast(started_at as date) as day_on,
        root_session_id,
        count(*) as llm_call_count,
        count(*) - count(cost_usd) as unpriced_call_count,
        cast(sum(uncached_input_tokens) as bigint) as uncached_input_tokens,
        cast(sum(cache_read_tokens) as bigint) as cache_read_tokens,
        cast(sum(cache_write_5m_tokens) as bigint) as cache_write_5m_tokens,
        cast(sum(cache_write_1h_tokens) as bigint) as cache_write_1h_tokens,
        cast(sum(output_tokens) as bigint) as output_tokens,
        cast(sum(total_tokens) as bigint) as total_tokens,
        cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
    from v1.llm_calls
    where
        ($since is null or started_at >= $since)
        and ($until is null or started_at < $until)
        and ($agent is null or agent = $agent)
        and ($model is null or $model in (model, model_raw))
        and ($project is null or project = $project)
        and ($session is null or $session in (session_id, root_session_id))
    group by all
),

periods as (
    select
        cast(date_trunc('week', day_on) as date) as week_on,
        count(distinct day_on) as active_day_count,
        count(distinct root_session_id) filter (
            root_session_id not in (select session_id from v1.sessions where kind = 'subagent')
        ) as session_count,
        cast(sum(llm_call_count) as bigint) as llm_call_count,
        cast(sum(unpriced_call_count) as bigint) as unpriced_call_count,
        cast(sum(uncached_input_tokens) as bigint) as uncached_input_tokens,
        cast(sum(cache_read_tokens) as bigint) as cache_read_tokens,
        cast(sum(cache_write_5m_tokens) as bigint) as cache_write_5m_tokens,
        cast(sum(cache_write_1h_tokens) as bigint) as cache_write_1h_tokens,
        cast(sum(output_tokens) as bigint) as output_tokens,
        cast(sum(total_tokens) as bigint) as total_tokens,
        cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
    from calls
    group by all
    order by week_on desc nulls last
    limit $limit
)

select
    week_on,
    active_day_count,
    session_count,
    llm_call_count,
    unpriced_call_count,
    uncached_input_tokens,
    cache_read_tokens,
    cache_write_5m_tokens,
    cache_write_1h_tokens,
    output_tokens,
    total_tokens,
    cost_usd,
from periods
order by week_on nulls first
