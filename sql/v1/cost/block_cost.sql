-- Cost by five-hour block, with how much of it is priced.
--
-- A block starts with the full hour (UTC) of a call and lasts five hours; the next one starts with the first call after it.
-- Subscriptions count use this way. Each agent has blocks of its own; calls without a time belong to none.
-- @version 1
-- @since   0.1.0
-- @grain   agent, started_at
-- @column  agent                  Agent that made the calls.
-- @column  started_at             Start of the block.
-- @column  ended_at               End of the block, five hours on.
-- @column  last_call_at           Start of its last call.
-- @column  llm_call_count         Billed API calls.
-- @column  priced_call_count      Calls with a known cost.
-- @column  unpriced_call_count    Calls without.
-- @column  uncached_input_tokens  Input that no cache held.
-- @column  cache_read_tokens      Input read from a cache.
-- @column  cache_write_5m_tokens  Input written to a cache for five minutes.
-- @column  cache_write_1h_tokens  Input written to a cache for an hour.
-- @column  output_tokens          Output, with reasoning.
-- @column  total_tokens           The five classes.
-- @column  priced_tokens          Tokens of the priced calls.
-- @column  unpriced_tokens        Tokens of the others.
-- @column  cost_usd               Cost of the priced calls; NULL: none is.
-- @example select started_at, cost_usd from block_cost order by started_at desc limit 10
with hour_sums as (
    select
        sessions.agent,
        epoch_us(calls.started_at) // 3600000000 as hour,
        max(calls.started_at) as last_call_at,
        count(*) as llm_call_count,
        count(calls.cost_usd) as priced_call_count,
        count(*) - count(calls.cost_usd) as unpriced_call_count,
        cast(sum(calls.uncached_input_tokens) as bigint) as uncached_input_tokens,
        cast(sum(calls.cache_read_tokens) as bigint) as cache_read_tokens,
        cast(sum(calls.cache_write_5m_tokens) as bigint) as cache_write_5m_tokens,
        cast(sum(calls.cache_write_1h_tokens) as bigint) as cache_write_1h_tokens,
        cast(sum(calls.output_tokens) as bigint) as output_tokens,
        cast(sum(calls.total_tokens) as bigint) as total_tokens,
        coalesce(cast(sum(calls.total_tokens) filter (calls.cost_usd is not null) as bigint), 0) as priced_tokens,
        coalesce(cast(sum(calls.total_tokens) filter (calls.cost_usd is null) as bigint), 0) as unpriced_tokens,
        cast(sum(calls.cost_usd) as decimal(18, 9)) as cost_usd,
    from internal.priced_calls as calls
    inner join internal.session_keys as sessions using (session_no)
    where calls.started_at is not null
    group by all
),

block_starts as (
    select
        agent,
        unnest(
            list_reduce(
                list([hour] order by hour),
                lambda starts, following: if(
                    following[1] >= starts[-1] + 5,
                    list_append(starts, following[1]),
                    starts
                )
            )
        ) as hour,
    from hour_sums
    group by agent
)

select
    hour_sums.agent,
    make_timestamptz(block_starts.hour * 3600000000) as started_at,
    make_timestamptz((block_starts.hour + 5) * 3600000000) as ended_at,
    max(hour_sums.last_call_at) as last_call_at,
    cast(sum(hour_sums.llm_call_count) as bigint) as llm_call_count,
    cast(sum(hour_sums.priced_call_count) as bigint) as priced_call_count,
    cast(sum(hour_sums.unpriced_call_count) as bigint) as unpriced_call_count,
    cast(sum(hour_sums.uncached_input_tokens) as bigint) as uncached_input_tokens,
    cast(sum(hour_sums.cache_read_tokens) as bigint) as cache_read_tokens,
    cast(sum(hour_sums.cache_write_5m_tokens) as bigint) as cache_write_5m_tokens,
    cast(sum(hour_sums.cache_write_1h_tokens) as bigint) as cache_write_1h_tokens,
    cast(sum(hour_sums.output_tokens) as bigint) as output_tokens,
    cast(sum(hour_sums.total_tokens) as bigint) as total_tokens,
    cast(sum(hour_sums.priced_tokens) as bigint) as priced_tokens,
    cast(sum(hour_sums.unpriced_tokens) as bigint) as unpriced_tokens,
    cast(sum(hour_sums.cost_usd) as decimal(18, 9)) as cost_usd,
from hour_sums
asof inner join block_starts
    on block_starts.agent = hour_sums.agent
    and block_starts.hour <= hour_sums.hour
group by hour_sums.agent, block_starts.hour
