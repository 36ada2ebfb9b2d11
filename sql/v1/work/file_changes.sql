-- Changes of files, as the tool calls that made them state.
--
-- A change stands once, with the tool call it belongs to; copies of it in other transcripts are left out.
-- @version 1
-- @since   0.1.0
-- @grain   file_change_id
-- @column  file_change_id      Id of the change.
-- @column  session_id          Transcript that made it.
-- @column  agent               Agent that made it.
-- @column  tool_call_id        Tool call that made it; NULL: the log does not say.
-- @column  occurred_at         When.
-- @column  file_path           The file.
-- @column  operation           `create`, `edit`, `delete` or `rename`.
-- @column  added_line_count    Lines added.
-- @column  removed_line_count  Lines removed.
-- @column  evidence            What the counts are taken from.
-- @column  source_id           Source that states it.
-- @column  source_line         Line there.
-- @example select file_path, count(*) from file_changes group by file_path order by 2 desc
select
    sources.source_id || ':' || changes.line_no || ':' || changes.item_no || ':' || changes.file_path
        as file_change_id,
    sessions.session_id,
    sessions.agent,
    calls.tool_call_id,
    changes.occurred_at,
    changes.file_path,
    changes.operation,
    changes.added_line_count,
    changes.removed_line_count,
    changes.evidence,
    sources.source_id,
    cast(changes.line_no as bigint) as source_line,
from raw.file_changes as changes
inner join internal.session_keys as sessions using (session_no)
inner join internal.source_keys as sources on sources.source_no = changes.source_no
left join mart.tool_calls as calls on calls.tool_call_id = changes.tool_call_id
left join mart.replays as replays on replays.source_no = changes.source_no
anti join mart.event_copies as copies
    on copies.source_no = changes.source_no
    and copies.line_no = changes.line_no
where
    (replays.first_own_line_no is null or changes.line_no >= replays.first_own_line_no)
    -- On a line of the call itself, or of one that is not known.
    and (
        calls.tool_call_id is null
        or (changes.source_no = calls.source_no and changes.line_no = calls.line_no)
        or (changes.source_no = calls.result_source_no and changes.line_no = calls.result_line_no)
    )
