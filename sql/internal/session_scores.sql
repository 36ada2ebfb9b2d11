-- Score of every transcript from 0 to 100, with what was taken off; NULL where there is too little to judge.
-- @version 1
-- @since   0.1.0
-- @grain   session_no
with worst as (
    select
        session_no,
        anomaly_type,
        max(points) as points,
        arg_max(severity, points) as severity,
    from (
        select
            unnest(list_distinct([findings.session_no, sessions.root_session_no])) as session_no,
            findings.anomaly_type,
            findings.severity,
            findings.points,
        from internal.findings as findings
        inner join mart.sessions as sessions using (session_no)
    )
    group by session_no, anomaly_type
),

sums as (
    select
        session_no,
        count(*) as anomaly_count,
        count(*) filter (severity = 'high') as high_count,
        count(*) filter (severity = 'medium') as medium_count,
        count(*) filter (severity = 'low') as low_count,
        cast(sum(points) as integer) as deducted_points,
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
        sessions.session_no,
        sessions.session_id,
        sessions.started_at is not null and works.has_work as is_scored,
        coalesce(sums.anomaly_count, 0) as anomaly_count,
        coalesce(sums.high_count, 0) as high_count,
        coalesce(sums.medium_count, 0) as medium_count,
        coalesce(sums.low_count, 0) as low_count,
        coalesce(sums.deducted_points, 0) as deducted_points,
    from mart.sessions as sessions
    left join works using (session_no)
    left join sums on sums.session_no = sessions.session_no
)

select
    session_no,
    session_id,
    is_scored,
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
from judged
