-- How well every transcript used the provider's cache, by model.
--
-- A cache was rebuilt where a call paid anew for at least 1,024 tokens that the call before it had in the cache: after a
-- compaction, after a pause longer than the cache's life (five minutes or an hour, by how it was written), or for what the log
-- does not tell, such as other tools or an edited history. What rebuilding cost is in `waste`.
-- @version 1
-- @since   0.1.0
-- @grain   session_id, model
-- @column  session_id             The transcript.
-- @column  root_session_id        Transcript at the top of its chain of parents.
-- @column  agent                  Agent that wrote it.
-- @column  project                Last element of its working directory.
-- @column  model                  Model as shown; NULL: the log names none.
-- @column  llm_call_count         Billed API calls.
-- @column  uncached_input_tokens  Input that no cache held.
-- @column  cache_read_tokens      Input read from a cache.
-- @column  cache_write_5m_tokens  Input written to a cache for five minutes.
-- @column  cache_write_1h_tokens  Input written to a cache for an hour.
-- @column  hit_ratio              Share of the input that was read from a cache; NULL: the log does not tell reads.
-- @column  rebuild_count          Calls that rebuilt the cache.
-- @column  rebuilt_tokens         Tokens paid for anew.
-- @column  compaction_count       Rebuilt after a compaction.
-- @column  expired_count          Rebuilt after too long a pause.
-- @column  longest_pause_ms       The longest of these pauses.
-- @example select session_id, hit_ratio, expired_count from cache_use order by rebuilt_tokens desc limit 10
select
    sessions.session_id,
    sessions.root_session_id,
    sessions.agent,
    sessions.project,
    coalesce(names.model, calls.model_raw) as model,
    count(*) as llm_call_count,
    cast(sum(calls.uncached_input_tokens) as bigint) as uncached_input_tokens,
    cast(sum(calls.cache_read_tokens) as bigint) as cache_read_tokens,
    cast(sum(calls.cache_write_5m_tokens) as bigint) as cache_write_5m_tokens,
    cast(sum(calls.cache_write_1h_tokens) as bigint) as cache_write_1h_tokens,
    sum(calls.cache_read_tokens) / nullif(
        sum(
            coalesce(calls.uncached_input_tokens, 0) + coalesce(calls.cache_read_tokens, 0)
            + coalesce(calls.cache_write_5m_tokens, 0) + coalesce(calls.cache_write_1h_tokens, 0)
        ),
        0
    ) as hit_ratio,
    count(*) filter (contexts.rebuilt_tokens > 0) as rebuild_count,
    coalesce(cast(sum(contexts.rebuilt_tokens) as bigint), 0) as rebuilt_tokens,
    count(*) filter (contexts.rebuilt_tokens > 0 and contexts.has_compaction) as compaction_count,
    count(*) filter (
        contexts.rebuilt_tokens > 0 and not contexts.has_compaction and contexts.pause_ms > contexts.cache_life_ms
    ) as expired_count,
    max(contexts.pause_ms) filter (
        contexts.rebuilt_tokens > 0 and not contexts.has_compaction and contexts.pause_ms > contexts.cache_life_ms
    ) as longest_pause_ms,
from mart.llm_calls as calls
inner join internal.session_keys as sessions using (session_no)
left join mart.contexts as contexts on contexts.llm_call_id = calls.llm_call_id
left join raw.model_names as names
    on names.provider is not distinct from calls.provider
    and names.model_raw = calls.model_raw
group by all
