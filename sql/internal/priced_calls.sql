-- Billed API calls with their cost under the cost mode in force.
--
-- The variable `cost_mode` decides: `auto` (or unset) takes a cost that the log reports when it is above zero and the
-- computed one otherwise, `calculate` only the computed one, `reported` only the reported one. The total is the sum
-- of the five classes, of which one that the log leaves out counts as none.
-- @version 1
-- @since   0.1.0
-- @grain   llm_call_id
with costed_calls as (
    select
        llm_call_id,
        session_no,
        turn_id,
        source_no,
        line_no,
        form,
        provider,
        model_raw,
        started_at,
        ended_at,
        uncached_input_tokens,
        cache_read_tokens,
        cache_write_5m_tokens,
        cache_write_1h_tokens,
        output_tokens,
        reasoning_tokens,
        web_search_count,
        service_tier,
        speed,
        stop_reason,
        duration_ms,
        first_token_ms,
        granularity,
        api_call_count,
        is_output_incomplete,
        reported_cost_usd,
        computed_cost_usd,
        price_no,
        coalesce(uncached_input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens)
            is not null as has_context,
        coalesce(uncached_input_tokens, 0)
        + coalesce(cache_read_tokens, 0)
        + coalesce(cache_write_5m_tokens, 0)
        + coalesce(cache_write_1h_tokens, 0) as known_context_tokens,
        case coalesce(getvariable('cost_mode'), 'auto')
            when 'calculate' then if(computed_cost_usd is null, null, 'computed')
            when 'reported' then if(reported_cost_usd is null, null, 'reported')
            else case
                when reported_cost_usd > 0 then 'reported'
                when computed_cost_usd is not null then 'computed'
            end
        end as cost_source,
    from mart.llm_calls
)

select
    llm_call_id,
    session_no,
    turn_id,
    source_no,
    line_no,
    form,
    provider,
    model_raw,
    started_at,
    ended_at,
    uncached_input_tokens,
    cache_read_tokens,
    cache_write_5m_tokens,
    cache_write_1h_tokens,
    output_tokens,
    reasoning_tokens,
    if(has_context, known_context_tokens, null) as context_tokens,
    if(has_context or output_tokens is not null, known_context_tokens + coalesce(output_tokens, 0), null)
        as total_tokens,
    web_search_count,
    service_tier,
    speed,
    stop_reason,
    duration_ms,
    first_token_ms,
    granularity,
    api_call_count,
    is_output_incomplete,
    price_no,
    reported_cost_usd,
    computed_cost_usd,
    case cost_source
        when 'reported' then reported_cost_usd
        when 'computed' then computed_cost_usd
    end as cost_usd,
    cost_source,
from costed_calls
