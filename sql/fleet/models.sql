-- Cost of every model over the team and the health of the sessions that ran on it, the dearest first.
--
-- Health is that of the sessions, subagents apart, whose most output is the model's. What a million tokens came to is over all
-- classes of the priced calls. A session that called the model counts once, with its subagents; a subagent whose session's log is
-- missing counts as none.
-- @title   Team by model
-- @param   since   timestamptz null From this time on.
-- @param   until   timestamptz null Before this time.
-- @param   agent   varchar null Only this agent.
-- @param   project varchar null Only this project.
-- @param   limit   bigint null At most so many rows.
-- @column  model                  Model
-- @column  person_count           People
-- @column  session_count          Sessions
-- @column  llm_call_count         Calls
-- @column  unpriced_call_count    Unpriced
-- @column  total_tokens           Tokens
-- @column  cache_read_ratio       Cache read
-- @column  cost_usd               Cost
-- @column  usd_per_million        USD per million
-- @column  mean_health_score      Health
-- @column  critical_session_count Critical
-- @empty   No API call matches.
-- @example agenttrace team models --team ./lake --project shop
with call_sums as (
    select
        calls.model as model,
        count(distinct sessions.user_name) as person_count,
        count(distinct roots.session_id) as session_count,
        count(*) as llm_call_count,
        count(*) - count(calls.cost_usd) as unpriced_call_count,
        sum(calls.total_tokens) as total_tokens,
        sum(calls.total_tokens) filter (where calls.cost_usd is not null) as priced_tokens,
        sum(calls.cache_read_tokens) as cache_read_tokens,
        sum(calls.context_tokens) as context_tokens,
        sum(calls.cost_usd) as cost_usd
    from lake.llm_calls as calls
    inner join lake.sessions as sessions on sessions.session_id = calls.session_id
    left join lake.sessions as roots on roots.session_id = sessions.root_session_id and roots.kind <> 'subagent'
    where
        ($since is null or calls.started_at >= $since)
        and ($until is null or calls.started_at < $until)
        and ($agent is null or calls.agent = $agent)
        and ($project is null or calls.project = $project)
    group by calls.model
),

session_sums as (
    select
        sessions.model as model,
        avg(sessions.health_score) as mean_health_score,
        count(*) filter (where sessions.health_status = 'critical') as critical_session_count
    from lake.sessions as sessions
    where
        sessions.kind <> 'subagent'
        and ($since is null or sessions.ended_at >= $since)
        and ($until is null or sessions.started_at < $until)
        and ($agent is null or sessions.agent = $agent)
        and ($project is null or sessions.project = $project)
    group by sessions.model
),

placed as (
    select
        call_sums.model as model,
        call_sums.person_count as person_count,
        call_sums.session_count as session_count,
        call_sums.llm_call_count as llm_call_count,
        call_sums.unpriced_call_count as unpriced_call_count,
        call_sums.total_tokens as total_tokens,
        call_sums.cache_read_tokens * 1e0 / nullif(call_sums.context_tokens, 0) as cache_read_ratio,
        call_sums.cost_usd as cost_usd,
        cast(call_sums.cost_usd as double) * 1e6 / nullif(call_sums.priced_tokens, 0) as usd_per_million,
        session_sums.mean_health_score as mean_health_score,
        session_sums.critical_session_count as critical_session_count,
        row_number() over (order by call_sums.cost_usd desc nulls last, call_sums.model asc nulls last) as place
    from call_sums
    left join session_sums on coalesce(session_sums.model, '') = coalesce(call_sums.model, '')
)

select
    placed.model as model,
    cast(placed.person_count as bigint) as person_count,
    cast(placed.session_count as bigint) as session_count,
    cast(placed.llm_call_count as bigint) as llm_call_count,
    cast(placed.unpriced_call_count as bigint) as unpriced_call_count,
    cast(placed.total_tokens as bigint) as total_tokens,
    placed.cache_read_ratio as cache_read_ratio,
    cast(placed.cost_usd as decimal(18, 9)) as cost_usd,
    placed.usd_per_million as usd_per_million,
    placed.mean_health_score as mean_health_score,
    cast(coalesce(placed.critical_session_count, 0) as bigint) as critical_session_count
from placed
where $limit is null or placed.place <= $limit
order by placed.place asc nulls last
