-- The price list, by public ids.
select
    price_id as price_no,
    model,
    valid_from_on,
    context_over_tokens,
    service_tier,
    source,
    uncached_input_usd,
    cache_read_usd,
    cache_write_5m_usd,
    cache_write_1h_usd,
    output_usd,
    reasoning_usd,
    web_search_usd,
    fast_multiplier,
    geo_multipliers,
from star.model_prices
