-- Tool calls.
select
    tool_call_id,
    session_id as session_no,
    turn_id,
    llm_call_id,
    tool_name,
    tool_category,
    mcp_server,
    called_at,
    returned_at,
    duration_ms,
    status,
from lake.tool_calls
