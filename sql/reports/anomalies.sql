-- What is out of the ordinary in sessions, the gravest first.
--
-- Points are what a finding takes off a session's health.
-- @title   Findings
-- @param   since   timestamptz null From this time on.
-- @param   until   timestamptz null Before this time.
-- @param   agent   varchar null Only this agent.
-- @param   model   varchar null Only sessions with a call of this model, as shown or as logged.
-- @param   project varchar null Only this project.
-- @param   session varchar null Only this session and the subagents it started.
-- @param   limit   bigint 50 At most so many rows.
-- @column  session_id   Session
-- @column  agent        Agent
-- @column  project      Project
-- @column  type         Finding
-- @column  severity     Severity
-- @column  points       Points
-- @column  evidence     Found
-- @column  occurred_at  When
-- @column  source_line  Line
-- @empty   Nothing out of the ordinary was found.
-- @example agenttrace anomalies --since 7d
select
    session_id,
    agent,
    project,
    type,
    severity,
    points,
    evidence,
    occurred_at,
    source_line,
from v1.anomalies
where
    ($since is null or occurred_at >= $since)
    and ($until is null or occurred_at < $until)
    and ($agent is null or agent = $agent)
    and (
        $model is null
        or session_id in (
            select session_id from v1.llm_calls where $model is not null and $model in (model, model_raw)
        )
    )
    and ($project is null or project = $project)
    and ($session is null or $session in (session_id, root_session_id))
order by points desc, occurred_at desc nulls last, session_id, type
limit $limit
