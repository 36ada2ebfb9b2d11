-- Sessions that hold what counts in another one, with their sums anew from what is left to them.
--
-- Their health and findings stay as their host judged them.
with mended as (
    select distinct session_id
    from lake.repeats
),

model_sums as (
    select
        session_id,
        model,
        count(*) as llm_call_count,
        case when count(api_call_count) = count(*) then sum(api_call_count) end as api_call_count,
        sum(uncached_input_tokens) as uncached_input_tokens,
        sum(cache_read_tokens) as cache_read_tokens,
        sum(cache_write_5m_tokens) as cache_write_5m_tokens,
        sum(cache_write_1h_tokens) as cache_write_1h_tokens,
        sum(output_tokens) as output_tokens,
        sum(reasoning_tokens) as reasoning_tokens,
        sum(total_tokens) as total_tokens,
        sum(cost_usd) as cost_usd,
        count(*) - count(cost_usd) as unpriced_call_count,
        min(started_at) as first_at,
    from lake.llm_calls
    where session_id in (select session_id from mended)
    group by session_id, model
),

call_sums as (
    select
        session_id,
        arg_max(model, (output_tokens, model)) as model,
        count(model) as model_count,
        sum(llm_call_count) as llm_call_count,
        case when count(api_call_count) = count(*) then sum(api_call_count) end as api_call_count,
        sum(uncached_input_tokens) as uncached_input_tokens,
        sum(cache_read_tokens) as cache_read_tokens,
        sum(cache_write_5m_tokens) as cache_write_5m_tokens,
        sum(cache_write_1h_tokens) as cache_write_1h_tokens,
        sum(output_tokens) as output_tokens,
        sum(reasoning_tokens) as reasoning_tokens,
        sum(total_tokens) as total_tokens,
        sum(cost_usd) as cost_usd,
        sum(unpriced_call_count) as unpriced_call_count,
        min(first_at) as first_at,
    from model_sums
    group by session_id
),

tool_sums as (
    select
        session_id,
        count(*) as tool_call_count,
        count(*) filter (status in ('ok', 'failed')) as tool_ended_count,
        count(*) filter (status = 'failed') as tool_failure_count,
        min(called_at) as first_at,
    from lake.tool_calls
    where session_id in (select session_id from mended)
    group by session_id
),

turn_sums as (
    select
        session_id,
        count(*) as turn_count,
        min(started_at) as first_at,
    from lake.turns
    where session_id in (select session_id from mended)
    group by session_id
),

gap_sums as (
    select
        session_id,
        sum(case when gap_ms > 300000 then 300000 else gap_ms end) as active_ms,
        min(started_at) as first_at,
    from lake.gaps
    where session_id in (select session_id from mended)
    group by session_id
),

retry_sums as (
    select
        session_id,
        count(*) as retry_count,
    from lake.findings
    where finding_kind = 'retry' and session_id in (select session_id from mended)
    group by session_id
)

select
    sessions.* replace (
        least(call_sums.first_at, tool_sums.first_at, turn_sums.first_at, gap_sums.first_at) as started_at,
        cast(coalesce(gap_sums.active_ms, 0) as bigint) as active_ms,
        call_sums.model as model,
        coalesce(call_sums.model_count, 0) as model_count,
        coalesce(turn_sums.turn_count, 0) as turn_count,
        cast(coalesce(call_sums.llm_call_count, 0) as bigint) as llm_call_count,
        cast(call_sums.api_call_count as bigint) as api_call_count,
        coalesce(tool_sums.tool_call_count, 0) as tool_call_count,
        coalesce(tool_sums.tool_ended_count, 0) as tool_ended_count,
        coalesce(tool_sums.tool_failure_count, 0) as tool_failure_count,
        coalesce(retry_sums.retry_count, 0) as retry_count,
        cast(call_sums.uncached_input_tokens as bigint) as uncached_input_tokens,
        cast(call_sums.cache_read_tokens as bigint) as cache_read_tokens,
        cast(call_sums.cache_write_5m_tokens as bigint) as cache_write_5m_tokens,
        cast(call_sums.cache_write_1h_tokens as bigint) as cache_write_1h_tokens,
        cast(call_sums.output_tokens as bigint) as output_tokens,
        cast(call_sums.reasoning_tokens as bigint) as reasoning_tokens,
        cast(call_sums.total_tokens as bigint) as total_tokens,
        cast(call_sums.cost_usd as decimal(18, 9)) as cost_usd,
        cast(coalesce(call_sums.unpriced_call_count, 0) as bigint) as unpriced_call_count
    ),
from cells.sessions as sessions
inner join lake.owners as owners on owners.session_id = sessions.session_id and owners.host = sessions.host
inner join mended on mended.session_id = sessions.session_id
left join call_sums on call_sums.session_id = sessions.session_id
left join tool_sums on tool_sums.session_id = sessions.session_id
left join turn_sums on turn_sums.session_id = sessions.session_id
left join gap_sums on gap_sums.session_id = sessions.session_id
left join retry_sums on retry_sums.session_id = sessions.session_id
