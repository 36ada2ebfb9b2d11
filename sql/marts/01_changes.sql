-- What a load changed, and what that touches in other files.
--
-- The load itself fills changed_sources (sources whose raw rows it added or removed) and, before it removes rows,
-- the touched_ tables with the keys that those rows had. Of a source that is not to be looked at as a whole, the rows
-- after those of the last load are what it added: a database of a thousand sessions changes by one.

-- A replay is told by the parent's history: children of a changed parent are looked at again.
create or replace temp table changed_children as
select distinct h.source_no
from raw.session_headers as h
where
    h.is_replaying
    and coalesce(h.parent_session_no, h.forked_from_session_no) in (
        select p.session_no from raw.session_headers as p where p.source_no in (select source_no from changed_sources)
    );

update changed_sources set is_whole = true where source_no in (select source_no from changed_children);

insert into changed_sources
select source_no, true
from changed_children
where source_no not in (select source_no from changed_sources);

create or replace temp table source_ranks as
select source_no, (row_number() over (order by path, host))::integer as source_rank,
from raw.sources;

-- A file whose first record is older than it was may own what it did not: all that it says is looked at again.
update changed_sources
set is_whole = true
where
    not is_whole
    and source_no in (
        select e.source_no
        from raw.events as e
        inner join (
            select source_no, min(occurred_at) as first_at,
            from raw.events
            where
                rowid <= getvariable('last_events')
                and source_no in (select source_no from changed_sources where not is_whole)
            group by source_no
        ) as a on a.source_no = e.source_no and e.occurred_at < coalesce(a.first_at, timestamptz 'infinity')
        where e.rowid > getvariable('last_events')
    );

create or replace temp table changed_sessions as
select session_no from raw.session_headers where rowid > getvariable('last_session_headers')
union
select session_no from raw.session_headers where source_no in (select source_no from changed_sources where is_whole)
union
select session_no from raw.events where rowid > getvariable('last_events')
union
select session_no from raw.events where source_no in (select source_no from changed_sources where is_whole)
union
select session_no from raw.usage where rowid > getvariable('last_usage')
union
select session_no from raw.usage where source_no in (select source_no from changed_sources where is_whole)
union
select session_no from raw.tool_uses where rowid > getvariable('last_tool_uses')
union
select session_no from raw.tool_uses where source_no in (select source_no from changed_sources where is_whole)
union
select session_no from raw.tool_results where rowid > getvariable('last_tool_results')
union
select session_no from raw.tool_results where source_no in (select source_no from changed_sources where is_whole)
union
select session_no from touched_sessions;

-- A transcript named by several files is described by its own, if that is one of them, else by the smallest path; and in
-- a file by the first line that states a thing.
create or replace temp view placed_headers as
select
    -- What names an origin without a kind is a fork.
    h.* replace (
        case
            when h.kind is null and h.forked_from_session_no is not null and s.native_agent_id is null then 'fork'
            else h.kind
        end as kind
    ),
    case when contains(f.path, s.native_session_id) then 0 else 1 end * 1152921504606846976
    + k.source_rank * 4294967296 + h.line_no as place,
from raw.session_headers as h
inner join raw.sessions as s using (session_no)
inner join raw.sources as f on f.source_no = h.source_no
inner join source_ranks as k on k.source_no = h.source_no;

-- Who started whom, for every transcript of which anything is known.
create or replace temp table session_parents as
with named as (
    select session_no, arg_min(parent_session_no, place) as parent_session_no,
    from placed_headers
    where parent_session_no is not null
    group by session_no
    union all
    -- A subagent that only its parent's file tells of has no header: it belongs to the session that it was a part of.
    select s.session_no, m.session_no,
    from raw.sessions as s
    inner join raw.sessions as m
        on m.agent = s.agent and m.native_session_id = s.native_session_id and m.native_agent_id is null
    where s.native_agent_id is not null and s.session_no not in (select session_no from raw.session_headers)
)

select session_no, parent_session_no,
from named
where parent_session_no in (select session_no from raw.session_headers);

create or replace temp table session_roots as
with recursive ancestry as (
    select p.session_no, p.parent_session_no as ancestor_no, 1 as depth from session_parents as p
    union
    select a.session_no, p.parent_session_no, a.depth + 1
    from ancestry as a
    inner join session_parents as p on p.session_no = a.ancestor_no
    where a.depth < 64
)

select session_no, arg_max(ancestor_no, depth) as root_session_no,
from ancestry
group by session_no;

-- Who stands elsewhere among parents and roots than until now, and the roots that they leave.
insert into changed_sessions
with moved as (
    select s.session_no, s.root_session_no,
    from mart.sessions as s
    left join session_roots as r using (session_no)
    left join session_parents as p using (session_no)
    where
        s.root_session_no <> coalesce(r.root_session_no, s.session_no)
        or s.parent_session_no is distinct from p.parent_session_no
)

(
    select session_no from moved
    union
    select root_session_no from moved
)
except
select session_no from changed_sessions;
