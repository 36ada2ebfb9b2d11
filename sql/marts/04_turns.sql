-- Human prompts, numbered within their session.

delete from mart.turns where session_no in (select session_no from changed_sessions);

insert into mart.turns
with prompts as (
    select e.session_no, e.occurred_at, e.text_bytes, e.source_no, e.line_no, e.item_no, r.source_rank,
    from raw.events as e
    inner join source_ranks as r using (source_no)
    left join mart.replays as p using (source_no)
    anti join mart.event_copies as c
        on c.source_no = e.source_no and c.line_no = e.line_no and c.item_no = e.item_no
    where
        e.event_type = 'user_prompt'
        and e.line_no >= coalesce(p.first_own_line_no, 0)
        and e.session_no in (select session_no from changed_sessions)
),

-- One prompt of a thread that stands in two files (live and archived, say) is one turn.
distinct_prompts as (
    select *
    from prompts
    qualify row_number() over (
        partition by
            session_no, occurred_at, case when occurred_at is null then line_no::bigint * 4294967296 + item_no end, text_bytes
        order by source_rank, line_no, item_no
    ) = 1
),

numbered as (
    select
        *,
        row_number() over (partition by session_no order by occurred_at nulls first, source_rank, line_no, item_no) as turn_number,
    from distinct_prompts
)

select
    s.agent || ':' || s.native_session_id || coalesce(':' || s.native_agent_id, '') || ':' || n.turn_number,
    n.session_no,
    n.turn_number,
    n.occurred_at,
    n.text_bytes,
    n.source_no,
    n.line_no,
from numbered as n
inner join raw.sessions as s using (session_no);

-- Every moment belongs to the turn of the root session that was under way: subagents work inside their parent's. Of turns that
-- begin at one moment it is the last.
create or replace temp table turn_starts as
select
    session_no as root_session_no,
    started_at,
    arg_max(turn_id, turn_number) as turn_id,
from mart.turns
where started_at is not null
group by session_no, started_at;
