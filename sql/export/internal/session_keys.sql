-- Transcripts, by public ids.
select
    session_id as session_no,
    session_id,
    root_session_id,
    agent,
    project,
    source_id as source_no,
from star.sessions
