-- The cost of every call by class, as its host reckoned it; with what rate and by what rule, only that host's warehouse knows.
with classes as (
    select
        calls.llm_call_id,
        calls.session_id,
        calls.root_session_id,
        calls.cost_source,
        calls.cost_usd as call_cost_usd,
        calls.total_tokens,
        unnest([
            {'token_class': 'uncached_input', 'tokens': calls.uncached_input_tokens, 'cost_usd': calls.uncached_input_cost_usd},
            {'token_class': 'cache_read', 'tokens': calls.cache_read_tokens, 'cost_usd': calls.cache_read_cost_usd},
            {'token_class': 'cache_write_5m', 'tokens': calls.cache_write_5m_tokens, 'cost_usd': calls.cache_write_5m_cost_usd},
            {'token_class': 'cache_write_1h', 'tokens': calls.cache_write_1h_tokens, 'cost_usd': calls.cache_write_1h_cost_usd},
            {'token_class': 'output', 'tokens': calls.output_tokens, 'cost_usd': calls.output_cost_usd},
            {'token_class': 'web_search', 'tokens': calls.web_search_count, 'cost_usd': calls.web_search_cost_usd},
            {'token_class': 'reported', 'tokens': calls.total_tokens, 'cost_usd': calls.cost_usd}
        ]) as class,
    from lake.llm_calls as calls
)

select
    llm_call_id,
    session_id,
    root_session_id,
    class.token_class as token_class,
    class.tokens as tokens,
    cast(null as decimal(18, 9)) as usd_per_million,
    cast(null as decimal(18, 8)) as multiplier,
    cast(null as bigint) as reasoning_tokens,
    cast(null as decimal(18, 9)) as reasoning_usd_per_million,
    class.cost_usd as cost_usd,
    cast(null as varchar) as price_model,
    cast(null as date) as price_valid_from_on,
    cast(null as bigint) as context_over_tokens,
    cast(null as varchar) as price_service_tier,
    cast(null as varchar) as price_source,
    if(class.token_class = 'reported', 'reported', null) as rule,
    cast(null as integer) as formula_version,
from classes
where
    if(
        coalesce(cost_source, '') = 'reported',
        class.token_class = 'reported',
        class.token_class <> 'reported' and (class.tokens > 0 or class.token_class = 'output')
    )
