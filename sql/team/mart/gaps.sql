-- Silences between neighbouring events.
select
    session_id as session_no,
    started_at,
    gap_ms,
    gap_kind,
    retry_ms,
from lake.gaps
