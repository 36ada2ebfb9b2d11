-- Anomalies, as their hosts found them.
select
    session_id,
    root_session_id,
    agent,
    project,
    finding_type as type,
    severity,
    points,
    finding_count,
    evidence,
    occurred_at,
    source_id,
    source_line,
    tool_call_id,
    llm_call_id,
from lake.findings
where finding_kind = 'anomaly'
