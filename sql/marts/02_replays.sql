-- Where a transcript's own history begins, for files that open with a copy of their parent's.
--
-- In order: the first turn that the parent does not have; else, by the counters, the first reading that differs from
-- the parent's at the same place; else, for a declared fork without its parent, the end of the second in which the copy
-- was written.
-- Source of the rule: adapters/codex/README.md, "Forks and replays".

delete from mart.replays where source_no in (select source_no from changed_sources);

insert into mart.replays
with children as (
    select
        source_no,
        coalesce(arg_min(parent_session_no, line_no), arg_min(forked_from_session_no, line_no)) as parent_no,
        coalesce(bool_or(kind in ('fork', 'subagent')), false) as is_declared,
    from raw.session_headers
    where source_no in (select source_no from changed_sources)
    group by source_no
    having bool_or(is_replaying)
),

parent_turns as (
    select distinct session_no, native_turn_id
    from raw.turn_contexts
    where native_turn_id is not null and session_no in (select parent_no from children)
),

known_parents as (
    select distinct session_no from raw.session_headers where session_no in (select parent_no from children)
),

by_turn as (
    select
        c.source_no,
        bool_or(p.native_turn_id is not null) as has_parent_turn,
        min(t.line_no) filter (where p.native_turn_id is null) as own_line_no,
    from children as c
    inner join raw.turn_contexts as t on t.source_no = c.source_no and t.native_turn_id is not null
    left join parent_turns as p on p.session_no = c.parent_no and p.native_turn_id = t.native_turn_id
    where c.parent_no in (select session_no from parent_turns)
    group by c.source_no
),

numbered as (
    select
        source_no,
        session_no,
        line_no,
        occurred_at,
        hash(total_uncached_input_tokens, total_cache_read_tokens, total_output_tokens, total_reasoning_tokens, total_tokens) as reading,
        row_number() over (partition by source_no order by line_no) as reading_number,
    from raw.usage_counters
    where
        source_no in (select source_no from children)
        or session_no in (select parent_no from children)
),

by_reading as (
    select
        c.source_no,
        max(n.line_no) filter (where n.reading_number < coalesce(d.reading_number, 9223372036854775807)) as last_copied_line_no,
    from children as c
    inner join numbered as n on n.source_no = c.source_no
    left join (
        select c.source_no, min(n.reading_number) as reading_number,
        from children as c
        inner join numbered as n on n.source_no = c.source_no
        left join numbered as p
            on p.session_no = c.parent_no
            and p.source_no <> c.source_no
            and p.reading_number = n.reading_number
            and p.reading = n.reading
        where p.reading is null
        group by c.source_no
    ) as d on d.source_no = c.source_no
    where c.parent_no in (select session_no from numbered)
    group by c.source_no
),

by_second as (
    select n.source_no, max(n.line_no) as last_copied_line_no,
    from numbered as n
    inner join (
        select
            source_no,
            max(date_trunc('second', occurred_at)) filter (where reading_number = 1) as first_second,
            max(date_trunc('second', occurred_at)) filter (where reading_number = 2) as second_second,
        from numbered
        group by source_no
    ) as f on f.source_no = n.source_no and f.first_second = f.second_second
    where
        date_trunc('second', n.occurred_at) = f.first_second
        and n.source_no not in (
            select source_no from children
            where not is_declared or parent_no in (select session_no from known_parents)
        )
    group by n.source_no
)

select
    c.source_no,
    case
        when t.source_no is not null and t.own_line_no is null then 2147483647
        when t.source_no is not null and (t.has_parent_turn or t.own_line_no is not null) then t.own_line_no
        when r.last_copied_line_no is not null then r.last_copied_line_no + 1
        else s.last_copied_line_no + 1
    end as first_own_line_no,
from children as c
left join by_turn as t using (source_no)
left join by_reading as r using (source_no)
left join by_second as s using (source_no)
where t.source_no is not null or r.last_copied_line_no is not null or s.last_copied_line_no is not null;
