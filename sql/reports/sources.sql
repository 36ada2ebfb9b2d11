-- Logs read, by agent: how many, how large, how well understood.
-- @title   Sources
-- @param   agent varchar null Only this agent.
-- @column  agent               Agent
-- @column  display_name        Product
-- @column  source_count        Logs
-- @column  vanished_count      Vanished
-- @column  failed_count        Unreadable
-- @column  size_bytes          Size
-- @column  line_count          Lines
-- @column  reject_count        Rejected
-- @column  oldest_modified_at  Oldest
-- @column  newest_modified_at  Newest
-- @column  last_loaded_at      Last loaded
-- @empty   No log was read.
-- @example agenttrace doctor
select
    sources.agent,
    min(agents.display_name) as display_name,
    count(*) as source_count,
    count(*) filter (sources.is_vanished) as vanished_count,
    count(sources.last_error) as failed_count,
    cast(sum(sources.size_bytes) as bigint) as size_bytes,
    cast(sum(sources.line_count) as bigint) as line_count,
    cast(sum(sources.reject_count) as bigint) as reject_count,
    min(sources.modified_at) as oldest_modified_at,
    max(sources.modified_at) as newest_modified_at,
    max(sources.last_loaded_at) as last_loaded_at,
from v1.sources as sources
left join v1.agents as agents on agents.agent = sources.agent
where $agent is null or sources.agent = $agent
group by sources.agent
order by source_count desc, sources.agent
