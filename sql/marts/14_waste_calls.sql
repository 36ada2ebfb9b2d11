-- API calls that cost money which brought nothing, by kind, without a price.
--
-- Of the tools that a call asked for, each is of one kind at most, the first of these that holds: the answer was broken
-- off; a blind repeat; all of them failed; a file read again. Beside that a call has rebuilt its cache, after a compaction or
-- else after a pause, or not; and carried big results along, or not.

delete from mart.waste_calls where session_no in (select session_no from changed_sessions);

-- Calls that ended as the one of the same tool and input before them did.
create or replace temp table same_endings as
with twice as (
    select session_no, tool_name, input_hash,
    from numbered_calls
    where input_hash is not null
    group by session_no, tool_name, input_hash
    having count(*) > 1
),

steps as (
    select
        n.session_no,
        n.tool_call_id,
        n.file_path,
        n.status,
        n.called_at,
        n.call_number,
        n.result_hash = lag(n.result_hash) over same_calls as has_same_result,
        lag(n.status) over same_calls as before_status,
        lag(n.call_number) over same_calls as before_number,
        lag(n.returned_at) over same_calls as before_returned_at,
    from numbered_calls as n
    semi join twice as t
        on t.session_no = n.session_no and t.tool_name is not distinct from n.tool_name and t.input_hash = n.input_hash
    window same_calls as (partition by n.session_no, n.tool_name, n.input_hash order by n.call_number)
)

select *
from steps
where
    status = before_status
    and status in ('ok', 'failed')
    and (has_same_result or (status = 'failed' and call_number = before_number + 1));

-- Where a person broke off the work: the call under way. A prompt in between was meant for another, of which nothing came.
create or replace temp table interruptions as
with broken_sessions as (
    select distinct session_no from own_events where is_interruption and occurred_at is not null
),

inputs as (
    select distinct session_no, occurred_at
    from own_events
    where
        event_type in ('user_prompt', 'user_injected')
        and not coalesce(is_interruption, false)
        and occurred_at is not null
        and session_no in (select session_no from broken_sessions)
),

calls as (
    select
        session_no,
        started_at,
        arg_max(llm_call_id, (line_no, llm_call_id)) as llm_call_id,
        arg_max(coalesce(stop_reason, ''), (line_no, llm_call_id)) as stop_reason,
    from mart.llm_calls
    where started_at is not null and session_no in (select session_no from broken_sessions)
    group by session_no, started_at
)

select distinct i.session_no, c.llm_call_id, c.stop_reason,
from (select session_no, occurred_at from own_events where is_interruption and occurred_at is not null) as i
asof inner join calls as c on c.session_no = i.session_no and i.occurred_at >= c.started_at
asof left join inputs as p on p.session_no = i.session_no and i.occurred_at >= p.occurred_at
where p.occurred_at is null or p.occurred_at <= c.started_at;

-- All tools of the calls that may have been for nothing.
create or replace temp table doubtful_tools as
with doubtful_calls as (
    select session_no, llm_call_id,
    from mart.tool_calls
    where status in ('failed', 'interrupted') and session_no in (select session_no from changed_sessions)
    union
    select session_no, llm_call_id from interruptions
    union
    select c.session_no, c.llm_call_id,
    from mart.tool_calls as c
    semi join same_endings as s on s.session_no = c.session_no and s.tool_call_id = c.tool_call_id
)

select
    t.session_no,
    t.llm_call_id,
    t.tool_call_id,
    t.source_no,
    t.line_no,
    t.item_no,
    t.tool_category,
    t.status,
    t.exit_code,
    t.program,
    t.verification,
    t.result_bytes,
from mart.tool_calls as t
semi join doubtful_calls as d on d.session_no = t.session_no and d.llm_call_id = t.llm_call_id;

create or replace temp table found_waste as
with repeats as (
    select session_no, repeat_tool_call_id as tool_call_id,
    from mart.retries
    where retry_kind = 'same_input' and edit_count = 0 and session_no in (select session_no from changed_sessions)
    union
    select session_no, unnest(repeated_tool_call_ids)
    from mart.loops
    where loop_kind = 'repeat' and session_no in (select session_no from changed_sessions)
),

blind_repeats as (
    select s.session_no, s.tool_call_id,
    from same_endings as s
    semi join repeats as r on r.session_no = s.session_no and r.tool_call_id = s.tool_call_id
),

compactions as (
    select session_no, occurred_at
    from own_events
    where event_type = 'compaction' and occurred_at is not null
),

edits as (
    select session_no, call_number, file_path,
    from numbered_calls
    where tool_category in ('edit', 'write') and status = 'ok'
),

-- After a compaction a file is read anew since the context no longer has it.
unchanged_reads as (
    select s.session_no, s.tool_call_id,
    from same_endings as s
    asof left join compactions as k on k.session_no = s.session_no and k.occurred_at <= s.called_at
    anti join edits as e
        on e.session_no = s.session_no
        and e.call_number > s.before_number
        and e.call_number < s.call_number
        and (s.file_path is null or e.file_path is null or e.file_path = s.file_path)
    where
        s.has_same_result
        and s.status = 'ok'
        -- (An asof join finds something for NULL, too, where it sorts.)
        and not coalesce(s.called_at is not null and k.occurred_at >= s.before_returned_at, false)
),

-- Nothing came of the call: none of its tools ended, and no other call followed before the work was broken off.
broken_calls as (
    select i.session_no, i.llm_call_id,
    from interruptions as i
    left join (
        -- A plan that is refused has been read.
        select
            session_no,
            llm_call_id,
            bool_or(status in ('ok', 'failed') or coalesce(tool_category = 'plan', false)) as is_used,
        from doubtful_tools
        group by session_no, llm_call_id
    ) as t
        on t.session_no = i.session_no and t.llm_call_id = i.llm_call_id
    where not coalesce(t.is_used, i.stop_reason in ('end_turn', 'stop'))
    union
    select session_no, llm_call_id,
    from doubtful_tools
    group by session_no, llm_call_id
    having bool_or(status = 'interrupted') and not bool_or(status in ('ok', 'failed'))
),

