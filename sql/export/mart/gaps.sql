-- Silences, by public ids.
select
    session_id as session_no,
    started_at,
    gap_ms,
    gap_kind,
    retry_ms,
from star.gaps
