-- Records of the changed transcripts themselves, without copies and replays, for the scripts that follow.

create or replace temp table own_events as
select
    e.session_no,
    e.source_no,
    k.source_rank,
    e.line_no,
    e.item_no,
    e.occurred_at,
    e.event_type,
    e.is_interruption,
    e.reasoning_bytes,
    e.has_withheld_reasoning,
    r.is_final,
    r.retry_wait_ms,
from raw.events as e
inner join source_ranks as k using (source_no)
left join mart.replays as p using (source_no)
left join raw.api_errors as r
    on r.source_no = e.source_no and r.line_no = e.line_no and r.item_no = e.item_no
anti join mart.event_copies as c
    on c.source_no = e.source_no and c.line_no = e.line_no and c.item_no = e.item_no
where
    e.session_no in (select session_no from changed_sessions)
    and e.line_no >= coalesce(p.first_own_line_no, 0);
