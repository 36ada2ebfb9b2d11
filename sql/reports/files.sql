-- Files that were changed, the most often changed first.
--
-- A session counts once, with its subagents; a subagent whose session's log is missing counts as none.
-- @title   Files changed
-- @param   since   timestamptz null From this time on.
-- @param   until   timestamptz null Before this time.
-- @param   agent   varchar null Only this agent.
-- @param   model   varchar null Only changes that this model asked for, as shown or as logged.
-- @param   project varchar null Only this project.
-- @param   session varchar null Only this session and the subagents it started.
-- @param   limit   bigint 30 At most so many files.
-- @column  file_path           File
-- @column  change_count        Changes
-- @column  added_line_count    Added
-- @column  removed_line_count  Removed
-- @column  session_count       Sessions
-- @column  last_at             Last change
-- @empty   No change of a file is in the logs.
-- @example agenttrace files --session SESSION
select
    changes.file_path,
    count(*) as change_count,
    cast(sum(changes.added_line_count) as bigint) as added_line_count,
    cast(sum(changes.removed_line_count) as bigint) as removed_line_count,
    count(distinct sessions.root_session_id) filter (
        sessions.root_session_id not in (select session_id from v1.sessions where kind = 'subagent')
    ) as session_count,
    max(changes.occurred_at) as last_at,
from v1.file_changes as changes
inner join v1.sessions as sessions on sessions.session_id = changes.session_id
where
    ($since is null or changes.occurred_at >= $since)
    and ($until is null or changes.occurred_at < $until)
    and ($agent is null or changes.agent = $agent)
    and (
        $model is null
        or changes.tool_call_id in (
            select tool_call_id
            from v1.tool_calls
            where
                llm_call_id in (
                    select llm_call_id from v1.llm_calls where $model is not null and $model in (model, model_raw)
                )
        )
    )
    and ($project is null or sessions.project = $project)
    and ($session is null or $session in (sessions.session_id, sessions.root_session_id))
group by changes.file_path
order by change_count desc, changes.file_path
limit $limit
