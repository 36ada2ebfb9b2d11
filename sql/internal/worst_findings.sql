-- Findings that count for a transcript: its own and those of the ones it started, each kind once at its worst.
-- @version 1
-- @since   0.1.0
-- @grain   session_no, type
with counted as (
    select
        unnest(list_distinct([findings.session_no, sessions.root_session_no])) as session_no,
        findings.session_no as found_no,
        findings.anomaly_type,
        findings.severity,
        findings.points,
        findings.evidence,
    from internal.findings as findings
    inner join mart.sessions as sessions using (session_no)
)

select
    counted.session_no,
    counted.anomaly_type as type,
    counted.severity,
    counted.points,
    counted.evidence,
    found.session_id,
from counted
inner join mart.sessions as found on found.session_no = counted.found_no
qualify row_number() over (
    partition by counted.session_no, counted.anomaly_type
    order by counted.points desc, counted.found_no <> counted.session_no, found.session_id
) = 1
