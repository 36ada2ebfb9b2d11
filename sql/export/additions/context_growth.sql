-- What became of the cache between a call and the one before it, beyond what `v1.context_growth` says.
-- @grain   llm_call_id
-- @column  rebuilt_tokens  Tokens that the call before it had in a cache and this one paid for anew.
-- @column  pause_ms        Pause since the call before it.
-- @column  cache_life_ms   How long the cache of the call before it lives.
-- @column  wait_ms         Time spent waiting for the call, waits before a retry left out.
select
    llm_call_id,
    rebuilt_tokens,
    pause_ms,
    cache_life_ms,
    wait_ms,
from mart.contexts
