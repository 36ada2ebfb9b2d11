-- Cost by project, with how much of it is priced.
--
-- A project is the last element of the working directory of the session that made the call.
-- @version 1
-- @since   0.1.0
-- @grain   project
-- @column  project                Project; NULL: the log names no working directory.
-- @column  session_count          Transcripts with a call in the project.
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
-- @example select project, cost_usd from project_cost order by cost_usd desc nulls last
select
    project,
    count(distinct session_id) as session_count,
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
group by project
