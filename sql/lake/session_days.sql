-- The day (UTC) under which all facts of a transcript lie: that of its start; 1970-01-01 where it has no times.
select
    session_id,
    coalesce(cast(timezone('UTC', started_at) as date), cast('1970-01-01' as date)) as day,
from v1.sessions
