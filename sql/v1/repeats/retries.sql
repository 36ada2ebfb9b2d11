-- Failed tool calls that were made again in the same transcript.
--
-- `same_input`: the same tool with the same input. `changed_input`: in the same turn, the same tool on the same target
-- (the file, or the program of the command) with another input. Calls that were made at once repeat none of each other, and a
-- call repeats one. The cost is that of the API call that asked for the repeat, or its share where that call asked for several
-- tools.
-- @version 2
-- @since   0.1.0
-- @grain   tool_call_id
-- @column  tool_call_id         The call that failed.
-- @column  repeat_tool_call_id  The call that repeats it.
-- @column  session_id           Transcript of both.
-- @column  root_session_id      Transcript at the top of its chain of parents.
-- @column  turn_id              Turn of the repeat.
-- @column  agent                Agent that made them.
-- @column  project              Last element of the session's working directory.
-- @column  tool_name            The tool.
-- @column  target               File it works on, or what the command ran.
-- @column  retry_kind           `same_input` or `changed_input`.
-- @column  failed_at            When the first one failed.
-- @column  repeated_at          When it was called again.
-- @column  gap_ms               From the failure to the start of the repeat.
-- @column  edit_count           Edits and writes that went well in between; 0: nothing was done about the failure in files.
-- @column  repeat_status        How the repeat ended.
-- @column  cost_usd             Cost of asking for the repeat; NULL: not known.
-- @example select tool_name, retry_kind, count(*), sum(cost_usd) from retries group by all order by 3 desc
select
    retries.tool_call_id,
    retries.repeat_tool_call_id,
    sessions.session_id,
    sessions.root_session_id,
    retries.turn_id,
    sessions.agent,
    sessions.project,
    retries.tool_name,
    retries.target,
    retries.retry_kind,
    retries.failed_at,
    retries.repeated_at,
    retries.gap_ms,
    retries.edit_count,
    retries.repeat_status,
    case coalesce(getvariable('cost_mode'), 'auto')
        when 'calculate' then retries.computed_cost_usd
        when 'reported' then retries.reported_cost_usd
        else retries.auto_cost_usd
    end as cost_usd,
from mart.retries as retries
inner join internal.session_keys as sessions using (session_no)
