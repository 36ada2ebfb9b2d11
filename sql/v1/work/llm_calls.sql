-- Billed API calls.
--
-- A call is one row, however many lines, files, forks and resumes repeat it. The token classes exclude each other: the
-- first four are what went in, and reasoning is a part of output. Which cost counts is set by the cost mode.
-- @version 2
-- @since   0.1.0
-- @grain   llm_call_id
-- @column  llm_call_id            Id of the call.
-- @column  session_id             Transcript that made it.
-- @column  root_session_id        Transcript at the top of that one's chain of parents.
-- @column  turn_id                Turn it belongs to; NULL: before the first prompt.
-- @column  agent                  Agent that made it.
-- @column  host                   Machine whose log states it.
-- @column  project                Last element of the session's working directory.
-- @column  provider               Who served it, where the log says so.
-- @column  model                  Model as shown.
-- @column  model_raw              Model as the log writes it.
-- @column  started_at             When it was sent or, where the log does not say, first answered.
-- @column  ended_at               When the answer was complete.
-- @column  uncached_input_tokens  Input that no cache held.
-- @column  cache_read_tokens      Input read from a cache.
-- @column  cache_write_5m_tokens  Input written to a cache for five minutes, or for a time not known.
-- @column  cache_write_1h_tokens  Input written to a cache for an hour.
-- @column  output_tokens          Output, with reasoning.
-- @column  reasoning_tokens       Part of the output that is reasoning; NULL: not known.
-- @column  context_tokens         All input: the first four classes.
-- @column  total_tokens           The five classes.
-- @column  web_search_count       Web searches that the provider ran and bills.
-- @column  service_tier           Tier as logged.
-- @column  speed                  Speed as logged, such as `fast`.
-- @column  stop_reason            Why the answer ended.
-- @column  duration_ms            How long it took.
-- @column  first_token_ms         Time to the first token; NULL: the log does not say.
-- @column  granularity            What the row stands for: one `call`; all calls of a `session` with a model; a call in `rounded` figures; an `estimate`.
-- @column  api_call_count         API calls it stands for: 1, of a sum more; NULL: the log does not say.
-- @column  is_output_incomplete   The log ends before the answer did, so the output is a lower bound.
-- @column  is_from_progress       Only a progress line of another transcript states it.
-- @column  reported_cost_usd      Cost that the log states.
-- @column  cost_usd               Cost under the cost mode; NULL: unpriced.
-- @column  cost_source            `reported` by the log or `computed` from the price list; NULL: unpriced.
-- @column  source_id              Source that states it best.
-- @column  source_line            Line there.
-- @example select model, sum(total_tokens), sum(cost_usd) from llm_calls group by model
-- @example select * from llm_calls where cost_usd is null and total_tokens > 0
select
    calls.llm_call_id,
    sessions.session_id,
    sessions.root_session_id,
    calls.turn_id,
    sessions.agent,
    sources.host,
    sessions.project,
    calls.provider,
    coalesce(names.model, calls.model_raw) as model,
    calls.model_raw,
    calls.started_at,
    calls.ended_at,
    calls.uncached_input_tokens,
    calls.cache_read_tokens,
    calls.cache_write_5m_tokens,
    calls.cache_write_1h_tokens,
    calls.output_tokens,
    calls.reasoning_tokens,
    calls.context_tokens,
    calls.total_tokens,
    calls.web_search_count,
    calls.service_tier,
    calls.speed,
    calls.stop_reason,
    calls.duration_ms,
    calls.first_token_ms,
    cast(calls.granularity as varchar) as granularity,
    calls.api_call_count,
    calls.is_output_incomplete,
    calls.form = 'progress' as is_from_progress,
    calls.reported_cost_usd,
    calls.cost_usd,
    calls.cost_source,
    sources.source_id,
    cast(calls.line_no as bigint) as source_line,
from internal.priced_calls as calls
inner join internal.session_keys as sessions using (session_no)
left join internal.source_keys as sources on sources.source_no = calls.source_no
left join raw.model_names as names
    on names.provider is not distinct from calls.provider
    and names.model_raw = calls.model_raw
