-- Parts of logs that could not be read: where and why.
-- @title   Rejected
-- @param   agent varchar null Only this agent.
-- @param   limit bigint null At most so many parts.
-- @column  agent         Agent
-- @column  path          Log
-- @column  line_number   Line
-- @column  offset_bytes  Offset
-- @column  size_bytes    Size
-- @column  reason        Reason
-- @empty   Every line was read.
-- @example agenttrace report rejects
select
    sources.agent,
    sources.path,
    rejects.line_number,
    rejects.offset_bytes,
    rejects.size_bytes,
    rejects.reason,
from v1.rejects as rejects
inner join v1.sources as sources on sources.source_id = rejects.source_id
where $agent is null or sources.agent = $agent
order by sources.path, rejects.offset_bytes
limit $limit
