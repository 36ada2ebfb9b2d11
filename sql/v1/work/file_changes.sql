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
with tool_lines as (
    select source_no, line_no, tool_call_id from mart.tool_calls
    union
    select result_source_no, result_line_no, tool_call_id
    from mart.tool_calls
    where result_source_no is not null
),

known_calls as (
    select distinct tool_call_id from mart.tool_calls
)

select
    sources.source_id || ':' || changes.line_no || ':' || changes.item_no || ':' || changes.file_path
        as file_change_id,
    sessions.session_id,
    sessions.agent,
    tool_lines.tool_call_id,
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
left join tool_lines
    on tool_lines.tool_call_id = changes.tool_call_id
    and tool_lines.source_no = changes.source_no
    and tool_lines.line_no = changes.line_no
left join known_calls on known_calls.tool_call_id = changes.tool_call_id
left join mart.replays as replays on replays.source_no = changes.source_no
anti join mart.event_copies as copies
    on copies.source_no = changes.source_no
    and copies.line_no = changes.line_no
where
    (replays.first_own_line_no is null or changes.line_no >= replays.first_own_line_no)
    and (tool_lines.tool_call_id is not null or known_calls.tool_call_id is null)
