-- Models whose calls have no known cost, by the tokens at stake.
--
-- A session counts once, with its subagents; a subagent whose session's log is missing counts as none.
-- @title   Unpriced models
-- @param   since   timestamptz null From this time on.
-- @param   until   timestamptz null Before this time.
-- @param   agent   varchar null Only this agent.
-- @param   model   varchar null Only calls of this model, as shown or as logged.
-- @param   project varchar null Only this project.
-- @param   session varchar null Only this session and the subagents it started.
-- @param   limit   bigint null At most so many models.
-- @column  provider             Provider
-- @column  model_raw            Model as logged
-- @column  model                Model
-- @column  session_count        Sessions
-- @column  unpriced_call_count  Calls
-- @column  unpriced_tokens      Tokens
-- @column  first_at             First
-- @column  last_at              Last
-- @empty   Every call is priced.
-- @example agenttrace report unpriced
select
    provider,
    model_raw,
    model,
    count(distinct root_session_id) filter (
        root_session_id not in (select session_id from v1.sessions where kind = 'subagent')
    ) as session_count,
    count(*) as unpriced_call_count,
    cast(sum(total_tokens) as bigint) as unpriced_tokens,
    min(started_at) as first_at,
    max(started_at) as last_at,
from v1.llm_calls
where
    cost_usd is null
    and ($since is null or started_at >= $since)
    and ($until is null or started_at < $until)
    and ($agent is null or agent = $agent)
    and ($model is null or $model in (model, model_raw))
    and ($project is null or project = $project)
    and ($session is null or $session in (session_id, root_session_id))
group by provider, model_raw, model
order by unpriced_tokens desc nulls last, model_raw
limit $limit
