-- Silences of transcripts, under the day their transcript began.
select
    days.day as day,
    gaps.*,
from opened_gaps as gaps
inner join session_days as days on days.session_id = gaps.session_id
order by day, session_id, started_at
