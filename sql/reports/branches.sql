-- Cost and work of every branch of every project, the dearest first.
--
-- The branch is the one that the session names at its start.
-- A session counts once, with its subagents; a subagent whose session's log is missing counts as none.
-- @title   Branches
-- @param   since   timestamptz null From this time on.
-- @param   until   timestamptz null Before this time.
-- @param   agent   varchar null Only this agent.
-- @param   model   varchar null Only calls of this model, as shown or as logged.
-- @param   project varchar null Only this project.
-- @param   session varchar null Only this session and the subagents it started.
-- @param   limit   bigint null At most so many branches.
-- @column  project              Project
-- @column  git_branch           Branch
-- @column  session_count        Sessions
-- @column  llm_call_count       Calls
-- @column  unpriced_call_count  Unpriced
-- @column  total_tokens         Tokens
-- @column  cost_usd             Cost
-- @column  first_at             First call
-- @column  last_at              Last call
-- @empty   No API call matches.
-- @example agenttrace branches --project shop
with calls as (
    select
        project,
        session_id,
        root_session_id,
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
    sessions.git_branch,
    count(distinct calls.root_session_id) filter (
        calls.root_session_id not in (select session_id from v1.sessions where kind = 'subagent')
    ) as session_count,
    count(*) as llm_call_count,
    count(*) - count(calls.cost_usd) as unpriced_call_count,
    cast(sum(calls.total_tokens) as bigint) as total_tokens,
    cast(sum(calls.cost_usd) as decimal(18, 9)) as cost_usd,
    min(calls.started_at) as first_at,
    max(calls.started_at) as last_at,
from calls
left join v1.sessions as sessions on sessions.session_id = calls.session_id
group by calls.project, sessions.git_branch
order by cost_usd desc nulls last, total_tokens desc, calls.project, sessions.git_branch
limit $limit
