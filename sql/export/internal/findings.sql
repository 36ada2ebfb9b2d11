-- Findings, by public ids.
select
    session_id as session_no,
    type as anomaly_type,
    severity,
    points,
    evidence,
from star.anomalies
