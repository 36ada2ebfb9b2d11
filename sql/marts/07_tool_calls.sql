-- Tool calls: one row each, with the best statement of how it ended.
--
-- A call that stands in several files belongs to the same owner as an API call would (06_llm_calls.sql). Its end is
-- read from the surest evidence, in the owner's file first.

create or replace temp table changed_calls as
select tool_call_id from raw.tool_uses where rowid > getvariable('last_tool_uses')
union
select tool_call_id from raw.tool_uses where source_no in (select source_no from changed_sources where is_whole)
union
select tool_call_id from raw.tool_results where rowid > getvariable('last_tool_results')
union
select tool_call_id from raw.tool_results where source_no in (select source_no from changed_sources where is_whole)
union
select tool_call_id from touched_calls
union
select tool_call_id from mart.tool_calls where session_no in (select session_no from changed_sessions);

create or replace temp table uses as
with own_uses as (
    select u.rowid as use_no, u.source_no, u.line_no, u.item_no, u.tool_call_id, u.is_sidechain, u.is_fork,
    from raw.tool_uses as u
    left join mart.replays as p using (source_no)
    semi join changed_calls as c on c.tool_call_id = u.tool_call_id
    anti join mart.outranked as o on o.source_no = u.source_no and o.session_no = u.session_no
    where u.line_no >= coalesce(p.first_own_line_no, 0)
),

-- The first line of the only file, for nearly all.
firsts as (
    select
        tool_call_id,
        arg_min(use_no, line_no::bigint * 4294967296 + item_no) as use_no,
        min(source_no) <> max(source_no) as is_repeated,
    from own_uses
    group by tool_call_id
),

ages as (
    select source_no, min(occurred_at) as first_at,
    from raw.events
    where source_no in (
        select u.source_no
        from own_uses as u
        semi join (from firsts where is_repeated) as f on f.tool_call_id = u.tool_call_id
    )
    group by source_no
),

owners as (
    select u.tool_call_id, u.use_no,
    from own_uses as u
    semi join (from firsts where is_repeated) as f on f.tool_call_id = u.tool_call_id
    left join ages as a on a.source_no = u.source_no
    inner join source_ranks as k on k.source_no = u.source_no
    qualify row_number() over (
        partition by u.tool_call_id
        order by u.is_sidechain, u.is_fork, a.first_at, k.source_rank, u.line_no, u.item_no
    ) = 1
)

select f.tool_call_id, coalesce(o.use_no, f.use_no) as use_no, u.source_no,
from firsts as f
left join owners as o using (tool_call_id)
inner join raw.tool_uses as u on u.rowid = coalesce(o.use_no, f.use_no);

create or replace temp table endings as
with ranked as (
    select
        r.rowid as result_no,
        u.use_no,
        r.status,
        r.exit_code,
        r.duration_ms,
        r.result_bytes,
        case when r.source_no = u.source_no then 0 else k.source_rank end * 2199023255552
        + r.evidence::bigint * 137438953472
        + r.line_no::bigint * 64
        + least(r.item_no, 63) as output_rank,
    from raw.tool_results as r
    inner join uses as u using (tool_call_id)
    inner join source_ranks as k on k.source_no = r.source_no
    anti join mart.outranked as o on o.source_no = r.source_no and o.session_no = r.session_no
)

select
    use_no,
    arg_min(result_no, output_rank) filter (where status is not null) as status_no,
    arg_min(result_no, output_rank) filter (where result_bytes is not null) as output_no,
    -- Only the file that decides is asked: the rank above the evidence is the file's.
    case
        when min(output_rank) filter (where exit_code is not null) // 2199023255552 = min(output_rank) // 2199023255552
            then arg_min(exit_code, output_rank) filter (where exit_code is not null)
    end as exit_code,
    case
        when min(output_rank) filter (where duration_ms is not null) // 2199023255552 = min(output_rank) // 2199023255552
            then arg_min(duration_ms, output_rank) filter (where duration_ms is not null)
    end as duration_ms,
from ranked
group by use_no;

