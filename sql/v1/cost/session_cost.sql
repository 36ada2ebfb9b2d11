-- Cost of every transcript, with how much of it is priced.
--
-- A transcript without a call has a row with counts of zero and no cost.
-- @version 1
-- @since   0.1.0
-- @grain   session_id
-- @column  session_id             The transcript.
-- @column  root_session_id        Transcript at the top of its chain of parents.
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
-- @example select session_id, cost_usd from session_cost where unpriced_call_count > 0
with call_sums as (
    select
        session_no,
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
    from internal.priced_calls
    group by session_no
)

select
    sessions.session_id,
    sessions.root_session_id,
    coalesce(call_sums.llm_call_count, 0) as llm_call_count,
    coalesce(call_sums.priced_call_count, 0) as priced_call_count,
    coalesce(call_sums.unpriced_call_count, 0) as unpriced_call_count,
    call_sums.uncached_input_tokens,
    call_sums.cache_read_tokens,
    call_sums.cache_write_5m_tokens,
    call_sums.cache_write_1h_tokens,
    call_sums.output_tokens,
    call_sums.total_tokens,
    coalesce(call_sums.priced_tokens, 0) as priced_tokens,
    coalesce(call_sums.unpriced_tokens, 0) as unpriced_tokens,
    call_sums.cost_usd,
from internal.session_keys as sessions
left join call_sums using (session_no)
