-- Silences between neighbouring events of a transcript, by what was being waited for.
--
-- While a tool runs: tool; while it is asked for but not running (its own duration is shorter than the wait, or it was
-- refused): permission. Otherwise, from a prompt or a result until the model's output, and between two outputs: model.
-- From the model's last word to the next prompt, and from a tool's question to a person's answer: human. Else unknown.
-- Tools that run at once are waited for once, so that the kinds of a session add up to the time from its first event to its
-- last.

delete from mart.gaps where session_no in (select session_no from changed_sessions);

insert into mart.gaps
with tool_spans as (
    select
        session_no,
        called_at,
        returned_at,
        -- A tool runs at the end of its wait; one that asks a person never does.
        case
            when is_question or status = 'rejected' then returned_at
            when duration_source = 'log' then greatest(called_at, returned_at - to_milliseconds(duration_ms))
            else called_at
        end as running_at,
        coalesce(is_question, false)::int as asking_change,
        source_no,
        line_no,
        result_source_no,
        result_line_no,
    from mart.tool_calls
    where returned_at >= called_at and session_no in (select session_no from changed_sessions)
),

-- What happens at a moment: who speaks (M the model, P a prompt, R a result, I other input), and what begins or ends to
-- run or to wait.
moments as (
    select
        session_no,
        occurred_at,
        event_type,
        case
            when is_interruption then 'M'
            when event_type = 'user_prompt' then 'P'
            when event_type = 'tool_result' then 'R'
            when event_type = 'user_injected' then 'I'
            when event_type in ('assistant', 'reasoning', 'tool_call') then 'M'
            when event_type = 'api_error' and is_final then 'M'
        end as speaker,
        0 as running_change,
        0 as waiting_change,
        0 as asking_change,
        retry_wait_ms,
        source_no,
        line_no,
        item_no,
    from own_events
    where occurred_at is not null
    union all
    select session_no, called_at, 'tool_call', 'M', 0, 1, asking_change, null, source_no, line_no, 65536
    from tool_spans
    union all
    select session_no, running_at, null, null, 1, -1, 0, null, source_no, line_no, 65537
    from tool_spans
    union all
    select session_no, returned_at, 'tool_result', 'R', -1, 0, -asking_change, null, result_source_no, result_line_no, 131072
    from tool_spans
    union all
    -- A transcript of which only its calls are known has no event of its own.
    select session_no, unnest([started_at, ended_at]), null, null, 0, 0, 0, null, null, null, null
    from mart.sessions
    where started_at is not null and session_no in (select session_no from changed_sessions)
),

ordered as (
    select
        *,
        last_value(speaker ignore nulls) over earlier as last_speaker,
        last_value(case when speaker <> 'I' then speaker end ignore nulls) over earlier as last_turn,
        first_value(speaker ignore nulls) over later as next_speaker,
        first_value(case when speaker in ('M', 'P') then speaker end ignore nulls) over later as next_turn,
        sum(running_change) over earlier as running_count,
        sum(waiting_change) over earlier as waiting_count,
        sum(asking_change) over earlier as asking_count,
        last_value(event_type ignore nulls) over earlier as before_event,
        first_value(event_type ignore nulls) over later as after_event,
        lead(occurred_at) over (partition by session_no order by occurred_at, source_no nulls last, line_no, item_no) as until_at,
        max(occurred_at + to_milliseconds(retry_wait_ms)) over (
            partition by session_no order by occurred_at, source_no nulls last, line_no, item_no
        ) as retried_at,
    from moments
    window
        earlier as (
            partition by session_no
            order by occurred_at, source_no nulls last, line_no, item_no
            rows between unbounded preceding and current row
        ),
        later as (
            partition by session_no
            order by occurred_at, source_no nulls last, line_no, item_no
            rows between 1 following and unbounded following
        )
)

select
    o.session_no,
    o.occurred_at,
    epoch_ms(o.until_at) - epoch_ms(o.occurred_at),
    case
        when o.running_count > 0 then 'tool'
        when o.waiting_count > o.asking_count then 'permission'
        when o.asking_count > 0 then 'human'
        when o.last_speaker in ('P', 'R', 'I') and o.next_turn = 'M' then 'model'
        when o.last_speaker = 'M' and o.next_speaker = 'M' then 'model'
        when o.last_turn = 'M' and o.next_turn = 'P' then 'human'
        else 'unknown'
    end as gap_kind,
    case
        when gap_kind = 'model' and o.retried_at > o.occurred_at
            then least(epoch_ms(o.retried_at), epoch_ms(o.until_at)) - epoch_ms(o.occurred_at)
    end,
    o.before_event,
    o.after_event,
    o.source_no,
    o.line_no,
from ordered as o
where epoch_ms(o.until_at) > epoch_ms(o.occurred_at);
