-- What was tried again: programs of shell calls, retries of failed calls, loops.

-- What a shell call ran, as program and subcommand (`git commit`, `npm run test`), and what it verified: `test`, `lint`, `types`, `build`.
alter table mart.tool_calls add column program varchar;
alter table mart.tool_calls add column verification varchar;
alter table mart.tool_calls add column is_background boolean;

-- One row per failed tool call that was made again in the same transcript.
create table mart.retries (
    tool_call_id varchar not null,
    session_no integer not null,
    repeat_tool_call_id varchar not null,
    retry_kind varchar not null,
    gap_ms bigint,
    -- Files changed between the failure and the repeat.
    edit_count bigint not null
);

-- One row per run of calls that repeat.
create table mart.loops (
    session_no integer not null,
    turn_id varchar,
    loop_kind varchar not null,
    first_tool_call_id varchar not null,
    last_tool_call_id varchar not null,
    started_at timestamptz,
    ended_at timestamptz,
    period_count bigint not null,
    round_count bigint not null,
    call_count bigint not null,
    tool_name varchar,
    target varchar,
    -- The calls from the second round on.
    repeated_tool_call_ids varchar[] not null
);
