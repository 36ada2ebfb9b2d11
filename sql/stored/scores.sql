-- Score of every transcript under each cost mode, with what was taken off; NULL where there is too little to judge.
--
-- Findings count for the transcript they are about and for the root of its tree, each kind once at its worst.
-- @version 1
-- @since   0.1.0
-- @grain   session_no, cost_mode
with counted as (
    select
        unnest(list_distinct([findings.session_no, sessions.root_session_no])) as session_no,
        findings.session_no as found_no,
        sessions.session_id,
        findings.cost_mode,
        findings.anomaly_type,
        findings.severity,
        findings.points,
        findings.evidence,
    from (select *, unnest(cost_modes) as cost_mode from mart.findings) as findings
    inner join mart.sessions as sessions using (session_no)
),

worst_findings as (
    select
        session_no,
        cost_mode,
        arg_min(
            {
                'rank': -points,
                'type': anomaly_type,
                'severity': severity,
                'points': points,
                'evidence': evidence,
                'session_id': session_id,
            },
            {'rank': -points, 'is_of_another': found_no <> session_no, 'session_id': session_id}
        ) as cut,
    from counted
    group by session_no, cost_mode, anomaly_type
),

sums as (
    select
        session_no,
        cost_mode,
        count(*) as anomaly_count,
        count(*) filter (cut.severity = 'high') as high_count,
        count(*) filter (cut.severity = 'medium') as medium_count,
        count(*) filter (cut.severity = 'low') as low_count,
        cast(sum(cut.points) as integer) as deducted_points,
        list_sort(list(cut)) as cuts,
    from worst_findings
    group by session_no, cost_mode
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
        sessions.session_no,
        unnest(['auto', 'calculate', 'reported']) as cost_mode,
        sessions.started_at is not null and coalesce(works.has_work, false) as is_scored,
    from mart.sessions as sessions
    left join works using (session_no)
)

select
    judged.session_no,
    judged.cost_mode,
    judged.is_scored,
    coalesce(sums.anomaly_count, 0) as anomaly_count,
    coalesce(sums.high_count, 0) as high_count,
    coalesce(sums.medium_count, 0) as medium_count,
    coalesce(sums.low_count, 0) as low_count,
    coalesce(sums.deducted_points, 0) as deducted_points,
    list_transform(
        coalesce(sums.cuts, []),
        lambda cut: {
            'type': cut.type,
            'severity': cut.severity,
            'points': cut.points,
            'evidence': cut.evidence,
            'session_id': cut.session_id,
        }
    ) as deductions,
from judged
left join sums on sums.session_no = judged.session_no and sums.cost_mode = judged.cost_mode