failed_commands as (
    select t.tool_call_id, m.command,
    from (from doubtful_tools where status = 'failed' and tool_category = 'shell' and verification is null) as t
    inner join raw.tool_commands as m
        on m.source_no = t.source_no and m.line_no = t.line_no and m.item_no = t.item_no
),

tools as (
    select
        t.*,
        r.tool_call_id is not null as is_repeat,
        -- A failed check has found something, and so has a search that exits with 1; the last of several commands may fail
        -- when the others have brought what they were to bring.
        t.status = 'failed'
        and t.verification is null
        and coalesce(t.result_bytes, 0) <= 2000
        and not (
            coalesce(t.tool_category = 'shell', false)
            and coalesce(
                (t.exit_code is not null and m.command is null)
                or regexp_matches(m.command, '\b(checks?|lint|tests?|verify|validate)\b')
                or regexp_matches(
                    regexp_replace(unprefixed(m.command), '"[^"]*"|''[^'']*''', '', 'g'),
                    '[^\s;&\n][\s]*(?:;|&&|\n)\s*[^\s;&]'
                )
                or (
                    t.exit_code = 1
                    and t.program in (
                        'grep', 'egrep', 'fgrep', 'rg', 'ag', 'git grep', 'git diff', 'diff', 'cmp', 'ls', 'find', 'which',
                        'command', 'type', 'test', '[', '[[', 'pgrep', 'false'
                    )
                ),
                false
            )
        ) as is_failure,
        u.tool_call_id is not null
        and t.result_bytes >= 200
        and (
            t.tool_category = 'read'
            or (t.tool_category = 'shell' and t.program in ('cat', 'head', 'tail', 'sed', 'nl', 'less', 'bat'))
        ) as is_read_again,
    from doubtful_tools as t
    left join blind_repeats as r on r.session_no = t.session_no and r.tool_call_id = t.tool_call_id
    left join unchanged_reads as u on u.session_no = t.session_no and u.tool_call_id = t.tool_call_id
    left join failed_commands as m on m.tool_call_id = t.tool_call_id
),

kinds as (
    select
        t.session_no,
        t.llm_call_id,
        t.tool_call_id,
        t.line_no,
        t.item_no,
        case
            when b.llm_call_id is not null then null
            when t.is_repeat then 'repeated'
            when bool_and(t.is_failure or (t.is_repeat and t.status = 'failed')) over (
                partition by t.session_no, t.llm_call_id
            ) then 'failed'
            when t.is_read_again then 'read_again'
        end as waste_kind,
        count(*) over (partition by t.session_no, t.llm_call_id) as whole_count,
    from tools as t
    left join broken_calls as b on b.session_no = t.session_no and b.llm_call_id = t.llm_call_id
),

carried as (
    select
        session_no,
        llm_call_id,
        least(
            cache_read_tokens,
            coalesce(sum(taken_tokens) over (earlier rows between unbounded preceding and 1 preceding), 0)
        )::bigint as carried_tokens,
        last_value(case when taken_tokens > 0 then big_tool_call_id end ignore nulls) over (
            earlier rows between unbounded preceding and 1 preceding
        ) as tool_call_id,
    from (
        select
            *,
            sum(is_other_context) over (
                partition by session_no, model_raw order by call_number
            ) as context_number,
        from (
            select
                c.*,
                l.model_raw,
                coalesce(l.cache_read_tokens, 0) as cache_read_tokens,
                case when c.has_compaction or c.context_tokens < 0.9 * c.before_context_tokens then 1 else 0 end as is_other_context,
                -- Four bytes a token, and no more than the context grew by.
                case
                    when c.big_result_bytes > 0 and c.before_context_tokens is not null then
                        least(
                            c.big_result_bytes // 4,
                            greatest(c.context_tokens - c.before_context_tokens - coalesce(c.before_output_tokens, 0), 0)
                        )
                    else 0
                end as taken_tokens,
            from mart.contexts as c
            inner join mart.llm_calls as l on l.llm_call_id = c.llm_call_id
            where c.session_no in (
                select session_no
                from mart.contexts
                where big_result_bytes > 0 and session_no in (select session_no from changed_sessions)
            )
        )
    )
    window earlier as (partition by session_no, model_raw, context_number order by call_number)
)

select
    session_no,
    llm_call_id,
    'compaction' as waste_kind,
    null::bigint as part_count,
    null::bigint as whole_count,
    rebuilt_tokens as wasted_tokens,
    pause_ms,
    null as tool_call_id,
from mart.contexts
where has_compaction and rebuilt_tokens > 0 and session_no in (select session_no from changed_sessions)
union all
select session_no, llm_call_id, 'cache_expired', null, null, rebuilt_tokens, pause_ms, null,
from mart.contexts
where
    not has_compaction
    and rebuilt_tokens > 0
    and pause_ms > cache_life_ms
    and session_no in (select session_no from changed_sessions)
union all
select session_no, llm_call_id, 'interrupted', 1, 1, null, null, null,
from broken_calls
union all
select session_no, llm_call_id, waste_kind, count(*), any_value(whole_count), null, null, arg_min(tool_call_id, (line_no, item_no, tool_call_id)),
from kinds
where waste_kind is not null
group by session_no, llm_call_id, waste_kind
union all
select session_no, llm_call_id, 'big_result', null, null, carried_tokens, null, tool_call_id,
from carried
where carried_tokens > 0;
