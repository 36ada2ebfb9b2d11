-- Logs that were read, as the hosts count them in what they say of themselves.
select
    host,
    user_name,
    agent,
    source_count,
    vanished_count,
    size_bytes,
    line_count,
    reject_count,
    last_loaded_at,
from lake.source_totals
