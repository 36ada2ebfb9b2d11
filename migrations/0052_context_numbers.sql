-- Contexts name the call before them by its number, and a tool call only where they carry a big result of it: ids were most of
-- what the table took. It is made anew from the raw tables.

drop table mart.contexts;

-- One row per API call with a context: what changed since the call before it of the same transcript and model.
create table mart.contexts (
    session_no integer not null,
    llm_call_id varchar not null,
    call_number bigint not null,
    context_tokens bigint not null,
    -- The model's window as the log states it.
    window_tokens bigint,
    before_call_number bigint,
    before_context_tokens bigint,
    before_output_tokens bigint,
    -- Part of the context before that was in a cache, and how long that one lives.
    before_cached_tokens bigint,
    cache_life_ms bigint,
    pause_ms bigint,
    has_compaction boolean not null,
    -- Tokens that the call before had in a cache and this one paid for anew.
    rebuilt_tokens bigint not null,
    -- Tool results and the prompt that came in between, and the tool call with the biggest of those over 50,000 bytes.
    result_bytes bigint,
    big_result_bytes bigint,
    big_tool_call_id varchar,
    prompt_bytes bigint,
    -- Time spent waiting for the call, waits before a retry left out.
    wait_ms bigint
);