insert into changed_sessions
select session_no from mart.tool_calls where tool_call_id in (select tool_call_id from changed_calls)
union
select t.session_no from uses as u inner join raw.tool_uses as t on t.rowid = u.use_no
except
select session_no from changed_sessions;

delete from mart.tool_calls where tool_call_id in (select tool_call_id from changed_calls);

insert into mart.tool_calls
with responses as (
    select llm_call_id as response_id, llm_call_id,
    from mart.llm_calls
    where response_id is null
    union all
    select response_id, min(llm_call_id),
    from mart.llm_calls
    where response_id is not null
    group by response_id
),

-- Taken apart once: a macro would do it at every use.
command_words as materialized (
    select source_no, line_no, item_no, unprefixed(command)[:400] as words
    from raw.tool_commands
    where source_no in (select source_no from uses)
),

calls as (
    select
        u.use_no,
        t.source_no,
        t.line_no,
        t.item_no,
        t.session_no,
        t.occurred_at as called_at,
        t.tool_call_id,
        t.response_id,
        t.tool_name,
        t.tool_category,
        t.mcp_server,
        t.input_hash,
        t.input_bytes,
        t.file_path,
        t.is_background,
        t.is_question,
        case when t.tool_category = 'shell' then k.words end as words,
        e.exit_code,
        -- What was refused never ran; a question waits for a person.
        not coalesce(t.is_question, false) and s.status is distinct from 'rejected' as has_run,
        e.duration_ms,
        s.status,
        s.status_source,
        s.error_kind,
        s.source_no as result_source_no,
        s.line_no as result_line_no,
        s.item_no as result_item_no,
        coalesce(o.occurred_at, s.occurred_at) as returned_at,
        o.result_bytes,
        o.result_hash,
        coalesce(r.root_session_no, t.session_no) as root_session_no,
    from uses as u
    inner join raw.tool_uses as t on t.rowid = u.use_no
    left join command_words as k
        on k.source_no = t.source_no
        and k.line_no = t.line_no
        and k.item_no = t.item_no
    left join endings as e on e.use_no = u.use_no
    left join raw.tool_results as s on s.rowid = e.status_no
    left join raw.tool_results as o on o.rowid = e.output_no
    left join session_roots as r on r.session_no = t.session_no
),

-- Where the log does not say which response asked for a call, it is the next one that the same file accounts for.
following as (
    select c.use_no, l.llm_call_id,
    from (
        select u.use_no, t.source_no, t.line_no,
        from uses as u
        inner join raw.tool_uses as t on t.rowid = u.use_no
        where t.response_id is null
    ) as c
    asof left join (
        select source_no, line_no, min(llm_call_id) as llm_call_id,
        from mart.llm_calls
        where form in ('counter', 'record')
        group by source_no, line_no
    ) as l
        on l.source_no = c.source_no and c.line_no <= l.line_no
)

select
    c.tool_call_id,
    c.session_no,
    case when c.called_at is not null then t.turn_id end,
    coalesce(l.llm_call_id, f.llm_call_id),
    c.source_no,
    c.line_no,
    c.item_no,
    c.result_source_no,
    c.result_line_no,
    c.result_item_no,
    c.tool_name,
    c.tool_category,
    c.mcp_server,
    c.called_at,
    c.returned_at,
    case
        when not c.has_run then null
        when c.duration_ms is not null then c.duration_ms
        when c.returned_at >= c.called_at then epoch_ms(c.returned_at) - epoch_ms(c.called_at)
    end,
    case
        when not c.has_run then null
        when c.duration_ms is not null then 'log'
        when c.returned_at >= c.called_at then 'timestamps'
    end,
    coalesce(c.status, 'pending'),
    coalesce(c.status_source, 'inferred'),
    c.exit_code,
    c.error_kind,
    c.input_hash,
    c.input_bytes,
    c.result_hash,
    c.result_bytes,
    c.file_path,
    program_of(c.words),
    verification_of(c.words),
    c.is_background,
    c.is_question,
from calls as c
left join responses as l on l.response_id = c.response_id
left join following as f on f.use_no = c.use_no
asof left join turn_starts as t
    on t.root_session_no = c.root_session_no
    and c.called_at >= t.started_at;
