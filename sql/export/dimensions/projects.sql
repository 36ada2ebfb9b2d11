-- Projects that sessions worked in.
-- @grain   project
-- @column  project        Last element of the working directory; NULL: the log names none.
-- @column  session_count  Transcripts.
-- @column  first_at       Start of the first.
-- @column  last_at        End of the last.
select
    sessions.project,
    count(*) as session_count,
    min(transcripts.started_at) as first_at,
    max(transcripts.ended_at) as last_at,
from internal.session_keys as sessions
inner join mart.sessions as transcripts using (session_no)
semi join chosen_sessions on chosen_sessions.session_id = sessions.session_id
group by sessions.project
