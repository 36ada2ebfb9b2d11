-- Tool calls, with how they ended.
--
-- A failure rate is failed ÷ (ok + failed): a call that a person refused, that was broken off or that never returned
-- is none of either. How surely a log tells failure differs, so compare agents by `status_source`.
-- @version 3
-- @since   0.1.0
-- @grain   tool_call_id
-- @column  tool_call_id     Id of the tool call.
-- @column  session_id       Transcript that made it.
-- @column  root_session_id  Transcript at the top of that one's chain of parents.
-- @column  turn_id          Turn it belongs to.
-- @column  llm_call_id      API call that asked for it.
-- @column  agent            Agent that made it.
-- @column  project          Last element of the session's working directory.
-- @column  tool_name        Tool as the agent names it.
-- @column  tool_category    `shell`, `read`, `write`, `edit`, `search`, `web`, `task`, `mcp`, `plan` or `other`.
-- @column  mcp_server       MCP server that offers the tool.
-- @column  called_at        When it was called.
-- @column  returned_at      When it returned.
-- @column  duration_ms      How long it ran; NULL: not known, or it never did: it was refused, or asked a person.
-- @column  duration_source  Whether the log states the duration or it is the difference of two records.
-- @column  status           `ok`, `failed`, `rejected`, `interrupted` or `pending`.
-- @column  status_source    How the status is known: `flag`, `exit_code`, `text` or `inferred`.
-- @column  exit_code        Exit code of a command.
-- @column  error_kind       Kind of failure.
-- @column  input_hash       Hash of the input: equal inputs have equal hashes.
-- @column  input_bytes      Length of the input.
-- @column  result_hash      Hash of the result.
-- @column  result_bytes     Length of the result.
-- @column  file_path        File it works on.
-- @column  command          Command that was run, secrets masked.
-- @column  error_text       How it failed, secrets masked, cut.
-- @column  program          What a shell call ran, as program and subcommand, such as `git commit`.
-- @column  is_verification  It ran tests, a linter, a type check or a build; NULL: a shell call of unknown command.
-- @column  verification_kind What it ran of these: `test`, `lint`, `types` or `build`.
-- @column  is_background    It was asked to go on by itself: nobody waits for its end.
-- @column  is_question      It puts a question or a plan before a person and waits for the answer.
-- @column  source_id        Source that states the call.
-- @column  source_line      Line there.
-- @example select tool_name, count(*) filter (status = 'failed') as failed from tool_calls group by 1 order by 2 desc
-- @example select error_kind, count(*) from tool_calls where status = 'failed' group by 1
select
    calls.tool_call_id,
    sessions.session_id,
    sessions.root_session_id,
    calls.turn_id,
    calls.llm_call_id,
    sessions.agent,
    sessions.project,
    calls.tool_name,
    calls.tool_category,
    calls.mcp_server,
    calls.called_at,
    calls.returned_at,
    calls.duration_ms,
    calls.duration_source,
    cast(calls.status as varchar) as status,
    cast(calls.status_source as varchar) as status_source,
    calls.exit_code,
    calls.error_kind,
    calls.input_hash,
    calls.input_bytes,
    calls.result_hash,
    calls.result_bytes,
    calls.file_path,
    commands.command,
    errors.error_text,
    calls.program,
    if(calls.tool_category = 'shell' and commands.command is null, null, calls.verification is not null) as is_verification,
    calls.verification as verification_kind,
    coalesce(calls.is_background, false) as is_background,
    coalesce(calls.is_question, false) as is_question,
    sources.source_id,
    cast(calls.line_no as bigint) as source_line,
from mart.tool_calls as calls
inner join internal.session_keys as sessions using (session_no)
left join internal.source_keys as sources on sources.source_no = calls.source_no
left join raw.tool_commands as commands
    on commands.source_no = calls.source_no
    and commands.line_no = calls.line_no
    and commands.item_no = calls.item_no
left join raw.tool_errors as errors
    on errors.source_no = calls.result_source_no
    and errors.line_no = calls.result_line_no
    and errors.item_no = calls.result_item_no
