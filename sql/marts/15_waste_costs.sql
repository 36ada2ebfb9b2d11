-- How much of the cost of these calls brought nothing, under each cost mode.
--
-- The kinds of a call take from its cost in this order, so that no part of it counts twice and all of them come to its cost at
-- most. `compaction` and `cache_expired` take what the tokens written again cost beyond what a read would have. Of the rest,
-- each tool that the call asked for has an equal share. Of what then remains, `big_result` takes the reads of what is carried along.

insert into mart.waste_calls
with found_calls as (
    select
        llm_call_id,
        max(wasted_tokens) filter (waste_kind in ('compaction', 'cache_expired')) as rebuilt_tokens,
        coalesce(sum(part_count), 0)::bigint as all_part_count,
        coalesce(max(whole_count), 1) as all_count,
    from found_waste
    group by llm_call_id
),

rates as (
    select
        price_no,
        (uncached_input_usd::decimal(28, 9) * 1000000000)::hugeint as uncached_input_rate,
        (cache_read_usd::decimal(28, 9) * 1000000000)::hugeint as cache_read_rate,
        (cache_write_5m_usd::decimal(28, 9) * 1000000000)::hugeint as cache_write_5m_rate,
        (cache_write_1h_usd::decimal(28, 9) * 1000000000)::hugeint as cache_write_1h_rate,
    from raw.model_prices
),

-- Whole numbers of 10^-9 USD, cut off: parts never add up to more than the whole.
costed_calls as (
    select
        c.llm_call_id,
        f.rebuilt_tokens,
        f.all_part_count,
        f.all_count,
        unnest(['auto', 'computed', 'reported']) as cost_kind,
        (
            unnest([
                case when c.reported_cost_usd > 0 then c.reported_cost_usd else c.computed_cost_usd end,
                c.computed_cost_usd,
                c.reported_cost_usd
            ])::decimal(28, 9) * 1000000000
        )::hugeint as cost,
        (c.computed_cost_usd::decimal(28, 9) * 1000000000)::hugeint as computed_cost,
        r.uncached_input_rate,
        r.cache_read_rate,
        nullif(coalesce(c.cache_write_5m_tokens, 0) + coalesce(c.cache_write_1h_tokens, 0), 0) as written_tokens,
        coalesce(c.cache_write_5m_tokens, 0) * r.cache_write_5m_rate
        + coalesce(c.cache_write_1h_tokens, 0) * r.cache_write_1h_rate as written_rates,
    from found_calls as f
    inner join mart.llm_calls as c on c.llm_call_id = f.llm_call_id
    left join rates as r on r.price_no = c.price_no
),

rebuilt_calls as (
    select
        *,
        case
            when rebuilt_tokens is null then 0
            when cost is not null and computed_cost > 0 then
                greatest(
                    0,
                    least(
                        cost,
                        case
                            when written_tokens is null then rebuilt_tokens * (uncached_input_rate - cache_read_rate)
                            else rebuilt_tokens * (written_rates - written_tokens * cache_read_rate) // written_tokens
                        end * cost // computed_cost // 1000000
                    )
                )
        end as rebuilt_cost,
        cost - coalesce(rebuilt_cost, 0) as rest_cost,
    from costed_calls
),

shares as (
    select
        f.llm_call_id,
        f.waste_kind,
        c.cost_kind,
        f.wasted_tokens * c.cache_read_rate * c.cost // nullif(c.computed_cost, 0) // 1000000 as read_cost,
        case
            when f.waste_kind in ('compaction', 'cache_expired') then c.rebuilt_cost
            when f.waste_kind = 'big_result' and read_cost is null then null
            when f.waste_kind = 'big_result'
                then least(c.rest_cost, read_cost) * (c.all_count - c.all_part_count) // c.all_count
            else c.rest_cost * f.part_count // f.whole_count
        end::decimal(18, 0) * 0.000000001::decimal(9, 9) as cost_usd,
    from found_waste as f
    inner join rebuilt_calls as c on c.llm_call_id = f.llm_call_id
),

costs as (
    select
        llm_call_id,
        waste_kind,
        any_value(cost_usd) filter (cost_kind = 'auto') as auto_cost_usd,
        any_value(cost_usd) filter (cost_kind = 'computed') as computed_cost_usd,
        any_value(cost_usd) filter (cost_kind = 'reported') as reported_cost_usd,
    from shares
    group by llm_call_id, waste_kind
)

select
    f.session_no,
    f.llm_call_id,
    f.waste_kind,
    f.part_count,
    f.whole_count,
    f.wasted_tokens,
    f.pause_ms,
    f.tool_call_id,
    l.turn_id,
    l.started_at,
    c.auto_cost_usd,
    c.computed_cost_usd,
    c.reported_cost_usd,
from found_waste as f
inner join mart.llm_calls as l on l.llm_call_id = f.llm_call_id
left join costs as c on c.llm_call_id = f.llm_call_id and c.waste_kind = f.waste_kind;
