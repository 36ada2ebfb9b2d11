-- Loops, as their hosts found them.
select
    session_id,
    root_session_id,
    turn_id,
    agent,
    project,
    finding_type as loop_kind,
    tool_name,
    target,
    period_count,
    round_count,
    finding_count as call_count,
    occurred_at as started_at,
    ended_at,
    tool_call_id as first_tool_call_id,
    last_tool_call_id,
    cost_usd,
from lake.findings
where finding_kind = 'loop'
