-- What the logs say, at the grain of the log. Every row names its source and line.
--
-- Nothing here is de-duplicated, priced or interpreted across files: those rules may change, and the marts
-- (0002) can be rebuilt from these tables when the logs are long gone. Token classes are exclusive already,
-- since only an adapter knows its agent's convention. Sequence numbers (`_no`) are local to one warehouse file.

create schema raw;

create type raw.event_type as enum (
    'user_prompt', 'user_injected', 'assistant', 'reasoning', 'tool_call', 'tool_result',
    'system', 'compaction', 'api_error', 'turn_start', 'progress', 'rollback', 'title', 'meta', 'unknown'
);

-- How a log reports usage; the order is the order of trust where several report one call.
create type raw.usage_form as enum ('progress', 'counter', 'response', 'record');

create type raw.tool_status as enum ('ok', 'failed', 'rejected', 'interrupted', 'pending');

create type raw.status_source as enum ('flag', 'exit_code', 'text', 'inferred');

-- One row per key: facts about this file of the warehouse.
create table raw.properties (
    name varchar primary key,
    value varchar not null
);

-- One row per agent whose logs were ever looked for here.
create table raw.agents (
    agent varchar primary key,
    display_name varchar not null
);

-- One row per log file, database or export.
create table raw.sources (
    source_no integer not null,
    agent varchar not null,
    adapter_version integer not null,
    host varchar,
    user_name varchar,
    path varchar not null,
    format varchar not null,
    size_bytes bigint not null,
    modified_ns bigint not null,
    parsed_bytes bigint not null,
    line_count integer not null,
    head_bytes integer not null,
    head_hash ubigint not null,
    anchor_hash ubigint not null,
    pending_bytes bigint not null,
    first_loaded_at timestamptz not null,
    last_loaded_at timestamptz not null,
    is_vanished boolean not null,
    last_error varchar
);

-- One row per part of a log that is no record.
create table raw.rejects (
    source_no integer not null,
    line_no integer not null,
    byte_offset bigint not null,
    size_bytes bigint not null,
    reason varchar not null
);

-- One row per transcript: a session of an agent, or a subagent's within one. The register of identities.
create table raw.sessions (
    session_no integer not null,
    agent varchar not null,
    native_session_id varchar not null,
    native_agent_id varchar
);

-- What a load of one source says of a transcript as a whole: the first value met of each field.
create table raw.session_headers (
    source_no integer not null,
    line_no integer not null,
    session_no integer not null,
    kind varchar,
    parent_session_no integer,
    forked_from_session_no integer,
    is_replaying boolean,
    cwd varchar,
    git_branch varchar,
    git_remote varchar,
    agent_version varchar,
    entrypoint varchar,
    provider varchar
);

-- One row per record of a log that stands on the timeline.
create table raw.events (
    source_no integer not null,
    line_no integer not null,
    item_no integer not null,
    session_no integer not null,
    occurred_at timestamptz,
    event_type raw.event_type not null,
    uuid uuid using compression uncompressed,
    is_fork boolean not null,
    text_bytes bigint,
    reasoning_bytes bigint
);

-- One row per statement of a log about the usage of an API call; one call may be stated many times.
create table raw.usage (
    source_no integer not null,
    line_no integer not null,
    item_no integer not null,
    session_no integer not null,
    occurred_at timestamptz,
    form raw.usage_form not null,
    response_id varchar,
    request_key uuid using compression uncompressed,
    is_fork boolean not null,
    is_sidechain boolean not null,
    native_turn_id varchar,
    provider varchar,
    model_raw varchar,
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
    reported_cost_usd decimal(18, 9),
    duration_ms bigint,
    purpose varchar
);

-- One row per reading of a cumulative token counter. The marts turn readings into calls.
create table raw.usage_counters (
    source_no integer not null,
    line_no integer not null,
    session_no integer not null,
    occurred_at timestamptz,
    total_uncached_input_tokens bigint,
    total_cache_read_tokens bigint,
    total_cache_write_tokens bigint,
    total_output_tokens bigint,
    total_reasoning_tokens bigint,
    total_tokens bigint,
    has_last boolean not null,
    last_uncached_input_tokens bigint,
    last_cache_read_tokens bigint,
    last_cache_write_tokens bigint,
    last_output_tokens bigint,
    last_reasoning_tokens bigint,
    context_window_tokens bigint
);

