-- Runs of tool calls that repeat within a turn.
--
-- `repeat`: the same tools with the same inputs, in a period of one to four calls, three times or more. Rounds that all
-- bring something else are progress (polling, say) and no loop. `edit_cycle`: a file is edited and a verification fails, three
-- times or more.

create or replace temp table repeating_runs as
with keyed_calls as (
    select *, hash(tool_name, input_hash) as call_key
    from numbered_calls
    where input_hash is not null and tool_category is distinct from 'plan'
),

-- Of most turns this is all that is looked at: no call of theirs was made three times.
repeating_turns as (
    select distinct session_no, turn_id
    from keyed_calls
    group by session_no, turn_id, call_key
    having count(*) >= 3
),

keyed as (
    select *, row_number() over (partition by session_no, turn_id order by call_number) as place
    from keyed_calls as c
    semi join repeating_turns as t on t.session_no = c.session_no and t.turn_id is not distinct from c.turn_id
),

earlier as (
    select
        session_no,
        turn_id,
        place,
        call_key,
        unnest([1, 2, 3, 4]) as period_count,
        unnest([
            lag(call_key, 1) over calls_of_turn,
            lag(call_key, 2) over calls_of_turn,
            lag(call_key, 3) over calls_of_turn,
            lag(call_key, 4) over calls_of_turn
        ]) as earlier_key,
    from keyed
    window calls_of_turn as (partition by session_no, turn_id order by place)
),

matches as (
    select
        *,
        place - row_number() over (partition by session_no, turn_id, period_count order by place) as island,
    from earlier
    where earlier_key = call_key
),

runs as (
    select
        session_no,
        turn_id,
        period_count,
        min(place) - period_count as first_place,
        max(place) as last_place,
    from matches
    group by session_no, turn_id, period_count, island
    having count(*) >= 2 * period_count
),

-- What repeats every call also repeats every two: the shortest period tells it.
shortest as (
    select r.*
    from runs as r
    anti join runs as s
        on s.session_no = r.session_no
        and s.turn_id is not distinct from r.turn_id
        and s.period_count < r.period_count
        and s.first_place <= r.last_place
        and s.last_place >= r.first_place
)

select
    s.session_no,
    s.turn_id,
    s.period_count,
    (s.last_place - s.first_place + 1) // s.period_count as round_count,
    s.first_place,
    k.tool_call_id,
    k.tool_name,
    k.target,
    k.called_at,
    greatest(k.called_at, k.returned_at) as returned_at,
    k.status,
    k.result_hash,
    k.place,
    (k.place - s.first_place) // s.period_count as round_number,
from shortest as s
inner join keyed as k
    on k.session_no = s.session_no
    and k.turn_id is not distinct from s.turn_id
    and k.place between s.first_place and s.last_place
where (k.place - s.first_place) // s.period_count < (s.last_place - s.first_place + 1) // s.period_count;

create or replace temp table found_loops as
select
    session_no,
    turn_id,
    'repeat' as loop_kind,
    arg_min(tool_call_id, place) as first_tool_call_id,
    arg_max(tool_call_id, place) as last_tool_call_id,
    min(called_at) as started_at,
    max(returned_at) as ended_at,
    any_value(period_count)::bigint as period_count,
    any_value(round_count)::bigint as round_count,
    count(*) as call_count,
    arg_min(tool_name, place) as tool_name,
    arg_min(target, place) as target,
    list(tool_call_id order by place) filter (where round_number > 0) as repeated_tool_call_ids,
from repeating_runs
group by session_no, turn_id, period_count, first_place
having
    bool_or(status = 'failed')
    or count(distinct result_hash) filter (where result_hash is not null) < count(result_hash);

insert into found_loops
with failing_turns as (
    select session_no, turn_id
    from numbered_calls
    where verification is not null and status = 'failed'
    group by session_no, turn_id
    having count(*) >= 3
),

steps as (
    select
        *,
        tool_category in ('edit', 'write') and status = 'ok' and file_path is not null as is_edit,
        verification is not null and status = 'failed' as is_failure,
        verification is not null and status = 'ok' as is_success,
    from numbered_calls as c
    semi join failing_turns as t on t.session_no = c.session_no and t.turn_id is not distinct from c.turn_id
),

