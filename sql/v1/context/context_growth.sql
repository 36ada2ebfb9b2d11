-- How the context of a transcript grew, call by call, and what filled it.
--
-- Each call is held against the one before it of the same transcript and model. Calls without a context of their own, such as
-- the sums of a whole session, have no row. What came in between is in bytes, as the log has it; the context is in tokens.
-- @version 2
-- @since   0.1.0
-- @grain   llm_call_id
-- @column  llm_call_id           The call.
-- @column  session_id            Transcript that made it.
-- @column  root_session_id       Transcript at the top of its chain of parents.
-- @column  turn_id               Turn that was under way.
-- @column  agent                 Agent that made it.
-- @column  project               Last element of the session's working directory.
-- @column  model                 Model as shown.
-- @column  call_number           Its place among the transcript's calls, from 1.
-- @column  started_at            When it started.
-- @column  context_tokens        All input.
-- @column  window_tokens         Context window of the model, by the log, else by the price list; NULL: not known, or smaller than the context.
-- @column  window_ratio          Share of the window that the context fills.
-- @column  growth_tokens         More input than the call before it; below 0: less.
-- @column  before_llm_call_id    The call before it.
-- @column  before_output_tokens  Output of that call, which is part of the context since.
-- @column  result_bytes          Results of the tools that it asked for.
-- @column  biggest_tool_call_id  Tool call with the biggest of them.
-- @column  biggest_tool_name     Its tool.
-- @column  prompt_bytes          Prompts that came in between.
-- @column  has_compaction        The context was replaced by a summary in between.
-- @example select call_number, context_tokens, growth_tokens, biggest_tool_name from context_growth where session_id = '…' order by call_number
-- @example select session_id, max(context_tokens) as most_tokens, max(window_ratio) from context_growth group by session_id
with windows as (
    select
        price_no,
        max_input_tokens,
    from raw.model_prices
),

results as (
    select
        session_no,
        llm_call_id,
        arg_max(tool_call_id, (result_bytes, tool_call_id)) as biggest_tool_call_id,
        arg_max(tool_name, (result_bytes, tool_call_id)) as biggest_tool_name,
    from mart.tool_calls
    where llm_call_id is not null and result_bytes > 0
    group by session_no, llm_call_id
)

select
    contexts.llm_call_id,
    sessions.session_id,
    sessions.root_session_id,
    calls.turn_id,
    sessions.agent,
    sessions.project,
    coalesce(names.model, calls.model_raw) as model,
    contexts.call_number,
    calls.started_at,
    contexts.context_tokens,
    case
        when coalesce(contexts.window_tokens, windows.max_input_tokens) >= contexts.context_tokens
            then coalesce(contexts.window_tokens, windows.max_input_tokens)
    end as window_tokens,
    case
        when coalesce(contexts.window_tokens, windows.max_input_tokens) >= contexts.context_tokens
            then contexts.context_tokens / coalesce(contexts.window_tokens, windows.max_input_tokens)
    end as window_ratio,
    contexts.context_tokens - contexts.before_context_tokens as growth_tokens,
    earlier.llm_call_id as before_llm_call_id,
    contexts.before_output_tokens,
    contexts.result_bytes,
    results.biggest_tool_call_id,
    results.biggest_tool_name,
    contexts.prompt_bytes,
    contexts.has_compaction,
from mart.contexts as contexts
inner join mart.llm_calls as calls using (llm_call_id)
inner join internal.session_keys as sessions on sessions.session_no = contexts.session_no
left join mart.contexts as earlier
    on earlier.session_no = contexts.session_no
    and earlier.call_number = contexts.before_call_number
left join results
    on results.session_no = earlier.session_no
    and results.llm_call_id = earlier.llm_call_id
left join windows on windows.price_no = calls.price_no
left join raw.model_names as names
    on names.provider is not distinct from calls.provider
    and names.model_raw = calls.model_raw
