-- Where the time of sessions went, the longest at work first.
--
-- Model, tool, permission, human and unknown add up to the wall time. The person's time is no slowness.
-- @title   Latency
-- @param   since   timestamptz null From this time on.
-- @param   until   timestamptz null Before this time.
-- @param   agent   varchar null Only this agent.
-- @param   model   varchar null Only sessions with a call of this model, as shown or as logged.
-- @param   project varchar null Only this project.
-- @param   session varchar null Only this session and the subagents it started.
-- @param   limit   bigint 30 At most so many sessions.
-- @column  session_id        Session
-- @column  agent             Agent
-- @column  wall_ms           Wall
-- @column  model_ms          Model
-- @column  retry_ms          Retrying
-- @column  tool_ms           Tools
-- @column  permission_ms     Permission
-- @column  human_ms          Human
-- @column  unknown_ms        Unknown
-- @column  model_p50_ms      Model P50
-- @column  model_p95_ms      Model P95
-- @column  model_longest_ms  Model longest
-- @column  tool_p95_ms       Tool P95
-- @column  tool_longest_ms   Tool longest
-- @column  output_per_second Tokens/s
-- @empty   No session with times was found.
-- @example agenttrace latency --since 7d
select
    latency.session_id,
    sessions.agent,
    latency.wall_ms,
    latency.model_ms,
    latency.retry_ms,
    latency.tool_ms,
    latency.permission_ms,
    latency.human_ms,
    latency.unknown_ms,
    latency.model_p50_ms,
    latency.model_p95_ms,
    latency.model_longest_ms,
    latency.tool_p95_ms,
    latency.tool_longest_ms,
    latency.output_per_second,
from v1.session_latency as latency
inner join v1.sessions as sessions on sessions.session_id = latency.session_id
where
    latency.wall_ms is not null
    and ($since is null or sessions.ended_at >= $since)
    and ($until is null or sessions.started_at < $until)
    and ($agent is null or sessions.agent = $agent)
    and (
        $model is null
        or latency.session_id in (
            select session_id from v1.llm_calls where $model is not null and $model in (model, model_raw)
        )
    )
    and ($project is null or sessions.project = $project)
    and ($session is null or $session in (sessions.session_id, sessions.root_session_id))
order by latency.model_ms + latency.tool_ms desc, latency.session_id
limit $limit