-- The first verification after an edit tells how that edit went.
edits as (
    select
        *,
        min(case when is_failure then call_number end) over following as failed_number,
        min(case when is_success then call_number end) over following as passed_number,
    from steps
    window following as (
        partition by session_no, turn_id order by call_number rows between 1 following and unbounded following
    )
),

-- Edits of one file before one failure are one round.
rounds as (
    select
        session_no,
        turn_id,
        file_path,
        failed_number,
        min(call_number) as first_number,
        list(tool_call_id order by call_number) as tool_call_ids,
        arg_min(tool_name, call_number) as tool_name,
    from edits
    where is_edit and failed_number is not null and (passed_number is null or failed_number < passed_number)
    group by session_no, turn_id, file_path, failed_number
),

-- A verification that passes in between begins a new count.
counted_rounds as (
    select
        r.*,
        (
            select count(*)
            from steps as s
            where
                s.session_no = r.session_no
                and s.turn_id is not distinct from r.turn_id
                and s.is_success
                and s.call_number < r.first_number
        ) as success_count,
    from rounds as r
),

numbered_rounds as (
    select
        *,
        row_number() over cycle as round_number,
        count(*) over (partition by session_no, turn_id, file_path, success_count) as round_count,
    from counted_rounds
    window cycle as (partition by session_no, turn_id, file_path, success_count order by failed_number)
),

cycle_calls as (
    select
        r.session_no,
        r.turn_id,
        r.file_path,
        r.success_count,
        r.round_count,
        r.round_number,
        r.tool_name,
        unnest(list_append(r.tool_call_ids, f.tool_call_id)) as tool_call_id,
    from numbered_rounds as r
    inner join numbered_calls as f on f.session_no = r.session_no and f.call_number = r.failed_number
    where r.round_count >= 3
)

select
    c.session_no,
    c.turn_id,
    'edit_cycle',
    arg_min(c.tool_call_id, n.call_number),
    arg_max(c.tool_call_id, n.call_number),
    min(n.called_at),
    max(greatest(n.called_at, n.returned_at)),
    2,
    any_value(c.round_count),
    count(*),
    arg_min(c.tool_name, n.call_number),
    c.file_path,
    list(c.tool_call_id order by n.call_number) filter (where c.round_number > 1),
from cycle_calls as c
inner join numbered_calls as n on n.session_no = c.session_no and n.tool_call_id = c.tool_call_id
group by c.session_no, c.turn_id, c.file_path, c.success_count;

delete from mart.loops where session_no in (select session_no from changed_sessions);

-- Of the cost of an API call, each tool that it asked for has an equal share.
insert into mart.loops
with repeated_calls as (
    select
        first_tool_call_id,
        loop_kind,
        period_count,
        target,
        unnest(repeated_tool_call_ids) as tool_call_id,
    from found_loops
),

asking_calls as (
    select r.*, c.llm_call_id,
    from repeated_calls as r
    inner join numbered_calls as c on c.tool_call_id = r.tool_call_id
),

shares as (
    select llm_call_id, count(*) as tool_count,
    from mart.tool_calls
    where llm_call_id in (select llm_call_id from asking_calls)
    group by llm_call_id
),

costs as (
    select
        a.first_tool_call_id,
        a.loop_kind,
        a.period_count,
        a.target,
        sum(l.computed_cost_usd / s.tool_count)::decimal(18, 9) as computed_cost_usd,
        sum(l.reported_cost_usd / s.tool_count)::decimal(18, 9) as reported_cost_usd,
        sum(case when l.reported_cost_usd > 0 then l.reported_cost_usd else l.computed_cost_usd end / s.tool_count)::decimal(18, 9)
            as auto_cost_usd,
    from asking_calls as a
    inner join shares as s on s.llm_call_id = a.llm_call_id
    inner join mart.llm_calls as l on l.llm_call_id = a.llm_call_id
    group by all
)

select
    f.*,
    c.auto_cost_usd,
    c.computed_cost_usd,
    c.reported_cost_usd,
from found_loops as f
left join costs as c
    on c.first_tool_call_id = f.first_tool_call_id
    and c.loop_kind = f.loop_kind
    and c.period_count = f.period_count
    and c.target is not distinct from f.target;
