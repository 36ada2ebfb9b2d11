-- Findings, by public ids, as the cost mode of the export judges them.
select
    session_id as session_no,
    type as anomaly_type,
    ['auto', 'calculate', 'reported'] as cost_modes,
    severity,
    points,
    evidence,
from star.anomalies
