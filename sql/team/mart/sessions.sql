-- Transcripts with their sums.
select
    session_id as session_no,
    session_id,
    root_session_id as root_session_no,
    parent_session_id as parent_session_no,
    kind,
    started_at,
    ended_at,
    active_ms,
    llm_call_count,
    api_call_count,
    tool_call_count,
    tool_ended_count,
    tool_failure_count,
    output_tokens,
    total_tokens,
from lake.sessions
