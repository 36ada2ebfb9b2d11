-- What became of contexts and caches, by public ids.
select
    llm_call_id,
    session_id as session_no,
    wait_ms,
    rebuilt_tokens,
    pause_ms,
    cache_life_ms,
    has_compaction,
from star.context_growth
