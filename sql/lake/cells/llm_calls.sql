-- Billed API calls with their cost by class, under the day their transcript began.
with class_costs as (
    select
        llm_call_id,
        sum(cost_usd) filter (token_class = 'uncached_input') as uncached_input_cost_usd,
        sum(cost_usd) filter (token_class = 'cache_read') as cache_read_cost_usd,
        sum(cost_usd) filter (token_class = 'cache_write_5m') as cache_write_5m_cost_usd,
        sum(cost_usd) filter (token_class = 'cache_write_1h') as cache_write_1h_cost_usd,
        sum(cost_usd) filter (token_class = 'output') as output_cost_usd,
        sum(cost_usd) filter (token_class = 'web_search') as web_search_cost_usd,
    from v1.call_cost
    group by llm_call_id
)

select
    days.day as day,
    calls.* exclude (host),
    calls.host as host_name,
    class_costs.uncached_input_cost_usd,
    class_costs.cache_read_cost_usd,
    class_costs.cache_write_5m_cost_usd,
    class_costs.cache_write_1h_cost_usd,
    class_costs.output_cost_usd,
    class_costs.web_search_cost_usd,
from opened_llm_calls as calls
inner join session_days as days on days.session_id = calls.session_id
left join class_costs on class_costs.llm_call_id = calls.llm_call_id
order by day, session_id, started_at nulls first, llm_call_id
