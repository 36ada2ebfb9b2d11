-- Transcripts, under the day they began.
select
    days.day as day,
    sessions.* exclude (host),
    sessions.host as host_name,
from opened_sessions as sessions
inner join session_days as days on days.session_id = sessions.session_id
order by day, session_id
