-- Cost and tokens of every model, the dearest first.
--
-- A session counts once, with its subagents; a subagent whose session's log is missing counts as none.
-- @title   Cost by model
-- @param   since   timestamptz null From this time on.
-- @param   until   timestamptz null Before this time.
-- @param   agent   varchar null Only this agent.
-- @param   model   varchar null Only calls of this model, as shown or as logged.
-- @param   project varchar null Only this project.
-- @param   session varchar null Only this session and the subagents it started.
-- @param   limit   bigint null At most so many models.
-- @column  model                  Model
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
-- @column  cost_ratio             Share
-- @empty   No API call matches.
-- @example agenttrace models --since 7d
with models as (
    select
        model,
        count(distinct root_session_id) filter (
            root_session_id not in (select session_id from v1.sessions where kind = 'subagent')
        ) as session_count,
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
    group by model
)

select
    model,
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
    cost_usd / nullif(sum(cost_usd) over (), 0) as cost_ratio,
from models
order by cost_usd desc nulls last, total_tokens desc nulls last, model
limit $limit
