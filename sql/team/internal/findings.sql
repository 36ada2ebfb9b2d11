-- Findings about every transcript that count in its health.
select
    session_id as session_no,
    finding_type as anomaly_type,
    severity,
    points,
    finding_count,
    evidence,
    occurred_at,
from lake.findings
where finding_kind = 'anomaly'
