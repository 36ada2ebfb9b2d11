-- Machines and accounts whose logs were read.
-- @grain   host, user_name
-- @column  host           Machine; NULL: not known.
-- @column  user_name      Account; NULL: not known.
-- @column  session_count  Transcripts.
-- @column  first_at       Start of the first.
-- @column  last_at        End of the last.
select
    sources.host,
    sources.user_name,
    count(*) as session_count,
    min(transcripts.started_at) as first_at,
    max(transcripts.ended_at) as last_at,
from internal.session_keys as sessions
inner join mart.sessions as transcripts using (session_no)
left join internal.source_keys as sources on sources.source_no = sessions.source_no
semi join chosen_sessions on chosen_sessions.session_id = sessions.session_id
group by all
