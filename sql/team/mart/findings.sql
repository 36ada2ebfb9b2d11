-- Findings about every transcript that count in its health, as its host judged them: alike under every cost mode.
select
    session_id as session_no,
    finding_type as anomaly_type,
    ['auto', 'calculate', 'reported'] as cost_modes,
    severity,
    points,
    finding_count,
    evidence,
    occurred_at,
    cast(null as integer) as source_no,
    cast(null as integer) as line_no,
    tool_call_id,
    llm_call_id,
from lake.findings
where finding_kind = 'anomaly'
