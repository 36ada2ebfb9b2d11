-- What an audit finds in a transcript, but for what depends on money or on other sessions.

-- One row per transcript and kind of finding.
create table mart.anomalies (
    session_no integer not null,
    anomaly_type varchar not null,
    severity varchar not null,
    -- How often; and where to look.
    finding_count bigint not null,
    evidence varchar not null,
    occurred_at timestamptz,
    source_no integer,
    line_no integer,
    tool_call_id varchar,
    llm_call_id varchar,
    -- What a loop cost at most, by the price list, by the log, and by whichever counts: its severity hangs on it.
    computed_cost_usd decimal(18, 9),
    reported_cost_usd decimal(18, 9),
    auto_cost_usd decimal(18, 9)
);
