-- Cost by day, agent, model and project, with how much of it is priced.
--
-- Days are cut in the time zone of the connection (`set TimeZone`), by when a call started. All offsets in force since
-- 1972 are whole quarters of an hour, so calls are summed by quarters first: that is exact and many times faster.
-- @version 1
-- @since   0.1.0
-- @grain   day_on, agent, model, project
-- @column  day_on                 Day; NULL: the log gives the call no time.
-- @column  agent                  Agent that made the calls.
-- @column  model                  Model as shown.
-- @column  project                Last element of the session's working directory.
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
-- @example select day_on, sum(cost_usd) from daily_cost group by day_on order by day_on
-- @example select agent, sum(cost_usd) from daily_cost where day_on >= current_date - 7 group by agent
with quarter_sums as (
    select
        epoch_us(started_at) // 900000000 as quarter,
        agent,
        model,
        project,
        count(*) as llm_call_count,
        count(cost_usd) as priced_call_count,
        count(*) - count(cost_usd) as unpriced_call_count,
        cast(sum(uncached_input_tokens) as bigint) as uncached_input_tokens,
        cast(sum(cache_read_tokens) as bigint) as cache_read_tokens,
        cast(sum(cache_write_5m_tokens) as bigint) as cache_write_5m_tokens,
        cast(sum(cache_write_1h_tokens) as bigint) as cache_write_1h_tokens,
        cast(sum(output_tokens) as bigint) as output_tokens,
        cast(sum(total_tokens) as bigint) as total_tokens,
        coalesce(cast(sum(total_tokens) filter (cost_usd is not null) as bigint), 0) as priced_tokens,
        coalesce(cast(sum(total_tokens) filter (cost_usd is null) as bigint), 0) as unpriced_tokens,
        cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
    from v1.llm_calls
    group by all
)

select
    cast(make_timestamptz(quarter * 900000000) as date) as day_on,
    agent,
    model,
    project,
    cast(sum(llm_call_count) as bigint) as llm_call_count,
    cast(sum(priced_call_count) as bigint) as priced_call_count,
    cast(sum(unpriced_call_count) as bigint) as unpriced_call_count,
    cast(sum(uncached_input_tokens) as bigint) as uncached_input_tokens,
    cast(sum(cache_read_tokens) as bigint) as cache_read_tokens,
    cast(sum(cache_write_5m_tokens) as bigint) as cache_write_5m_tokens,
    cast(sum(cache_write_1h_tokens) as bigint) as cache_write_1h_tokens,
    cast(sum(output_tokens) as bigint) as output_tokens,
    cast(sum(total_tokens) as bigint) as total_tokens,
    cast(sum(priced_tokens) as bigint) as priced_tokens,
    cast(sum(unpriced_tokens) as bigint) as unpriced_tokens,
    cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
from quarter_sums
group by all
