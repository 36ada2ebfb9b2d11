-- What every class of every priced call costs by the price list.
--
-- The cost of a call by the price list is the sum of its rows. A class without tokens has no row, except output, so that
-- a call that used nothing costs nothing rather than an unknown sum. (As a list rather than a join, so that a filter on the
-- session reaches the calls.)
-- @version 1
-- @since   0.1.0
-- @grain   llm_call_id, token_class
with classes as (
    select
        calls.llm_call_id,
        calls.session_no,
        calls.provider,
        calls.model_raw,
        calls.reported_cost_usd,
        calls.price_no,
        unnest(
            [
                {
                    'token_class': 'uncached_input',
                    'tokens': calls.uncached_input_tokens,
                    'usd_per_million': calls.uncached_input_usd,
                    'multiplier': calls.multiplier,
                    'reasoning_tokens': cast(null as bigint),
                    'reasoning_usd_per_million': cast(null as decimal(18, 9)),
                    'cost_usd': calls.uncached_input_cost_usd,
                },
                {
                    'token_class': 'cache_read',
                    'tokens': calls.cache_read_tokens,
                    'usd_per_million': calls.cache_read_usd,
                    'multiplier': 1,
                    'reasoning_tokens': null,
                    'reasoning_usd_per_million': null,
                    'cost_usd': calls.cache_read_cost_usd,
                },
                {
                    'token_class': 'cache_write_5m',
                    'tokens': calls.cache_write_5m_tokens,
                    'usd_per_million': calls.cache_write_5m_usd,
                    'multiplier': 1,
                    'reasoning_tokens': null,
                    'reasoning_usd_per_million': null,
                    'cost_usd': calls.cache_write_5m_cost_usd,
                },
                {
                    'token_class': 'cache_write_1h',
                    'tokens': calls.cache_write_1h_tokens,
                    'usd_per_million': calls.cache_write_1h_usd,
                    'multiplier': 1,
                    'reasoning_tokens': null,
                    'reasoning_usd_per_million': null,
                    'cost_usd': calls.cache_write_1h_cost_usd,
                },
                {
                    'token_class': 'output',
                    'tokens': calls.output_tokens,
                    'usd_per_million': calls.output_usd,
                    'multiplier': calls.multiplier,
                    'reasoning_tokens': calls.reasoning_tokens,
                    'reasoning_usd_per_million': if(calls.reasoning_tokens is null, null, calls.reasoning_usd),
                    'cost_usd': calls.output_cost_usd,
                },
                {
                    'token_class': 'web_search',
                    'tokens': calls.web_search_count,
                    'usd_per_million': cast(cast(calls.web_search_usd as decimal(28, 9)) * 1000000 as decimal(18, 9)),
                    'multiplier': 1,
                    'reasoning_tokens': null,
                    'reasoning_usd_per_million': null,
                    'cost_usd': calls.web_search_cost_usd,
                }
            ],
            recursive := true
        ),
    from internal.call_class_prices as calls
)

select
    llm_call_id,
    session_no,
    provider,
    model_raw,
    reported_cost_usd,
    token_class,
    price_no,
    tokens,
    usd_per_million,
    multiplier,
    reasoning_tokens,
    reasoning_usd_per_million,
    cost_usd,
from classes
where tokens > 0 or token_class = 'output'
