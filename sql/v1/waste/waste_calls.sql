-- API calls that cost money which brought nothing, by kind, and how much of their cost that is.
--
-- The kinds of a call take from its cost in this order, so that no part of it counts twice and all of them come to its cost at
-- most. `compaction` and `cache_expired` take what the tokens written again cost beyond what a read would have. Of the rest,
-- each tool that the call asked for has an equal share: `interrupted` the answer was broken off, `repeated` a blind repeat with
-- the same end, `failed` all tools failed, `read_again` an unchanged file. Of what then remains, `big_result` takes the reads
-- of results over 50 kB that are carried along, by an estimate of four bytes a token.
-- @version 1
-- @since   0.1.0
-- @grain   llm_call_id, waste_kind
-- @column  llm_call_id      The call.
-- @column  session_id       Transcript that made it.
-- @column  root_session_id  Transcript at the top of its chain of parents.
-- @column  turn_id          Turn that was under way.
-- @column  agent            Agent that made it.
-- @column  project          Last element of the session's working directory.
-- @column  waste_kind       `compaction`, `cache_expired`, `interrupted`, `repeated`, `failed`, `read_again` or `big_result`.
-- @column  started_at       When the call started.
-- @column  part_count       Tools of the call that it concerns; NULL: it concerns tokens.
-- @column  whole_count      Tools that the call asked for; 1: it asked for none.
-- @column  wasted_tokens    Tokens written again or carried along; NULL: it concerns tools.
-- @column  pause_ms         Pause before a cache was written again.
-- @column  tool_call_id     A tool call that shows it.
-- @column  cost_usd         Part of the call's cost; NULL: not known.
-- @column  is_estimate      Whether the log does not state the tokens.
-- @example select * from waste_calls order by cost_usd desc nulls last limit 10
with found_calls as (
    select
        llm_call_id,
        max(wasted_tokens) filter (waste_kind in ('compaction', 'cache_expired')) as rebuilt_tokens,
    from mart.waste_calls
    group by llm_call_id
),

rates as (
    select
        price_no,
        cast(cast(uncached_input_usd as decimal(28, 9)) * 1000000000 as hugeint) as uncached_input_rate,
        cast(cast(cache_read_usd as decimal(28, 9)) * 1000000000 as hugeint) as cache_read_rate,
        cast(cast(cache_write_5m_usd as decimal(28, 9)) * 1000000000 as hugeint) as cache_write_5m_rate,
        cast(cast(cache_write_1h_usd as decimal(28, 9)) * 1000000000 as hugeint) as cache_write_1h_rate,
    from raw.model_prices
    where price_no in (select price_no from mart.llm_calls)
),

-- Whole numbers of 10^-9 USD, cut off: parts never add up to more than the whole.
calls as (
    select
        priced.llm_call_id,
        priced.turn_id,
        priced.started_at,
        found_calls.rebuilt_tokens,
        cast(cast(priced.cost_usd as decimal(28, 9)) * 1000000000 as hugeint) as cost,
        cast(cast(priced.computed_cost_usd as decimal(28, 9)) * 1000000000 as hugeint) as computed_cost,
        rates.cache_read_rate,
        nullif(coalesce(priced.cache_write_5m_tokens, 0) + coalesce(priced.cache_write_1h_tokens, 0), 0) as written_tokens,
        coalesce(priced.cache_write_5m_tokens, 0) * rates.cache_write_5m_rate
        + coalesce(priced.cache_write_1h_tokens, 0) * rates.cache_write_1h_rate as written_rates,
        rates.uncached_input_rate,
    from found_calls
    inner join internal.priced_calls as priced using (llm_call_id)
    left join rates on rates.price_no = priced.price_no
),

rebuilt_calls as (
    select
        *,
        case
            when rebuilt_tokens is null then 0
            when cost is not null and computed_cost > 0 then
                greatest(
                    0,
                    least(
                        cost,
                        if(
                            written_tokens is null,
                            rebuilt_tokens * (uncached_input_rate - cache_read_rate),
                            rebuilt_tokens * (written_rates - written_tokens * cache_read_rate) // written_tokens
                        ) * cost // computed_cost // 1000000
                    )
                )
        end as rebuilt_cost,
    from calls
),

shares as (
    select
        found.*,
        calls.turn_id,
        calls.started_at,
        calls.rebuilt_cost,
        calls.cost - coalesce(calls.rebuilt_cost, 0) as rest_cost,
        found.wasted_tokens * calls.cache_read_rate * calls.cost // nullif(calls.computed_cost, 0) // 1000000 as read_cost,
        coalesce(sum(found.part_count) over (partition by found.llm_call_id), 0) as all_part_count,
        max(found.whole_count) over (partition by found.llm_call_id) as all_count,
    from mart.waste_calls as found
    inner join rebuilt_calls as calls using (llm_call_id)
),

costs as (
    select
        *,
        case
            when waste_kind in ('compaction', 'cache_expired') then rebuilt_cost
            when waste_kind = 'big_result' and read_cost is null then null
            when waste_kind = 'big_result'
                then least(rest_cost, read_cost) * (coalesce(all_count, 1) - all_part_count) // coalesce(all_count, 1)
            else rest_cost * part_count // whole_count
        end as cost,
    from shares
)

select
    costs.llm_call_id,
    sessions.session_id,
    sessions.root_session_id,
    costs.turn_id,
    sessions.agent,
    sessions.project,
    costs.waste_kind,
    costs.started_at,
    costs.part_count,
    costs.whole_count,
    costs.wasted_tokens,
    costs.pause_ms,
    costs.tool_call_id,
    cast(cast(costs.cost as decimal(18, 0)) * cast(0.000000001 as decimal(9, 9)) as decimal(18, 9)) as cost_usd,
    costs.waste_kind = 'big_result' as is_estimate,
from costs
inner join internal.session_keys as sessions on sessions.session_no = costs.session_no
