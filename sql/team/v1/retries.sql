-- Retries, as their hosts found them.
select
    tool_call_id,
    last_tool_call_id as repeat_tool_call_id,
    session_id,
    root_session_id,
    turn_id,
    agent,
    project,
    tool_name,
    target,
    finding_type as retry_kind,
    occurred_at as failed_at,
    ended_at as repeated_at,
    gap_ms,
    edit_count,
    repeat_status,
    cost_usd,
from lake.findings
where finding_kind = 'retry'
