-- Logs that were read, counted by machine, account and agent.
-- @version 1
-- @since   0.1.0
-- @grain   host, user_name, agent
-- @column  host             Machine they were read on; NULL: not known.
-- @column  user_name        Account they were read by.
-- @column  agent            Agent that wrote them.
-- @column  source_count     Logs, databases and exports.
-- @column  vanished_count   Those whose file is gone.
-- @column  size_bytes       Their size.
-- @column  line_count       Lines read; of a log that is read on from where the last load ended, such as a database, lines or rows that say something.
-- @column  reject_count     Parts that could not be read.
-- @column  last_loaded_at   When one of them was last read.
-- @example select host, agent, source_count, size_bytes from source_totals order by size_bytes desc
select
    host,
    user_name,
    agent,
    count(*) as source_count,
    count(*) filter (is_vanished) as vanished_count,
    cast(sum(size_bytes) as bigint) as size_bytes,
    cast(sum(line_count) as bigint) as line_count,
    cast(sum(reject_count) as bigint) as reject_count,
    max(last_loaded_at) as last_loaded_at,
from v1.sources
group by host, user_name, agent
