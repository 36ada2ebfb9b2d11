-- API calls that cost money which brought nothing, as their hosts reckoned it.
select
    llm_call_id,
    session_id,
    root_session_id,
    turn_id,
    agent,
    project,
    finding_type as waste_kind,
    occurred_at as started_at,
    part_count,
    whole_count,
    wasted_tokens,
    gap_ms as pause_ms,
    tool_call_id,
    cost_usd,
    is_estimate,
from lake.findings
where finding_kind = 'waste'
