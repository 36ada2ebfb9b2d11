-- Failed tool calls that were made again in the same transcript.
--
-- The repeat is the next call of the same tool with the same input; or, in the same turn, the next one of the same tool
-- on the same target (the file, or what the command ran) with another input, if that comes first. Calls that one answer of the
-- model asked for at once repeat none of each other, nor does a call that was made before the first one had failed. A call
-- repeats one: the last to fail of those with its input, else of the others.

create or replace temp table numbered_calls as
select
    c.tool_call_id,
    c.session_no,
    c.turn_id,
    c.llm_call_id,
    c.tool_name,
    c.tool_category,
    c.input_hash,
    coalesce(c.file_path, c.program) as target,
    c.file_path,
    c.called_at,
    c.returned_at,
    c.status,
    c.result_hash,
    c.verification,
    row_number() over session_calls as call_number,
    -- (Not as a filter: a window with one looks at all rows of the session for each of them.)
    count(case when c.tool_category in ('edit', 'write') and c.status = 'ok' then 1 end) over session_calls as edits_so_far,
from mart.tool_calls as c
inner join source_ranks as k using (source_no)
where c.session_no in (select session_no from changed_sessions)
window session_calls as (
    partition by c.session_no
    order by c.called_at nulls last, k.source_rank, c.line_no, c.item_no
    rows between unbounded preceding and current row
);

delete from mart.retries where session_no in (select session_no from changed_sessions);

insert into mart.retries
with failures as (
    select *
    from numbered_calls
    where status = 'failed'
),

-- The first of the calls with the same input that each answer of the model asked for, and that of the answer after it.
same_inputs as (
    select
        c.session_no,
        c.tool_name,
        c.input_hash,
        coalesce(c.llm_call_id, c.tool_call_id) as asked_by,
        lead(min(c.call_number)) over answers as repeat_number,
        lead(asked_by) over answers as repeated_by,
    from numbered_calls as c
    semi join failures as f on f.session_no = c.session_no and f.tool_name = c.tool_name and f.input_hash = c.input_hash
    group by c.session_no, c.tool_name, c.input_hash, asked_by
    window answers as (partition by c.session_no, c.tool_name, c.input_hash order by min(c.call_number))
),

same_targets as (
    select
        c.session_no,
        c.turn_id,
        c.tool_name,
        c.target,
        coalesce(c.llm_call_id, c.tool_call_id) as asked_by,
        lead(min(c.call_number)) over answers as repeat_number,
        lead(asked_by) over answers as repeated_by,
    from numbered_calls as c
    semi join failures as f
        on f.session_no = c.session_no
        and f.turn_id is not distinct from c.turn_id
        and f.tool_name = c.tool_name
        and f.target = c.target
    group by c.session_no, c.turn_id, c.tool_name, c.target, asked_by
    window answers as (partition by c.session_no, c.turn_id, c.tool_name, c.target order by min(c.call_number))
),

found as (
    select
        f.tool_call_id,
        f.session_no,
        r.tool_call_id as repeat_tool_call_id,
        case when r.call_number = i.repeat_number then 'same_input' else 'changed_input' end as retry_kind,
        case when r.called_at >= f.returned_at then epoch_ms(r.called_at) - epoch_ms(f.returned_at) end as gap_ms,
        r.edits_so_far - f.edits_so_far
        - case when r.tool_category in ('edit', 'write') and r.status = 'ok' then 1 else 0 end as edit_count,
        r.turn_id,
        r.tool_name,
        r.target,
        f.returned_at as failed_at,
        r.called_at as repeated_at,
        r.status as repeat_status,
        r.llm_call_id,
    from failures as f
    left join same_inputs as i
        on i.session_no = f.session_no
        and i.tool_name = f.tool_name
        and i.input_hash = f.input_hash
        and i.asked_by = coalesce(f.llm_call_id, f.tool_call_id)
    left join same_targets as t
        on t.session_no = f.session_no
        and t.turn_id is not distinct from f.turn_id
        and t.tool_name = f.tool_name
        and t.target = f.target
        and t.asked_by = coalesce(f.llm_call_id, f.tool_call_id)
    inner join numbered_calls as r
        on r.session_no = f.session_no
        and r.call_number
        = case when i.repeated_by = t.repeated_by then i.repeat_number else least(i.repeat_number, t.repeat_number) end
        and r.call_number > f.call_number
    where not coalesce(r.called_at < f.returned_at, false)
    qualify row_number() over (partition by r.tool_call_id order by retry_kind desc, f.call_number desc) = 1
),

-- Of the cost of an API call, each tool that it asked for has an equal share.
shares as (
    select llm_call_id, count(*) as tool_count,
    from mart.tool_calls
    where llm_call_id in (select llm_call_id from found)
    group by llm_call_id
)

select
    f.* exclude (llm_call_id),
    (case when l.reported_cost_usd > 0 then l.reported_cost_usd else l.computed_cost_usd end / s.tool_count)::decimal(18, 9),
    (l.computed_cost_usd / s.tool_count)::decimal(18, 9),
    (l.reported_cost_usd / s.tool_count)::decimal(18, 9),
from found as f
left join shares as s on s.llm_call_id = f.llm_call_id
left join mart.llm_calls as l on l.llm_call_id = f.llm_call_id;

