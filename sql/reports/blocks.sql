-- Cost and tokens of every five-hour block, the newest last.
--
-- A block starts with the full hour (UTC) of a call and lasts five hours, as subscriptions count use; each agent has its own.
-- @title   Five-hour blocks
-- @param   since   timestamptz null Blocks that end after this time.
-- @param   until   timestamptz null Blocks that begin before this time.
-- @param   agent   varchar null Only this agent.
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
with blocks as (
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
    from v1.block_cost
    where
        ($since is null or ended_at > $since)
        and ($until is null or started_at < $until)
        and ($agent is null or agent = $agent)
    order by started_at desc, agent
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
