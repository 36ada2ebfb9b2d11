-- Findings about every transcript, with severity and points under the cost mode in force.
-- @version 1
-- @since   0.1.0
-- @grain   session_no, anomaly_type
with findings as (
    select
        session_no,
        anomaly_type,
        severity,
        finding_count,
        evidence,
        occurred_at,
        source_no,
        line_no,
        tool_call_id,
        llm_call_id,
        case coalesce(getvariable('cost_mode'), 'auto')
            when 'calculate' then computed_cost_usd
            when 'reported' then reported_cost_usd
            else auto_cost_usd
        end as cost_usd,
    from mart.anomalies
    union all by name
    select
        session_no,
        'cost_spike' as anomaly_type,
        'medium' as severity,
        1 as finding_count,
        '$' || round(cost_usd, 4) || ', where half of the ' || peer_count || ' sessions of the project cost at most $'
        || round(median_usd, 4) as evidence,
    from internal.cost_spikes
),

judged as (
    select
        session_no,
        anomaly_type,
        if(cost_usd >= 1, 'high', severity) as severity,
        finding_count,
        evidence || if(cost_usd > 0, ', up to $' || round(cost_usd, 2) || ' from the second round on', '') as evidence,
        occurred_at,
        source_no,
        line_no,
        tool_call_id,
        llm_call_id,
    from findings
)

select
    session_no,
    anomaly_type,
    severity,
    cast(
        case severity
            when 'high' then 30
            when 'medium' then 12
            else 4
        end as integer
    ) as points,
    cast(finding_count as bigint) as finding_count,
    evidence,
    occurred_at,
    source_no,
    line_no,
    tool_call_id,
    llm_call_id,
from judged
