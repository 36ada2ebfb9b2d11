-- Tools that were called.
-- @grain   agent, mcp_server, tool_name
-- @column  agent          Agent that offers the tool.
-- @column  mcp_server     MCP server that offers it; NULL: the agent itself.
-- @column  tool_name      The tool.
-- @column  tool_category  What it does.
-- @column  first_at       First call.
-- @column  last_at        Last call.
select
    sessions.agent,
    calls.mcp_server,
    calls.tool_name,
    min(calls.tool_category) as tool_category,
    min(calls.called_at) as first_at,
    max(calls.called_at) as last_at,
from mart.tool_calls as calls
inner join internal.session_keys as sessions using (session_no)
semi join chosen_sessions on chosen_sessions.session_id = sessions.session_id
group by all
