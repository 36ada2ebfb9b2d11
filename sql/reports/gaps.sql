-- The longest silences, and what was being waited for.
--
-- Waits for a person are left out unless asked for: they are no slowness.
-- @title   Longest waits
-- @param   since   timestamptz null From this time on.
-- @param   until   timestamptz null Before this time.
-- @param   agent   varchar null Only this agent.
-- @param   model   varchar null Only sessions with a call of this model, as shown or as logged.
-- @param   project varchar null Only this project.
-- @param   session varchar null Only this session and the subagents it started.
-- @param   limit   bigint 30 At most so many.
-- @column  session_id  Session
-- @column  agent       Agent
-- @column  started_at  From
-- @column  gap_ms      Wait
-- @column  gap_kind    For
-- @column  retry_ms    Retrying
-- @column  before      After a
-- @column  after       Until a
-- @column  source_line Line
-- @empty   No wait is known.
-- @example agenttrace gaps --since 7d
select
    gaps.session_id,
    sessions.agent,
    gaps.started_at,
    gaps.gap_ms,
    gaps.gap_kind,
    gaps.retry_ms,
    gaps.before,
    gaps.after,
    gaps.source_line,
from v1.gaps as gaps
inner join v1.sessions as sessions on sessions.session_id = gaps.session_id
where
    gaps.gap_kind in ('model', 'tool', 'permission')
    and ($since is null or gaps.started_at >= $since)
    and ($until is null or gaps.started_at < $until)
    and ($agent is null or sessions.agent = $agent)
    and (
        $model is null
        or gaps.session_id in (
            select session_id from v1.llm_calls where $model is not null and $model in (model, model_raw)
        )
    )
    and ($project is null or sessions.project = $project)
    and ($session is null or $session in (sessions.session_id, sessions.root_session_id))
order by gaps.gap_ms desc, gaps.started_at, gaps.session_id
limit $limit
