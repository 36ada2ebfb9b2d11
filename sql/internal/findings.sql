-- Findings about every transcript, with severity and points under the cost mode in force.
-- @version 1
-- @since   0.1.0
-- @grain   session_no, anomaly_type
select
    session_no,
    anomaly_type,
    severity,
    points,
    finding_count,
    evidence,
    occurred_at,
    source_no,
    line_no,
    tool_call_id,
    llm_call_id,
from mart.findings
where list_contains(
    cost_modes,
    case coalesce(getvariable('cost_mode'), 'auto')
        when 'calculate' then 'calculate'
        when 'reported' then 'reported'
        else 'auto'
    end
)
