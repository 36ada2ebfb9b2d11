-- Hosts that publish into the lake: when they last did, and whether what lies there is what they say.
--
-- Of a session that several hosts published, one copy counts, so `session_count` may be less than a host has.
-- @title   Hosts of the lake
-- @column  host_name        Host
-- @column  user_name        Person
-- @column  host             Host id
-- @column  published_at     Published
-- @column  generation       Generation
-- @column  program          agenttrace
-- @column  session_count    Sessions
-- @column  cost_usd         Cost
-- @column  last_at          Last activity
-- @column  cell_count       Cells
-- @column  size_bytes       Size
-- @column  other_cell_count Cells amiss
-- @column  has_content      Content
-- @column  pseudonym_key    Key
-- @empty   No host has published here.
-- @example agenttrace team hosts --team ./lake
with session_sums as (
    select
        sessions.host as host,
        count(*) filter (where sessions.kind <> 'subagent') as session_count,
        sum(sessions.cost_usd) as cost_usd,
        max(sessions.ended_at) as last_at
    from lake.sessions as sessions
    group by sessions.host
)

select
    hosts.host_name as host_name,
    hosts.user_name as user_name,
    hosts.host as host,
    hosts.published_at as published_at,
    hosts.generation as generation,
    hosts.program as program,
    coalesce(session_sums.session_count, 0) as session_count,
    cast(session_sums.cost_usd as decimal(18, 9)) as cost_usd,
    session_sums.last_at as last_at,
    hosts.cell_count as cell_count,
    hosts.size_bytes as size_bytes,
    hosts.other_cell_count as other_cell_count,
    hosts.has_content as has_content,
    hosts.pseudonym_key as pseudonym_key
from lake.hosts as hosts
left join session_sums on session_sums.host = hosts.host
order by hosts.host_name asc nulls last, hosts.host asc nulls last
