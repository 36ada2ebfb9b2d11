-- What every class of every priced call costs by the price list.
--
-- The cost of a call by the price list is the sum of its rows. A class without tokens has no row, except output, so that
-- a call that used nothing costs nothing rather than an unknown sum.
-- @version 1
-- @since   0.1.0
-- @grain   llm_call_id, token_class
select
    calls.llm_call_id,
    calls.session_no,
    calls.provider,
    calls.model_raw,
    calls.reported_cost_usd,
    classes.token_class,
    calls.price_no,
    case classes.token_class
        when 'uncached_input' then calls.uncached_input_tokens
        when 'cache_read' then calls.cache_read_tokens
        when 'cache_write_5m' then calls.cache_write_5m_tokens
        when 'cache_write_1h' then calls.cache_write_1h_tokens
        when 'output' then calls.output_tokens
        when 'web_search' then calls.web_search_count
    end as tokens,
    case classes.token_class
        when 'uncached_input' then calls.uncached_input_usd
        when 'cache_read' then calls.cache_read_usd
        when 'cache_write_5m' then calls.cache_write_5m_usd
        when 'cache_write_1h' then calls.cache_write_1h_usd
        when 'output' then calls.output_usd
        when 'web_search' then cast(cast(calls.web_search_usd as decimal(28, 9)) * 1000000 as decimal(18, 9))
    end as usd_per_million,
    if(classes.token_class in ('uncached_input', 'output'), calls.multiplier, 1) as multiplier,
    if(classes.token_class = 'output', calls.reasoning_tokens, null) as reasoning_tokens,
    if(classes.token_class = 'output' and calls.reasoning_tokens is not null, calls.reasoning_usd, null)
        as reasoning_usd_per_million,
    case classes.token_class
        when 'uncached_input' then calls.uncached_input_cost_usd
        when 'cache_read' then calls.cache_read_cost_usd
        when 'cache_write_5m' then calls.cache_write_5m_cost_usd
        when 'cache_write_1h' then calls.cache_write_1h_cost_usd
        when 'output' then calls.output_cost_usd
        when 'web_search' then calls.web_search_cost_usd
    end as cost_usd,
from internal.call_class_prices as calls
cross join internal.token_classes as classes
where tokens > 0 or classes.token_class = 'output'
