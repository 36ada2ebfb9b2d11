-- How a context grew, and which calls cost money that brought nothing.

-- One row per API call with a context: what changed since the call before it of the same transcript and model.
create table mart.contexts (
    session_no integer not null,
    llm_call_id varchar not null,
    call_number bigint not null,
    context_tokens bigint not null,
    -- The model's window as the log states it.
    window_tokens bigint,
    before_llm_call_id varchar,
    before_context_tokens bigint,
    before_output_tokens bigint,
    -- Part of the context before that was in a cache, and how long that one lives.
    before_cached_tokens bigint,
    cache_life_ms bigint,
    pause_ms bigint,
    has_compaction boolean not null,
    -- Tokens that the call before had in a cache and this one paid for anew.
    rebuilt_tokens bigint not null,
    -- Tool results and the prompt that came in between.
    result_bytes bigint,
    big_result_bytes bigint,
    biggest_tool_call_id varchar,
    prompt_bytes bigint,
    -- Time spent waiting for the call, waits before a retry left out.
    wait_ms bigint
);

-- One row per API call and kind of waste, before it is priced.
create table mart.waste_calls (
    session_no integer not null,
    llm_call_id varchar not null,
    waste_kind varchar not null,
    -- Tools of the call that it concerns, of all that it asked for: that part of its cost. NULL: it concerns tokens.
    part_count bigint,
    whole_count bigint,
    -- Tokens written again that a read would have given, or read only because a result is carried along.
    wasted_tokens bigint,
    pause_ms bigint,
    tool_call_id varchar
);
