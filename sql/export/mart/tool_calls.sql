-- Tool calls, by public ids.
select
    tool_call_id,
    session_id as session_no,
    tool_name,
    tool_category,
    mcp_server,
    status,
    duration_ms,
from star.tool_calls
