-- Cost and work of every project, the dearest first.
--
-- A project is the last element of a session's working directory; the worktrees of one project are that project.
-- A session counts once, with its subagents; a subagent whose session's log is missing counts as none.
-- @title   Projects
-- @param   since   timestamptz null From this time on.
-- @param   until   timestamptz null Before this time.
-- @param   agent   varchar null Only this agent.
-- @param   model   varchar null Only calls of this model, as shown or as logged.
-- @param   project varchar null Only this project.
-- @param   session varchar null Only this session and the subagents it started.
-- @param   limit   bigint null At most so many projects.
-- @column  project              Project
-- @column  session_count        Sessions
-- @column  llm_call_count       Calls
-- @column  unpriced_call_count  Unpriced
-- @column  model_count          Models
-- @column  branch_count         Branches
-- @column  total_tokens         Tokens
-- @column  cost_usd             Cost
-- @column  last_at              Last call
-- @empty   No API call matches.
-- @example agenttrace projects --since 30d
with calls as (
    select
        project,
        session_id,
        root_session_id,
        model,
        started_at,
        total_tokens,
        cost_usd,
    from v1.llm_calls
    where
        ($since is null or started_at >= $since)
        and ($until is null or started_at < $until)
        and ($agent is null or agent = $agent)
        and ($model is null or $model in (model, model_raw))
        and ($project is null or project = $project)
        and ($session is null or $session in (session_id, root_session_id))
)

select
    calls.project,
    count(distinct calls.root_session_id) filter (
        calls.root_session_id not in (select session_id from v1.sessions where kind = 'subagent')
    ) as session_count,
    count(*) as llm_call_count,
    count(*) - count(calls.cost_usd) as unpriced_call_count,
    count(distinct calls.model) as model_count,
    count(distinct sessions.git_branch) as branch_count,
    cast(sum(calls.total_tokens) as bigint) as total_tokens,
    cast(sum(calls.cost_usd) as decimal(18, 9)) as cost_usd,
    max(calls.started_at) as last_at,
from calls
left join v1.sessions as sessions on sessions.session_id = calls.session_id
group by calls.project
order by cost_usd desc nulls last, total_tokens desc, calls.project
limit $limit
