-- How the context of every API call differs from the one before it, of the same transcript and model.
--
-- What was in a cache and is paid for anew was rebuilt: no less than 1,024 tokens, the smallest prefix that is cached. A
-- context that shrank without a compaction is another one: how much of it was there before, the log does not tell.

delete from mart.contexts where session_no in (select session_no from changed_sessions);

insert into mart.contexts
with windows as (
    select source_no, line_no, max(context_window_tokens) as window_tokens,
    from raw.usage_counters
    where context_window_tokens > 0 and session_no in (select session_no from changed_sessions)
    group by source_no, line_no
),

calls as (
    select
        c.session_no,
        c.llm_call_id,
        c.model_raw,
        c.started_at,
        coalesce(c.ended_at, c.started_at) as ended_at,
        c.source_no,
        c.line_no,
        coalesce(c.uncached_input_tokens, 0) as uncached_input_tokens,
        coalesce(c.cache_read_tokens, 0) as cache_read_tokens,
        coalesce(c.cache_write_5m_tokens, 0) + coalesce(c.cache_write_1h_tokens, 0) as cache_write_tokens,
        case
            when c.cache_write_1h_tokens > 0 then 3600000
            when c.cache_write_5m_tokens > 0 then 300000
        end as life_ms,
        c.output_tokens,
        case when c.form = 'counter' then w.window_tokens end as window_tokens,
    from mart.llm_calls as c
    left join windows as w on w.source_no = c.source_no and w.line_no = c.line_no
    where
        c.granularity = 'call'
        and c.session_no in (select session_no from changed_sessions)
        and coalesce(c.uncached_input_tokens, 0) + coalesce(c.cache_read_tokens, 0)
        + coalesce(c.cache_write_5m_tokens, 0) + coalesce(c.cache_write_1h_tokens, 0) > 0
),

numbered as (
    select
        *,
        row_number() over (partition by session_no order by started_at, line_no, llm_call_id) as call_number,
    from calls
),

steps as (
    select
        *,
        uncached_input_tokens + cache_read_tokens + cache_write_tokens as context_tokens,
        lag(llm_call_id) over thread as before_llm_call_id,
        lag(call_number) over thread as before_call_number,
        lag(uncached_input_tokens + cache_read_tokens + cache_write_tokens) over thread as before_context_tokens,
        lag(cache_read_tokens + cache_write_tokens) over thread as before_cached_tokens,
        lag(output_tokens) over thread as before_output_tokens,
        lag(started_at) over thread as before_started_at,
        lag(ended_at) over thread as before_ended_at,
        last_value(life_ms ignore nulls) over (thread rows between unbounded preceding and 1 preceding) as cache_life_ms,
    from numbered
    window thread as (partition by session_no, model_raw order by call_number)
),

-- Which compactions came before a call: of one moment, those on an earlier line. What was asked for on its own line made it.
compaction_counts as (
    select
        session_no,
        call_number,
        sum(is_compaction) over (
            partition by session_no
            order by occurred_at, source_rank, line_no, is_compaction
            rows between unbounded preceding and current row
        ) as compaction_count,
    from (
        select s.session_no, s.call_number, 0 as is_compaction, s.started_at as occurred_at, k.source_rank, s.line_no
        from numbered as s
        inner join source_ranks as k using (source_no)
        where s.session_no in (select session_no from own_events where event_type = 'compaction')
        union all
        select session_no, null, 1, occurred_at, source_rank, line_no
        from own_events
        where event_type = 'compaction' and occurred_at is not null
    )
),

results as (
    select
        session_no,
        llm_call_id,
        sum(result_bytes)::bigint as result_bytes,
        sum(result_bytes) filter (where result_bytes > 50000)::bigint as big_result_bytes,
        arg_max(tool_call_id, (result_bytes, tool_call_id)) filter (where result_bytes > 50000) as big_tool_call_id,
    from mart.tool_calls
    where llm_call_id is not null and result_bytes > 0 and session_no in (select session_no from changed_sessions)
    group by session_no, llm_call_id
),

-- Prompts, each with the bytes of all until then.
prompts as (
    select
        session_no,
        started_at,
        sum(sum(prompt_bytes)) over (partition by session_no order by started_at)::bigint as prompt_bytes,
    from mart.turns
    where started_at is not null and session_no in (select session_no from changed_sessions)
    group by session_no, started_at
),