-- One row per statement of the model and settings in force from that line on.
create table raw.turn_contexts (
    source_no integer not null,
    line_no integer not null,
    session_no integer not null,
    occurred_at timestamptz,
    native_turn_id varchar,
    model_raw varchar,
    service_tier varchar
);

-- One row per tool call as it stands in a log.
create table raw.tool_uses (
    source_no integer not null,
    line_no integer not null,
    item_no integer not null,
    session_no integer not null,
    occurred_at timestamptz,
    tool_call_id varchar not null,
    response_id varchar,
    is_fork boolean not null,
    is_sidechain boolean not null,
    tool_name varchar,
    mcp_server varchar,
    tool_category varchar,
    input_bytes bigint,
    input_hash ubigint,
    file_path varchar,
    added_line_count bigint,
    removed_line_count bigint
);

-- One row per statement of a log about the end of a tool call. Lower `evidence` is surer.
create table raw.tool_results (
    source_no integer not null,
    line_no integer not null,
    item_no integer not null,
    session_no integer not null,
    occurred_at timestamptz,
    tool_call_id varchar not null,
    evidence integer not null,
    status raw.tool_status,
    status_source raw.status_source,
    exit_code integer,
    error_kind varchar,
    duration_ms bigint,
    result_bytes bigint,
    result_hash ubigint
);

-- Content, kept apart from the numbers: what a tool was asked to run, masked.
create table raw.tool_commands (
    source_no integer not null,
    line_no integer not null,
    item_no integer not null,
    command varchar not null using compression fsst
);

-- Content, kept apart from the numbers: how a failed tool call ended, masked and cut.
create table raw.tool_errors (
    source_no integer not null,
    line_no integer not null,
    item_no integer not null,
    error_text varchar not null using compression fsst
);

-- One row per file that a tool call changed.
create table raw.file_changes (
    source_no integer not null,
    line_no integer not null,
    item_no integer not null,
    session_no integer not null,
    occurred_at timestamptz,
    tool_call_id varchar,
    file_path varchar not null,
    operation varchar not null,
    added_line_count bigint,
    removed_line_count bigint,
    evidence varchar not null
);

-- One row per failed or retried API request that the log mentions.
create table raw.api_errors (
    source_no integer not null,
    line_no integer not null,
    item_no integer not null,
    session_no integer not null,
    occurred_at timestamptz,
    uuid uuid,
    error_kind varchar not null,
    http_status integer,
    code varchar,
    attempt_number integer,
    max_attempt_count integer,
    retry_wait_ms bigint,
    is_final boolean not null
);

-- One row per compaction of a context.
create table raw.compactions (
    source_no integer not null,
    line_no integer not null,
    item_no integer not null,
    session_no integer not null,
    occurred_at timestamptz,
    uuid uuid,
    trigger varchar not null,
    before_tokens bigint,
    after_tokens bigint,
    duration_ms bigint
);

-- One row per snapshot of a provider's rate limit window.
create table raw.rate_limits (
    source_no integer not null,
    line_no integer not null,
    session_no integer not null,
    occurred_at timestamptz,
    window_name varchar not null,
    window_minute_count bigint,
    used_ratio double,
    resets_at timestamptz,
    plan varchar,
    reached_kind varchar
);

-- One row per model, date, context band and service tier: USD per million tokens.
create table raw.model_prices (
    price_no integer not null,
    model varchar not null,
    provider varchar,
    valid_from_on date not null,
    valid_to_on date,
    context_over_tokens bigint not null,
    context_up_to_tokens bigint,
    service_tier varchar not null,
    uncached_input_usd decimal(18, 9) not null,
    cache_read_usd decimal(18, 9) not null,
    cache_write_5m_usd decimal(18, 9) not null,
    cache_write_1h_usd decimal(18, 9) not null,
    output_usd decimal(18, 9) not null,
    reasoning_usd decimal(18, 9),
    web_search_usd decimal(18, 9),
    fast_multiplier decimal(9, 4),
    geo_multipliers map(varchar, decimal(9, 4)),
    max_input_tokens bigint,
    derived varchar[],
    source varchar not null
);

-- One row per model name as a log writes it: how it is shown, and under which name it is priced.
create table raw.model_names (
    provider varchar,
    model_raw varchar not null,
    model varchar not null,
    price_model varchar,
    rule varchar not null
);
