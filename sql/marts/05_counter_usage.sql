-- Readings of cumulative counters as calls, for every session that a load changed.
--
-- One call for each reading that differs from the one before it; its tokens are the log's own difference, else the
-- difference of the readings, else, when a counter fell, the reading itself (a reset). A reading of zeros with only a
-- total is a filled context, not a call. Turns with a usage record of their own are told by that record alone.
-- A counter of its own for each model is followed model by model.

create or replace temp table counter_usage as
with readings as (
    select
        *,
        row_number() over reading_order as reading_number,
        lag(total_uncached_input_tokens) over reading_order as before_uncached_input_tokens,
        lag(total_cache_read_tokens) over reading_order as before_cache_read_tokens,
        lag(total_cache_write_tokens) over reading_order as before_cache_write_tokens,
        lag(total_output_tokens) over reading_order as before_output_tokens,
        lag(total_reasoning_tokens) over reading_order as before_reasoning_tokens,
        lag(total_tokens) over reading_order as before_total_tokens,
        lag(total_api_call_count) over reading_order as before_api_call_count,
    from raw.usage_counters
    where session_no in (select session_no from changed_sessions)
    window reading_order as (partition by source_no, model_raw order by line_no)
),

steps as (
    select
        *,
        reading_number = 1
        or total_uncached_input_tokens < before_uncached_input_tokens
        or total_cache_read_tokens < before_cache_read_tokens
        or total_cache_write_tokens < before_cache_write_tokens
        or total_output_tokens < before_output_tokens
        or total_reasoning_tokens < before_reasoning_tokens as is_from_zero,
    from readings
    where
        reading_number = 1
        or total_uncached_input_tokens is distinct from before_uncached_input_tokens
        or total_cache_read_tokens is distinct from before_cache_read_tokens
        or total_cache_write_tokens is distinct from before_cache_write_tokens
        or total_output_tokens is distinct from before_output_tokens
        or total_reasoning_tokens is distinct from before_reasoning_tokens
        or total_tokens is distinct from before_total_tokens
),

calls as (
    select
        *,
        row_number() over (partition by source_no order by line_no, model_raw) as call_number,
    from steps
    where
        coalesce(total_uncached_input_tokens, 0) + coalesce(total_cache_read_tokens, 0)
        + coalesce(total_cache_write_tokens, 0) + coalesce(total_output_tokens, 0) > 0
),

in_turns as (
    select c.*, t.native_turn_id,
    from calls as c
    asof left join (select source_no, line_no, native_turn_id from raw.turn_contexts where native_turn_id is not null) as t
        on t.source_no = c.source_no and c.line_no >= t.line_no
),

records as (
    select source_no, line_no, session_no, native_turn_id,
    from raw.usage
    where form = 'record' and native_turn_id is not null and session_no in (select session_no from changed_sessions)
),

recorded_turns as (
    select distinct session_no, native_turn_id
    from records
),

-- A turn that the log does not name reaches to the next.
recorded_places as (
    select distinct t.source_no, t.line_no, t.next_line_no,
    from (
        select
            source_no,
            line_no,
            native_turn_id,
            lead(line_no, 1, 2147483647) over (partition by source_no order by line_no) as next_line_no,
        from raw.turn_contexts
        where source_no in (select source_no from records)
    ) as t
    inner join records as r on r.source_no = t.source_no and r.line_no > t.line_no and r.line_no < t.next_line_no
    where t.native_turn_id is null
)

select
    c.source_no,
    c.line_no,
    c.session_no,
    c.occurred_at,
    s.agent || ':' || s.native_session_id || ':' || c.call_number as response_id,
    coalesce(c.model_raw, m.model_raw) as model_raw,
    m.service_tier,
    case
        when c.has_last then c.last_uncached_input_tokens
        when c.is_from_zero then c.total_uncached_input_tokens
        else c.total_uncached_input_tokens - c.before_uncached_input_tokens
    end as uncached_input_tokens,
    case
        when c.has_last then c.last_cache_read_tokens
        when c.is_from_zero then c.total_cache_read_tokens
        else c.total_cache_read_tokens - c.before_cache_read_tokens
    end as cache_read_tokens,
    case
        when c.has_last then c.last_cache_write_tokens
        when c.is_from_zero then c.total_cache_write_tokens
        else c.total_cache_write_tokens - c.before_cache_write_tokens
    end as cache_write_tokens,
    case
        when c.has_last then c.last_output_tokens
        when c.is_from_zero then c.total_output_tokens
        else c.total_output_tokens - c.before_output_tokens
    end as output_tokens,
    case
        when c.has_last then c.last_reasoning_tokens
        when c.is_from_zero then c.total_reasoning_tokens
        else c.total_reasoning_tokens - c.before_reasoning_tokens
    end as reasoning_tokens,
    c.granularity,
    case
        when c.granularity = 'call' then 1
        when c.is_from_zero or c.total_api_call_count < c.before_api_call_count then c.total_api_call_count
        else c.total_api_call_count - c.before_api_call_count
    end as api_call_count,
    c.account,
from in_turns as c
inner join raw.sessions as s using (session_no)
left join mart.replays as p using (source_no)
asof left join (select source_no, line_no, model_raw, service_tier from raw.turn_contexts where model_raw is not null) as m
    on m.source_no = c.source_no and c.line_no >= m.line_no
anti join recorded_turns as r
    on r.session_no = c.session_no and r.native_turn_id = c.native_turn_id
anti join recorded_places as l
    on l.source_no = c.source_no and l.line_no < c.line_no and l.next_line_no > c.line_no
anti join mart.outranked as o on o.source_no = c.source_no and o.session_no = c.session_no
where c.line_no >= coalesce(p.first_own_line_no, 0);
