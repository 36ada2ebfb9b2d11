-- Records that stand in more than one file: all but one are copies.
--
-- The one that counts: not marked as a fork's; then the file whose first record is older; then the smaller path.
-- Where kinds of sources differ in how fully they tell a session, all that the lesser ones say of it is a copy; and so
-- is all that a log says which is the beginning of another: the same one before it was moved, compressed or went on.

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

insert into mart.outranked
with shared as (
    select h.session_no
    from raw.session_headers as h
    inner join raw.sessions as s using (session_no)
    inner join raw.agents as a on a.agent = s.agent and a.moves_logs
    where h.session_no in (select session_no from changed_sessions)
    group by h.session_no
    having min(h.source_no) < max(h.source_no)
),

records as (
    select
        source_no,
        session_no,
        line_no::bigint * 4294967296 + item_no as place,
        case when occurred_at is not null then hash(occurred_at, event_type, text_bytes) end as record,
    from raw.events
    where session_no in (select session_no from shared)
),

logs as (
    select
        d.*,
        r.source_rank,
    from (
        select
            source_no,
            session_no,
            max(place) as end_place,
            arg_min(record, place) as first_record,
            max(place) filter (where record is not null) as last_place,
            arg_max(record, place) as last_record,
        from records
        group by source_no, session_no
    ) as d
    inner join source_ranks as r using (source_no)
)

select distinct c.source_no, c.session_no
from logs as c
inner join logs as w
    on w.session_no = c.session_no
    and w.first_record = c.first_record
    and (w.end_place > c.end_place or (w.end_place = c.end_place and w.source_rank < c.source_rank))
inner join records as r
    on r.source_no = w.source_no
    and r.session_no = w.session_no
    and r.place = c.last_place
    and r.record = c.last_record
anti join mart.outranked as o on o.source_no = c.source_no and o.session_no = c.session_no;

-- What such a copy says too is the longer log's.
update source_ranks set source_rank = source_rank + (select count(*) from raw.sources)
where
    source_no in (
        select o.source_no
        from mart.outranked as o
        inner join raw.sources as s using (source_no)
        inner join raw.agents as a on a.agent = s.agent and a.moves_logs
    );

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
