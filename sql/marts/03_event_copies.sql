-- Records that stand in more than one file: all but one are copies.
--
-- The one that counts: not marked as a fork's; then the file whose first record is older; then the smaller path.
-- Where kinds of sources differ in how fully they tell a session, all that the lesser ones say of it is a copy.

create or replace temp table changed_uuids as
select distinct uuid
from raw.events
where uuid is not null and source_no in (select source_no from changed_sources)
union
select uuid from touched_uuids;

create or replace temp table repeated_uuids as
select uuid
from raw.events
where uuid in (select uuid from changed_uuids)
group by uuid
having count(*) > 1;

delete from mart.event_copies where source_no in (select source_no from changed_sources);

delete from mart.event_copies as c
using mart.outranked as o, raw.events as e
where
    o.session_no in (select session_no from changed_sessions)
    and e.source_no = o.source_no
    and e.session_no = o.session_no
    and e.source_no = c.source_no
    and e.line_no = c.line_no
    and e.item_no = c.item_no;

delete from mart.outranked where session_no in (select session_no from changed_sessions);

insert into mart.outranked
select distinct h.source_no, h.session_no,
from raw.session_headers as h
where
    h.session_no in (
        select session_no
        from raw.session_headers
        where session_no in (select session_no from changed_sessions)
        group by session_no
        having min(rank) < max(rank)
    )
qualify h.rank < max(h.rank) over (partition by h.session_no);

delete from mart.event_copies as c
using raw.events as e
where
    e.source_no = c.source_no
    and e.line_no = c.line_no
    and e.item_no = c.item_no
    and e.uuid in (select uuid from changed_uuids)
    and (e.source_no, e.session_no) not in (select (source_no, session_no) from mart.outranked);

insert into mart.event_copies
select e.source_no, e.line_no, e.item_no,
from raw.events as e
semi join mart.outranked as o on o.source_no = e.source_no and o.session_no = e.session_no
where
    e.session_no in (select session_no from changed_sessions)
    or e.source_no in (select source_no from changed_sources);

insert into mart.event_copies
with ages as (
    select source_no, min(occurred_at) as first_at,
    from raw.events
    where source_no in (select source_no from raw.events where uuid in (select uuid from repeated_uuids))
    group by source_no
)

select e.source_no, e.line_no, e.item_no,
from raw.events as e
inner join ages as a using (source_no)
inner join source_ranks as r using (source_no)
anti join mart.outranked as o on o.source_no = e.source_no and o.session_no = e.session_no
where e.uuid in (select uuid from repeated_uuids)
qualify row_number() over (partition by e.uuid order by e.is_fork, a.first_at, r.source_rank, e.line_no, e.item_no) > 1;

-- The sessions of the copies change with them, and so does the work of subagents, which is told by their root's turns.
insert into changed_sessions
select distinct session_no from raw.events where uuid in (select uuid from repeated_uuids)
except
select session_no from changed_sessions;

insert into changed_sessions
select session_no from session_roots where root_session_no in (select session_no from changed_sessions)
except
select session_no from changed_sessions;
