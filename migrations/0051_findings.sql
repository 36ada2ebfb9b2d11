-- What reports ask of every session, told at load: whose it is, and what was found in it under each cost mode.

-- Public id of the transcript at the top of its chain of parents: its own where that one is not here.
alter table mart.sessions add column root_session_id varchar;

-- The last element of its working directory.
alter table mart.sessions add column project varchar;

-- One row per transcript, kind of finding and the cost modes that judge it alike: one of them for each mode.
create table mart.findings (
    session_no integer not null,
    anomaly_type varchar not null,
    -- `auto`, `calculate`, `reported`, or those of them that come to the same.
    cost_modes varchar[] not null,
    severity varchar not null,
    points integer not null,
    finding_count bigint not null,
    evidence varchar not null,
    occurred_at timestamptz,
    source_no integer,
    line_no integer,
    tool_call_id varchar,
    llm_call_id varchar
);

-- One row per transcript and cost mode: its score, and what was taken off.
create table mart.scores (
    session_no integer not null,
    cost_mode varchar not null,
    is_scored boolean not null,
    anomaly_count bigint not null,
    high_count bigint not null,
    medium_count bigint not null,
    low_count bigint not null,
    deducted_points integer not null,
    deductions struct(type varchar, severity varchar, points integer, evidence varchar, session_id varchar)[] not null
);

-- One row per transcript: its silences by what was waited for, and the times of its tools.
create table mart.session_waits (
    session_no integer not null,
    model_ms bigint not null,
    retry_ms bigint not null,
    tool_ms bigint not null,
    permission_ms bigint not null,
    human_ms bigint not null,
    unknown_ms bigint not null,
    model_wait_count bigint not null,
    model_p50_ms bigint,
    model_p95_ms bigint,
    model_p99_ms bigint,
    model_longest_ms bigint,
    timed_tool_count bigint not null,
    tool_p50_ms bigint,
    tool_p95_ms bigint,
    tool_p99_ms bigint,
    tool_longest_ms bigint
);

-- The call's turn and start, and what was paid for nothing: by whichever cost counts, by the price list and by the log.
alter table mart.waste_calls add column turn_id varchar;
alter table mart.waste_calls add column started_at timestamptz;
alter table mart.waste_calls add column auto_cost_usd decimal(18, 9);
alter table mart.waste_calls add column computed_cost_usd decimal(18, 9);
alter table mart.waste_calls add column reported_cost_usd decimal(18, 9);

-- Cost of the calls from the second round on.
alter table mart.loops add column auto_cost_usd decimal(18, 9);
alter table mart.loops add column computed_cost_usd decimal(18, 9);
alter table mart.loops add column reported_cost_usd decimal(18, 9);

-- What the view tells of both calls, and the cost of asking for the repeat.
alter table mart.retries add column turn_id varchar;
alter table mart.retries add column tool_name varchar;
alter table mart.retries add column target varchar;
alter table mart.retries add column failed_at timestamptz;
alter table mart.retries add column repeated_at timestamptz;
alter table mart.retries add column repeat_status varchar;
alter table mart.retries add column auto_cost_usd decimal(18, 9);
alter table mart.retries add column computed_cost_usd decimal(18, 9);
alter table mart.retries add column reported_cost_usd decimal(18, 9);
