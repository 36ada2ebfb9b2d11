-- API calls that cost money which brought nothing, by kind, and how much of their cost that is.
--
-- The kinds of a call take from its cost in this order, so that no part of it counts twice and all of them come to its cost at
-- most. `compaction` and `cache_expired` take what the tokens written again cost beyond what a read would have. Of the rest,
-- each tool that the call asked for has an equal share: `interrupted` the answer was broken off, `repeated` a blind repeat with
-- the same end, `failed` all tools failed, `read_again` an unchanged file. Of what then remains, `big_result` takes the reads
-- of results over 50 kB that are carried along, by an estimate of four bytes a token.
-- @version 1
-- @since   0.1.0
-- @grain   llm_call_id, waste_kind
-- @column  llm_call_id      The call.
-- @column  session_id       Transcript that made it.
-- @column  root_session_id  Transcript at the top of its chain of parents.
-- @column  turn_id          Turn that was under way.
-- @column  agent            Agent that made it.
-- @column  project          Last element of the session's working directory.
-- @column  waste_kind       `compaction`, `cache_expired`, `interrupted`, `repeated`, `failed`, `read_again` or `big_result`.
-- @column  started_at       When the call started.
-- @column  part_count       Tools of the call that it concerns; NULL: it concerns tokens.
-- @column  whole_count      Tools that the call asked for; 1: it asked for none.
-- @column  wasted_tokens    Tokens written again or carried along; NULL: it concerns tools.
-- @column  pause_ms         Pause before a cache was written again.
-- @column  tool_call_id     A tool call that shows it.
-- @column  cost_usd         Part of the call's cost; NULL: not known.
-- @column  is_estimate      Whether the log does not state the tokens.
-- @example select * from waste_calls order by cost_usd desc nulls last limit 10
select
    calls.llm_call_id,
    sessions.session_id,
    sessions.root_session_id,
    calls.turn_id,
    sessions.agent,
    sessions.project,
    calls.waste_kind,
    calls.started_at,
    calls.part_count,
    calls.whole_count,
    calls.wasted_tokens,
    calls.pause_ms,
    calls.tool_call_id,
    case coalesce(getvariable('cost_mode'), 'auto')
        when 'calculate' then calls.computed_cost_usd
        when 'reported' then calls.reported_cost_usd
        else calls.auto_cost_usd
    end as cost_usd,
    calls.waste_kind = 'big_result' as is_estimate,
from mart.waste_calls as calls
inner join internal.session_keys as sessions using (session_no)
