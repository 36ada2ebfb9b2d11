-- Billed API calls with the cost that they were exported with.
select
    llm_call_id,
    session_id as session_no,
    provider,
    model_raw,
    started_at,
    uncached_input_tokens,
    cache_read_tokens,
    cache_write_5m_tokens,
    cache_write_1h_tokens,
    output_tokens,
    total_tokens,
    web_search_count,
    reported_cost_usd,
    cost_usd,
    cost_source,
from star.llm_calls
