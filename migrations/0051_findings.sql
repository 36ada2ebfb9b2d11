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
