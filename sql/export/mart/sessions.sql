-- Transcripts with their sums, by public ids.
select
    session_id as session_no,
    session_id,
    root_session_id as root_session_no,
    started_at,
    ended_at,
    active_ms,
    output_tokens,
    llm_call_count,
    api_call_count,
    tool_call_count,
from star.sessions
