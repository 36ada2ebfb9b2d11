-- Runs of tool calls that repeat within a turn.
--
-- `repeat`: the same tools with the same inputs, in a period of one to four calls, three times or more; rounds that all bring
-- another result are progress and no loop. `edit_cycle`: a file is edited and a verification fails, three times or more without
-- one that passes. The cost is of the calls from the second round on, each API call's parted evenly over the tools it asked for.
-- @version 1
-- @since   0.1.0
-- @grain   first_tool_call_id, loop_kind, period_count, target
-- @column  session_id          The transcript.
-- @column  root_session_id     Transcript at the top of its chain of parents.
-- @column  turn_id             The turn.
-- @column  agent               Agent that made the calls.
-- @column  project             Last element of the session's working directory.
-- @column  loop_kind           `repeat` or `edit_cycle`.
-- @column  tool_name           The first tool of a round.
-- @column  target              File, or what its command ran.
-- @column  period_count        Calls in a round.
-- @column  round_count         Rounds.
-- @column  call_count          Calls in all.
-- @column  started_at          When the first call was made.
-- @column  ended_at            When the last one ended.
-- @column  first_tool_call_id  The first call.
-- @column  last_tool_call_id   The last one.
-- @column  cost_usd            Cost from the second round on, of the calls of which it is known; NULL: of none.
-- @example select session_id, tool_name, target, round_count, cost_usd from loops order by cost_usd desc nulls last
select
    sessions.session_id,
    sessions.root_session_id,
    loops.turn_id,
    sessions.agent,
    sessions.project,
    loops.loop_kind,
    loops.tool_name,
    loops.target,
    loops.period_count,
    loops.round_count,
    loops.call_count,
    loops.started_at,
    loops.ended_at,
    loops.first_tool_call_id,
    loops.last_tool_call_id,
    case coalesce(getvariable('cost_mode'), 'auto')
        when 'calculate' then loops.computed_cost_usd
        when 'reported' then loops.reported_cost_usd
        else loops.auto_cost_usd
    end as cost_usd,
from mart.loops as loops
inner join internal.session_keys as sessions using (session_no)
