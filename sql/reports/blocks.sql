-- Cost and tokens of every five-hour block, the newest last.
--
-- A block starts with the full hour (UTC) of a call and lasts five hours, as subscriptions count use; each agent has its own.
-- It begins and ends with all the agent's calls, whichever of them are summed.
-- @title   Five-hour blocks
-- @param   since   timestamptz null Blocks that end after this time.
-- @param   until   timestamptz null Blocks that begin before this time.
-- @param   agent   varchar null Only this agent.
-- @param   model   varchar null Only calls of this model, as shown or as logged.
-- @param   project varchar null Only calls of this project.
-- @param   session varchar null Only calls of this session and the subagents it started.
-- @param   limit   bigint 30 Only the last blocks, so many.
-- @column  agent                Agent
-- @column  started_at           From
-- @column  ended_at             Until
-- @column  last_call_at         Last call
-- @column  llm_call_count       Calls
-- @column  unpriced_call_count  Unpriced
-- @column  output_tokens        Output
-- @column  total_tokens         Tokens
-- @column  cost_usd             Cost
-- @empty   No API call matches.
-- @example agenttrace blocks --since 7d
with hours as (
    select
        agent,
        epoch_us(started_at) // 3600000000 as hour,
        max(started_at) as last_call_at,
        count(*) as llm_call_count,
        count(*) - count(cost_usd) as unpriced_call_count,
        cast(sum(output_tokens) as bigint) as output_tokens,
        cast(sum(total_tokens) as bigint) as total_tokens,
        cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
    from v1.llm_calls
    where
        started_at is not null
        and ($agent is null or agent = $agent)
        and ($model is null or $model in (model, model_raw))
        and ($project is null or project = $project)
        and ($session is null or $session in (session_id, root_session_id))
    group by all
),

blocks as (
    select
        blocks.agent,
        blocks.started_at,
        blocks.ended_at,
        max(hours.last_call_at) as last_call_at,
        cast(sum(hours.llm_call_count) as bigint) as llm_call_count,
        cast(sum(hours.unpriced_call_count) as bigint) as unpriced_call_count,
        cast(sum(hours.output_tokens) as bigint) as output_tokens,
        cast(sum(hours.total_tokens) as bigint) as total_tokens,
        cast(sum(hours.cost_usd) as decimal(18, 9)) as cost_usd,
    from hours
    asof inner join v1.block_cost as blocks
        on blocks.agent = hours.agent
        and blocks.started_at <= make_timestamptz(hours.hour * 3600000000)
    where
        ($since is null or blocks.ended_at > $since)
        and ($until is null or blocks.started_at < $until)
    group by blocks.agent, blocks.started_at, blocks.ended_at
    order by blocks.started_at desc, blocks.agent
    limit $limit
)

select
    agent,
    started_at,
    ended_at,
    last_call_at,
    llm_call_count,
    unpriced_call_count,
    output_tokens,
    total_tokens,
    cost_usd,
from blocks
order by started_at, agent