-- A wait for the model is for the call that ends with it or after it. One after which a person asked anew, before that call began,
-- brought no answer.
moments as (
    select
        session_no,
        epoch_ms(ended_at) as at_ms,
        min(call_number) as call_number,
        epoch_ms(arg_min(started_at, call_number)) as start_ms,
        null::bigint as prompt_ms,
        null::bigint as wait_ms,
    from numbered
    where ended_at is not null
    group by session_no, at_ms
    union all
    select session_no, epoch_ms(started_at), null, null, epoch_ms(started_at), null
    from prompts
    union all
    select session_no, epoch_ms(started_at) + gap_ms, null, null, null, gap_ms - coalesce(retry_ms, 0)
    from mart.gaps
    where gap_kind = 'model' and session_no in (select session_no from changed_sessions)
),

-- (A window: an asof join of so many rows compares each with each.)
next_calls as (
    select
        session_no,
        wait_ms,
        first_value(call_number ignore nulls) over following as call_number,
        first_value(start_ms ignore nulls) over following as start_ms,
        first_value(prompt_ms ignore nulls) over following as prompt_ms,
    from moments
    window following as (
        partition by session_no
        order by at_ms, wait_ms nulls last, call_number nulls first
        rows between current row and unbounded following
    )
),

waits as (
    select session_no, call_number, sum(wait_ms)::bigint as wait_ms
    from next_calls
    where wait_ms is not null and call_number is not null and not coalesce(prompt_ms < start_ms, false)
    group by session_no, call_number
),

compacted as (
    select s.session_no, s.call_number
    from steps as s
    inner join compaction_counts as c on c.session_no = s.session_no and c.call_number = s.call_number
    inner join compaction_counts as b on b.session_no = s.session_no and b.call_number = s.before_call_number
    where s.started_at is not null and c.compaction_count > b.compaction_count
),

-- Beside the rest: an asof join sorts whole rows.
prompted as (
    select
        s.session_no,
        s.call_number,
        -- (An asof join finds a row for NULL, too.)
        p.prompt_bytes - case when s.before_started_at is null then 0 else coalesce(b.prompt_bytes, 0) end as prompt_bytes,
    from (select session_no, call_number, started_at, before_started_at from steps where started_at is not null) as s
    asof inner join prompts as p on p.session_no = s.session_no and p.started_at <= s.started_at
    asof left join prompts as b on b.session_no = s.session_no and b.started_at <= s.before_started_at
    where s.before_started_at is null or p.started_at > s.before_started_at
),

placed as (
    select
        s.*,
        case
            when s.before_ended_at is not null and s.started_at >= s.before_ended_at
                then epoch_ms(s.started_at) - epoch_ms(s.before_ended_at)
        end as pause_ms,
        k.call_number is not null as has_compaction,
        p.prompt_bytes,
        case
            when s.before_cached_tokens is not null then
                least(
                    s.before_cached_tokens - s.cache_read_tokens,
                    case when s.cache_write_tokens > 0 then s.cache_write_tokens else s.uncached_input_tokens end
                )
        end as rebuilt_tokens,
    from steps as s
    left join compacted as k on k.session_no = s.session_no and k.call_number = s.call_number
    left join prompted as p on p.session_no = s.session_no and p.call_number = s.call_number
)

select
    p.session_no,
    p.llm_call_id,
    p.call_number,
    p.context_tokens,
    p.window_tokens,
    p.before_call_number,
    p.before_context_tokens,
    p.before_output_tokens,
    p.before_cached_tokens,
    p.cache_life_ms,
    p.pause_ms,
    p.has_compaction,
    case
        when p.rebuilt_tokens >= 1024 and (p.has_compaction or p.context_tokens >= 0.9 * p.before_context_tokens)
            then p.rebuilt_tokens
        else 0
    end,
    r.result_bytes,
    r.big_result_bytes,
    r.big_tool_call_id,
    p.prompt_bytes,
    w.wait_ms,
from placed as p
left join results as r on r.session_no = p.session_no and r.llm_call_id = p.before_llm_call_id
left join waits as w on w.session_no = p.session_no and w.call_number = p.call_number;
