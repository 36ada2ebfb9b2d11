-- What was found wrong in transcripts, of every kind, under the day their transcript began.
with findings as (
    select
        session_id,
        root_session_id,
        agent,
        project,
        'anomaly' as finding_kind,
        type as finding_type,
        severity,
        points,
        evidence,
        occurred_at,
        tool_call_id,
        llm_call_id,
        finding_count,
        source_id,
        source_line,
    from opened_anomalies
    union all by name
    select
        session_id,
        root_session_id,
        agent,
        project,
        'retry' as finding_kind,
        retry_kind as finding_type,
        failed_at as occurred_at,
        repeated_at as ended_at,
        turn_id,
        tool_call_id,
        repeat_tool_call_id as last_tool_call_id,
        tool_name,
        target,
        repeat_status,
        gap_ms,
        edit_count,
        cost_usd,
    from opened_retries
    union all by name
    select
        session_id,
        root_session_id,
        agent,
        project,
        'loop' as finding_kind,
        loop_kind as finding_type,
        started_at as occurred_at,
        ended_at,
        turn_id,
        first_tool_call_id as tool_call_id,
        last_tool_call_id,
        tool_name,
        target,
        period_count,
        round_count,
        call_count as finding_count,
        cost_usd,
    from opened_loops
    union all by name
    select
        session_id,
        root_session_id,
        agent,
        project,
        'waste' as finding_kind,
        waste_kind as finding_type,
        started_at as occurred_at,
        turn_id,
        tool_call_id,
        llm_call_id,
        pause_ms as gap_ms,
        part_count,
        whole_count,
        wasted_tokens,
        is_estimate,
        cost_usd,
    from opened_waste_calls
)

select
    days.day as day,
    findings.*,
from findings
inner join session_days as days on days.session_id = findings.session_id
order by day, session_id, finding_kind, finding_type, tool_call_id, llm_call_id, last_tool_call_id, target, period_count
