-- What each class of a call's tokens costs by the price list, one column a class.
--
-- cost = tokens × USD per million × multiplier ÷ 1,000,000, rounded to nine places. Fast mode and the place of inference
-- multiply uncached input and output only. Where reasoning has a price of its own, it pays that and the rest of the
-- output the output's. A class that a call lacks is NULL, and every cost of a call without a price. Web searches are priced one by
-- one.
--
-- Whole numbers of 10^-9 USD are sixty times faster than wide decimals, so calls without a multiplier and of common
-- size (all but a few) go that way; the rest is computed in decimals. Both are exact.
-- @version 1
-- @since   0.1.0
-- @grain   llm_call_id
with used_prices as (
    select price_no from mart.llm_calls group by all
),

rates as (
    select
        prices.price_no,
        prices.uncached_input_usd,
        prices.cache_read_usd,
        prices.cache_write_5m_usd,
        prices.cache_write_1h_usd,
        prices.output_usd,
        prices.reasoning_usd,
        prices.web_search_usd,
        coalesce(prices.fast_multiplier, 1) as fast_multiplier,
        prices.geo_multipliers,
        cast(cast(prices.uncached_input_usd as decimal(28, 9)) * 1000000000 as bigint) as uncached_input_rate,
        cast(cast(prices.cache_read_usd as decimal(28, 9)) * 1000000000 as bigint) as cache_read_rate,
        cast(cast(prices.cache_write_5m_usd as decimal(28, 9)) * 1000000000 as bigint) as cache_write_5m_rate,
        cast(cast(prices.cache_write_1h_usd as decimal(28, 9)) * 1000000000 as bigint) as cache_write_1h_rate,
        cast(cast(prices.output_usd as decimal(28, 9)) * 1000000000 as bigint) as output_rate,
        cast(cast(prices.reasoning_usd as decimal(28, 9)) * 1000000000 as bigint) as reasoning_rate,
        9000000000000000000 // cast(
            greatest(
                0.000000001,
                prices.uncached_input_usd,
                prices.cache_read_usd,
                prices.cache_write_5m_usd,
                prices.cache_write_1h_usd,
                prices.output_usd,
                prices.reasoning_usd
            ) * cast(1000000000 as decimal(28, 0)) as bigint
        ) as max_plain_tokens,
    from raw.model_prices as prices
    inner join used_prices using (price_no)
),

rated_calls as (
    select
        calls.llm_call_id,
        sessions.session_id,
        sessions.root_session_id,
        calls.provider,
        calls.model_raw,
        calls.reported_cost_usd,
        calls.computed_cost_usd,
        calls.price_no,
        calls.uncached_input_tokens,
        calls.cache_read_tokens,
        calls.cache_write_5m_tokens,
        calls.cache_write_1h_tokens,
        calls.output_tokens,
        if(
            rates.reasoning_rate is null or calls.reasoning_tokens is null,
            null,
            least(calls.reasoning_tokens, calls.output_tokens)
        ) as reasoning_tokens,
        calls.web_search_count,
        cast(
            if(calls.speed = 'fast', rates.fast_multiplier, 1)
            * coalesce(rates.geo_multipliers[lower(calls.inference_geo)], 1) as decimal(18, 8)
        ) as multiplier,
        multiplier = 1 and rates.max_plain_tokens >= greatest(
            calls.uncached_input_tokens,
            calls.cache_read_tokens,
            calls.cache_write_5m_tokens,
            calls.cache_write_1h_tokens,
            calls.output_tokens,
            0
        ) as is_plain,
        rates,
    from mart.llm_calls as calls
    inner join internal.session_keys as sessions using (session_no)
    -- Outer, so that it comes last: DuckDB thinks that few calls have one of so few prices.
    left join rates on rates.price_no = calls.price_no
)

select
    llm_call_id,
    session_id,
    root_session_id,
    provider,
    model_raw,
    reported_cost_usd,
    computed_cost_usd,
    price_no,
    multiplier,
    uncached_input_tokens,
    cache_read_tokens,
    cache_write_5m_tokens,
    cache_write_1h_tokens,
    output_tokens,
    reasoning_tokens,
    web_search_count,
    rates.uncached_input_usd,
    rates.cache_read_usd,
    rates.cache_write_5m_usd,
    rates.cache_write_1h_usd,
    rates.output_usd,
    rates.reasoning_usd,
    rates.web_search_usd,
    if(
        is_plain,
        cast((uncached_input_tokens * rates.uncached_input_rate + 500000) // 1000000 as decimal(18, 0)) * cast(0.000000001 as decimal(9, 9)),
        cast(
            cast(uncached_input_tokens as decimal(19, 0)) * rates.uncached_input_usd * multiplier * 0.000001
            as decimal(18, 9)
        )
    ) as uncached_input_cost_usd,
    if(
        is_plain,
        cast((cache_read_tokens * rates.cache_read_rate + 500000) // 1000000 as decimal(18, 0)) * cast(0.000000001 as decimal(9, 9)),
        cast(
            cast(cache_read_tokens as decimal(19, 0)) * rates.cache_read_usd * 0.000001
            as decimal(18, 9)
        )
    ) as cache_read_cost_usd,
    if(
        is_plain,
        cast((cache_write_5m_tokens * rates.cache_write_5m_rate + 500000) // 1000000 as decimal(18, 0)) * cast(0.000000001 as decimal(9, 9)),
        cast(
            cast(cache_write_5m_tokens as decimal(19, 0)) * rates.cache_write_5m_usd * 0.000001
            as decimal(18, 9)
        )
    ) as cache_write_5m_cost_usd,
    if(
        is_plain,
        cast((cache_write_1h_tokens * rates.cache_write_1h_rate + 500000) // 1000000 as decimal(18, 0)) * cast(0.000000001 as decimal(9, 9)),
        cast(
            cast(cache_write_1h_tokens as decimal(19, 0)) * rates.cache_write_1h_usd * 0.000001
            as decimal(18, 9)
        )
    ) as cache_write_1h_cost_usd,
    if(
        is_plain,
        cast(
            (
                (output_tokens - coalesce(reasoning_tokens, 0)) * rates.output_rate
                + coalesce(reasoning_tokens * rates.reasoning_rate, 0)
                + 500000
            ) // 1000000 as decimal(18, 0)
        ) * cast(0.000000001 as decimal(9, 9)),
        cast(
            (
                cast(output_tokens - coalesce(reasoning_tokens, 0) as decimal(19, 0)) * rates.output_usd
                + coalesce(cast(reasoning_tokens as decimal(19, 0)) * rates.reasoning_usd, 0)
            ) * multiplier * 0.000001 as decimal(18, 9)
        )
    ) as output_cost_usd,
    cast(cast(web_search_count as decimal(9, 0)) * rates.web_search_usd as decimal(18, 9)) as web_search_cost_usd,
from rated_calls
