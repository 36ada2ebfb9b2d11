-- Silences between neighbouring events of a transcript, by what was being waited for.
--
-- While a tool runs: tool; while it is asked for but not running (its own duration is shorter than the wait, or it was
-- refused): permission. Otherwise, from a prompt or a result until the model's output, and between two outputs: model.
-- From the model's last word to the next prompt, and from a tool's question to a person's answer: human. Else unknown.
-- Tools that run at once are waited for once, so that the kinds of a session add up to the time from its first event to its
-- last.

delete from mart.gaps where session_no in (select session_no from changed_sessions);

insert into mart.gaps
with -- A result that another file has at the moment of its call comes after all else of that moment: its rank is above theirs.
instant_results as (
    select distinct result_source_no as source_no, result_line_no as line_no, called_at,
    from mart.tool_calls
    where
        returned_at = called_at
        and result_source_no <> source_no
        and session_no in (select session_no from changed_sessions)
),

own_moments as (
    select
        e.session_no,
        e.occurred_at,
        e.event_type,
        e.is_interruption,
        e.is_final,
        e.retry_wait_ms,
        case when i.source_no is null then e.source_rank else 4194304 + e.source_rank end as source_rank,
        e.line_no,
        e.item_no,
    from own_events as e
    left join instant_results as i
        on i.source_no = e.source_no and i.line_no = e.line_no and i.called_at = e.occurred_at and e.event_type = 'tool_result'
    where e.occurred_at is not null
),

tool_spans as (
    select
        c.session_no,
        c.called_at,
        c.returned_at,
        -- A tool runs at the end of its wait; one that asks a person never does.
        case
            when c.is_question or c.status = 'rejected' then c.returned_at
            when c.duration_source = 'log'
                then least(c.returned_at, greatest(c.called_at, c.returned_at - to_milliseconds(c.duration_ms)))
            else c.called_at
        end as running_at,
        coalesce(c.is_question, false)::bigint << 40 as asking,
        1::bigint << 20 as waiting,
        k.source_rank,
        c.line_no,
        case when c.returned_at = c.called_at and c.result_source_no <> c.source_no then 4194304 else 0 end + r.source_rank
            as result_source_rank,
        c.result_line_no,
    from mart.tool_calls as c
    inner join source_ranks as k on k.source_no = c.source_no
    left join source_ranks as r on r.source_no = c.result_source_no
    where c.returned_at >= c.called_at and c.session_no in (select session_no from changed_sessions)
),

retries as (
    select
        session_no,
        occurred_at,
        max(occurred_at + to_milliseconds(retry_wait_ms)) over (
            partition by session_no order by occurred_at, source_rank nulls last, line_no, item_no
        ) as retried_at,
        source_rank,
        line_no,
        item_no,
    from own_moments
    where retry_wait_ms is not null
),

-- What happens at a moment: who speaks (1 the model, 2 a prompt, 3 a result, 4 other input), and what begins or ends, in
-- one number since a running sum is dear: tools that run, from bit 20 those that wait to, and from bit 40 those that ask. That
-- a tool begins to run is a moment of its own only where it lies between the call and the result.
moments as (
    select
        session_no,
        occurred_at,
        event_type,
        case
            when is_interruption then 1
            when event_type = 'user_prompt' then 2
            when event_type = 'tool_result' then 3
            when event_type = 'user_injected' then 4
            when event_type in ('assistant', 'reasoning', 'tool_call') then 1
            when event_type = 'api_error' and is_final then 1
        end::utinyint as speaker,
        0 as change,
        null::timestamptz as retried_at,
        source_rank,
        line_no,
        item_no,
    from own_moments
    union all
    select session_no, occurred_at, null, null, 0, retried_at, source_rank, line_no, item_no
    from retries
    union all
    select
        session_no, called_at, 'tool_call'::raw.event_type, 1,
        asking + case when running_at = called_at then 1 else waiting end,
        null, source_rank, line_no, 65536
    from tool_spans
    union all
    select session_no, running_at, null, null, 1 - waiting, null, source_rank, line_no, 65537
    from tool_spans
    where running_at > called_at and running_at < returned_at
    union all
    select
        session_no, returned_at, 'tool_result'::raw.event_type, 3,
        -asking - case when running_at = returned_at and running_at > called_at then waiting else 1 end,
        null, result_source_rank, result_line_no, 131072
    from tool_spans
    union all
    -- A transcript of which only its calls are known has no event of its own.
    select session_no, unnest([started_at, ended_at]), null, null, 0, null, null, null, null
    from mart.sessions
    where started_at is not null and session_no in (select session_no from changed_sessions)
),

ordered as (
    select
        *,
        last_value(speaker ignore nulls) over earlier as last_speaker,
        last_value(case when speaker <> 4 then speaker end ignore nulls) over earlier as last_turn,
        first_value(speaker ignore nulls) over later as next_speaker,
        first_value(case when speaker <= 2 then speaker end ignore nulls) over later as next_turn,
        sum(change) over earlier as counts,
        last_value(event_type ignore nulls) over earlier as before_event,
        first_value(event_type ignore nulls) over later as after_event,
        lead(occurred_at) over (partition by session_no order by occurred_at, source_rank nulls last, line_no, item_no) as until_at,
        last_value(retried_at ignore nulls) over earlier as last_retried_at,
    from moments
    window
        earlier as (
            partition by session_no
            order by occurred_at, source_rank nulls last, line_no, item_no
            rows between unbounded preceding and current row
        ),
        later as (
            partition by session_no
            order by occurred_at, source_rank nulls last, line_no, item_no
            rows between 1 following and unbounded following
        )
),

silences as (
    select
        *,
        epoch_ms(until_at) - epoch_ms(occurred_at) as gap_ms,
        counts & 1048575 as running_count,
        counts >> 20 & 1048575 as waiting_count,
        counts >> 40 as asking_count,
    from ordered
    where epoch_ms(until_at) > epoch_ms(occurred_at)
)

select
    session_no,
    occurred_at,
    gap_ms,
    case
        when running_count > 0 then 'tool'
        when waiting_count > asking_count then 'permission'
        when asking_count > 0 then 'human'
        when last_speaker in (2, 3, 4) and next_turn = 1 then 'model'
        when last_speaker = 1 and next_speaker = 1 then 'model'
        when last_turn = 1 and next_turn = 2 then 'human'
        else 'unknown'
    end as gap_kind,
    case
        when gap_kind = 'model' and last_retried_at > occurred_at
            then least(epoch_ms(last_retried_at), epoch_ms(until_at)) - epoch_ms(occurred_at)
    end,
    before_event,
    after_event,
    k.source_no,
    line_no,
from silences as s
left join source_ranks as k on k.source_rank = s.source_rank & 4194303;
