-- What the rules make of the raw tables: brought up to date by a load for what it changed, and rebuilt from
-- the raw tables alone when a rule changes. Each table is filled by sql/marts/<table>.sql.

create schema mart;

-- Where a transcript's own history starts in a file that begins with a replay of its parent's.
create table mart.replays (
    source_no integer not null,
    first_own_line_no integer not null
);

-- Records that repeat one of another file (resumed, forked or copied transcripts).
create table mart.event_copies (
    source_no integer not null,
    line_no integer not null,
    item_no integer not null
);

-- One row per human prompt and the work that it started.
create table mart.turns (
    turn_id varchar not null,
    session_no integer not null,
    turn_number integer not null,
    started_at timestamptz,
    prompt_bytes bigint,
    source_no integer not null,
    line_no integer not null
);

-- One row per billed API call.
create table mart.llm_calls (
    llm_call_id varchar not null,
    -- Only of calls that share a response id: elsewhere it is the call's own id.
    response_id varchar,
    session_no integer not null,
    turn_id varchar,
    source_no integer not null,
    line_no integer not null,
    item_no integer not null,
    form raw.usage_form not null,
    provider varchar,
    model_raw varchar,
    started_at timestamptz,
    ended_at timestamptz,
    uncached_input_tokens bigint,
    cache_read_tokens bigint,
    cache_write_5m_tokens bigint,
    cache_write_1h_tokens bigint,
    output_tokens bigint,
    reasoning_tokens bigint,
    web_search_count bigint,
    service_tier varchar,
    speed varchar,
    inference_geo varchar,
    stop_reason varchar,
    duration_ms bigint,
    purpose varchar,
    is_output_incomplete boolean not null,
    reported_cost_usd decimal(18, 9),
    price_no integer,
    computed_cost_usd decimal(18, 9)
);

-- One row per tool call.
create table mart.tool_calls (
    tool_call_id varchar not null,
    session_no integer not null,
    turn_id varchar,
    llm_call_id varchar,
    source_no integer not null,
    line_no integer not null,
    item_no integer not null,
    result_source_no integer,
    result_line_no integer,
    result_item_no integer,
    tool_name varchar,
    tool_category varchar,
    mcp_server varchar,
    called_at timestamptz,
    returned_at timestamptz,
    duration_ms bigint,
    duration_source varchar,
    status raw.tool_status not null,
    status_source raw.status_source not null,
    exit_code integer,
    error_kind varchar,
    input_hash ubigint,
    input_bytes bigint,
    result_hash ubigint,
    result_bytes bigint,
    file_path varchar
);

-- One row per transcript, with the sums of what belongs to it.
create table mart.sessions (
    session_no integer not null,
    session_id varchar not null,
    root_session_no integer not null,
    parent_session_no integer,
    forked_from_session_no integer,
    kind varchar not null,
    source_no integer not null,
    cwd varchar,
    git_branch varchar,
    git_remote varchar,
    agent_version varchar,
    entrypoint varchar,
    started_at timestamptz,
    ended_at timestamptz,
    active_ms bigint,
    model_raw varchar,
    model_count bigint not null,
    turn_count bigint not null,
    llm_call_count bigint not null,
    tool_call_count bigint not null,
    tool_ended_count bigint not null,
    tool_failure_count bigint not null,
    uncached_input_tokens bigint,
    cache_read_tokens bigint,
    cache_write_5m_tokens bigint,
    cache_write_1h_tokens bigint,
    output_tokens bigint,
    reasoning_tokens bigint,
    total_tokens bigint,
    computed_cost_usd decimal(18, 9),
    reported_cost_usd decimal(18, 9),
    auto_cost_usd decimal(18, 9),
    computed_call_count bigint not null,
    reported_call_count bigint not null,
    auto_call_count bigint not null
);
