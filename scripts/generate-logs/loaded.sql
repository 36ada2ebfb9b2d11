-- What was loaded of each agent, in the columns in which the generators tell what they wrote.
select s.agent, s.sessions, s.turns, c.* exclude (agent), t.* exclude (agent)
from (
    select agent, count(*) as sessions, sum(turn_count)::bigint as turns from v1.sessions group by agent
) as s
left join (
    select
        agent,
        count(*) as calls,
        sum(uncached_input_tokens) as uncached_input_tokens,
        sum(cache_read_tokens) as cache_read_tokens,
        sum(cache_write_5m_tokens) + sum(coalesce(cache_write_1h_tokens, 0)) as cache_write_tokens,
        sum(output_tokens) as output_tokens,
        sum(reasoning_tokens) as reasoning_tokens,
    from v1.llm_calls
    group by agent
) as c using (agent)
left join (
    select agent, count(*) as tool_calls, count(*) filter (where status = 'failed') as failed_tool_calls
    from v1.tool_calls
    group by agent
) as t using (agent)
