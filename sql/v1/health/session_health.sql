-- Health of every session: 100 less what each kind of finding takes off.
--
-- Score = 100 − 30 × high − 12 × medium − 4 × low, not below 0. A kind of finding counts once, at its worst, those of the
-- transcripts that the session started included. From 80 it is healthy, from 50 a warning, else critical. Too little to judge is
-- unscored: no times, or fewer than two API calls and no tool call.
-- @version 2
-- @since   0.1.0
-- @grain   session_id
-- @column  session_id      The transcript.
-- @column  health_score    0 to 100; NULL: not scored.
-- @column  health_status   `healthy`, `warning`, `critical` or `unscored`.
-- @column  anomaly_count   Kinds of findings.
-- @column  high_count      Those of high severity, 30 points each.
-- @column  medium_count    Those of medium severity, 12 points each.
-- @column  low_count       Those of low severity, 4 points each.
-- @column  deducted_points The points of all together, which may be over 100; NULL: not scored.
-- @column  deductions      What took points off, the worst first: type, severity, points, evidence and the session it was found in.
-- @example select health_status, count(*) from session_health group by health_status
-- @example select session_id, 100 - deducted_points, health_score from session_health order by health_score nulls last
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
),

worst as (
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
),

sums as (
    select
        session_no,
        count(*) as anomaly_count,
        count(*) filter (severity = 'high') as high_count,
        count(*) filter (severity = 'medium') as medium_count,
        count(*) filter (severity = 'low') as low_count,
        cast(sum(points) as integer) as deducted_points,
        list(
            {
                'type': type,
                'severity': severity,
                'points': points,
                'evidence': evidence,
                'session_id': session_id,
            }
            order by points desc, type
        ) as deductions,
    from worst
    group by session_no
),

-- What a session and the transcripts that it started did.
trees as (
    select
        unnest(list_distinct([session_no, root_session_no])) as session_no,
        greatest(llm_call_count, coalesce(api_call_count, 0)) as call_count,
        tool_call_count,
    from mart.sessions
),

works as (
    select
        session_no,
        sum(call_count) >= 2 or sum(tool_call_count) > 0 as has_work,
    from trees
    group by session_no
),

judged as (
    select
        sessions.session_id,
        sessions.started_at is not null and works.has_work as is_scored,
        coalesce(sums.anomaly_count, 0) as anomaly_count,
        coalesce(sums.high_count, 0) as high_count,
        coalesce(sums.medium_count, 0) as medium_count,
        coalesce(sums.low_count, 0) as low_count,
        coalesce(sums.deducted_points, 0) as deducted_points,
        sums.deductions,
    from mart.sessions as sessions
    left join works using (session_no)
    left join sums on sums.session_no = sessions.session_no
)

select
    session_id,
    if(is_scored, greatest(0, 100 - deducted_points), null) as health_score,
    case
        when not is_scored then 'unscored'
        when deducted_points <= 20 then 'healthy'
        when deducted_points <= 50 then 'warning'
        else 'critical'
    end as health_status,
    anomaly_count,
    high_count,
    medium_count,
    low_count,
    if(is_scored, deducted_points, null) as deducted_points,
    if(is_scored, coalesce(deductions, []), []) as deductions,
from judged
