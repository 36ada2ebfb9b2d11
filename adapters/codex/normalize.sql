-- Staged lines of Codex rollouts to the raw tables.
--
-- Reads staged_line, staged_change, staged_content, staged_command and batch_sources. The rules and where they come
-- from: README.md beside this file.

-- A rollout is one thread: the first session_meta names it; a later one with another id is a copied parent's.
create or replace temp table threads as
with metas as (
    select
        source_no,
        arg_min(coalesce(id, bare_id, exec_thread_id), line_no) filter (
            where type in ('session_meta', 'thread.started') or (type is null and bare_id is not null and payload_type is null)
        ) as thread_id,
    from staged_line
    group by source_no
)

select
    b.source_no,
    coalesce(
        known.native_session_id,
        m.thread_id,
        nullif(regexp_extract(b.stem, '([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})', 1), ''),
        b.stem
    ) as thread_id,
    known.session_no,
    known.session_no is not null as is_known,
from batch_sources as b
left join metas as m using (source_no)
left join (
    select h.source_no, any_value(s.session_no) as session_no, any_value(s.native_session_id) as native_session_id,
    from raw.session_headers as h
    inner join raw.sessions as s using (session_no)
    where h.source_no in (select source_no from batch_sources)
    group by h.source_no
) as known using (source_no)
where b.source_no in (select source_no from staged_line);

-- What each file says of its thread, and of the threads it came from.
create or replace temp table metas as
select
    l.source_no,
    min(l.line_no) as line_no,
    arg_min(l.forked_from_id, l.line_no) as forked_from_id,
    arg_min(coalesce(l.spawned_by_id, l.parent_thread_id), l.line_no) as parent_id,
    arg_min(l.cwd, l.line_no) as cwd,
    arg_min(coalesce(l.git_branch, l.bare_git_branch), l.line_no) as git_branch,
    masked(arg_min(coalesce(l.git_remote, l.bare_git_remote), l.line_no)) as git_remote,
    arg_min(l.agent_version, l.line_no) as agent_version,
    arg_min(coalesce(l.source, l.thread_source, l.originator), l.line_no) as entrypoint,
    arg_min(l.provider, l.line_no) as provider,
    bool_or(l.subagent is not null or l.thread_source = 'subagent') as is_subagent,
from staged_line as l
inner join threads as t using (source_no)
where
    coalesce(l.id, l.bare_id) = t.thread_id
    and (l.type = 'session_meta' or (l.type is null and l.bare_id is not null))
group by l.source_no;

-- Early versions resumed a thread under a new id and said so only by the old thread's own session_meta in the copy.
create or replace temp table origins as
select l.source_no, arg_min(l.id, l.line_no) as thread_id, min(l.line_no) as line_no,
from staged_line as l
inner join threads as t using (source_no)
left join metas as m using (source_no)
where
    l.type = 'session_meta'
    and l.id <> t.thread_id
    and m.parent_id is null
    and m.forked_from_id is null
    -- An earlier load may have read where the thread comes from.
    and l.source_no not in (
        select h.source_no
        from raw.session_headers as h
        where
            h.source_no in (select source_no from threads where is_known)
            and (h.parent_session_no is not null or h.forked_from_session_no is not null)
    )
group by l.source_no;

insert into raw.sessions
with named as (
    select thread_id from threads where session_no is null
    union
    select thread_id from origins
    union
    select forked_from_id from metas where forked_from_id is not null
    union
    select parent_id from metas where parent_id is not null
)

select
    (select coalesce(max(session_no), 0) from raw.sessions) + row_number() over (),
    'codex',
    n.thread_id,
    null,
from named as n
where not exists (from raw.sessions as s where s.agent = 'codex' and s.native_session_id = n.thread_id);

update threads set session_no = s.session_no
from raw.sessions as s
where s.agent = 'codex' and s.native_session_id = threads.thread_id;

insert into raw.session_headers
select
    t.source_no,
    coalesce(m.line_no, 1),
    t.session_no,
    -- A portion without the thread's own session_meta says nothing of it.
    case
        when m.is_subagent or m.parent_id is not null then 'subagent'
        when m.forked_from_id is not null then 'fork'
        when m.source_no is not null then 'main'
    end,
    p.session_no,
    f.session_no,
    case when coalesce(m.parent_id, m.forked_from_id) is not null then true end,
    m.cwd,
    m.git_branch,
    m.git_remote,
    m.agent_version,
    m.entrypoint,
    m.provider,
    0,
from threads as t
left join metas as m using (source_no)
left join raw.sessions as p on p.agent = 'codex' and p.native_session_id = m.parent_id
left join raw.sessions as f on f.agent = 'codex' and f.native_session_id = m.forked_from_id;

-- An origin that only a copied session_meta tells stands in a header of its own. It gives way to what the thread says of itself, later too.
insert into raw.session_headers by name
select
    o.source_no,
    o.line_no,
    t.session_no,
    'main' as kind,
    s.session_no as forked_from_session_no,
    true as is_replaying,
from origins as o
inner join threads as t using (source_no)
inner join raw.sessions as s on s.agent = 'codex' and s.native_session_id = o.thread_id;

delete from raw.session_headers
where
    kind = 'main'
    and forked_from_session_no is not null
    and source_no in (select source_no from metas where parent_id is not null or forked_from_id is not null);

insert into raw.turn_contexts
select
    l.source_no,
    l.line_no,
    t.session_no,
    l.occurred_at,
    l.turn_id,
    l.model,
    l.service_tier,
from staged_line as l
inner join threads as t using (source_no)
where l.type = 'turn_context' or (l.type = 'event_msg' and l.payload_type = 'task_started');

-- Prompts are told by event_msg; the response items that mirror them are not counted again.
insert into raw.events
with contents as (
    select source_no, line_no, item_no >> 16 as item_no, sum(text_bytes)::bigint as text_bytes,
    from staged_content
    group by all
)

select
    l.source_no,
    l.line_no,
    l.item_no,
    t.session_no,
    l.occurred_at,
    case l.type
        when 'event_msg' then case l.payload_type
            when 'user_message' then 'user_prompt'
            when 'token_count' then 'meta'
            when 'task_started' then 'turn_start'
            when 'turn_aborted' then 'system'
            when 'thread_rolled_back' then 'rollback'
            when 'error' then 'api_error'
            when 'stream_error' then 'api_error'
            when 'item_completed' then 'system'
            else 'meta'
        end
        when 'response_item' then case
            when l.payload_type = 'message' and l.role = 'assistant' then 'assistant'
            when l.payload_type = 'message' then 'user_injected'
            when l.payload_type = 'reasoning' then 'reasoning'
            when l.payload_type like '%\_output' escape '\' then 'tool_result'
            when l.payload_type like '%\_call' escape '\' then 'tool_call'
            else 'meta'
        end
        when 'compacted' then 'compaction'
        when 'session_meta' then 'meta'
        when 'turn_context' then 'meta'
        when 'world_state' then 'meta'
        when 'token_usage_record' then 'meta'
        when 'inter_agent_communication' then 'user_injected'
        when 'inter_agent_communication_metadata' then 'meta'
        when 'message' then case l.bare_role when 'assistant' then 'assistant' when 'user' then 'user_prompt' else 'user_injected' end
        when 'reasoning' then 'reasoning'
        when 'function_call' then 'tool_call'
        when 'function_call_output' then 'tool_result'
        when 'thread.started' then 'meta'
        when 'turn.started' then 'turn_start'
        when 'turn.completed' then 'meta'
        when 'item.started' then 'progress'
        when 'item.completed' then case l.item_type
            when 'agent_message' then 'assistant'
            when 'reasoning' then 'reasoning'
            when 'command_execution' then 'tool_result'
            else 'meta'
        end
        when 'turn.failed' then 'api_error'
        when 'error' then 'api_error'
        else case when l.record_type is not null or l.type is null then 'meta' else 'unknown' end
    end,
    null,
    false,
    coalesce(l.message_bytes, c.text_bytes, l.text_bytes),
    null,
    l.type = 'event_msg' and coalesce(l.payload_type = 'turn_aborted', false),
    false,
from staged_line as l
inner join threads as t using (source_no)
left join contents as c using (source_no, line_no, item_no);

insert into raw.usage_counters
select
    l.source_no,
    l.line_no,
    t.session_no,
    l.occurred_at,
    uncached(counted(l.total_input_tokens), counted(l.total_cached_tokens), counted(l.total_cache_write_tokens)),
    cache_read(counted(l.total_input_tokens), counted(l.total_cached_tokens)),
    coalesce(counted(l.total_cache_write_tokens), 0),
    counted(l.total_output_tokens),
    counted(l.total_reasoning_tokens),
    l.total_total_tokens,
    coalesce(l.last = 3, false),
    uncached(counted(l.last_input_tokens), counted(l.last_cached_tokens), counted(l.last_cache_write_tokens)),
    cache_read(counted(l.last_input_tokens), counted(l.last_cached_tokens)),
    case when l.last_input_tokens is not null then coalesce(counted(l.last_cache_write_tokens), 0) end,
    counted(l.last_output_tokens),
    counted(l.last_reasoning_tokens),
    counted(l.context_window_tokens),
    null,
    'call',
    null,
    null,
from staged_line as l
inner join threads as t using (source_no)
where l.payload_type = 'token_count' and (l.total_total_tokens is not null or l.total_input_tokens is not null);

-- One record per completed response; a record of another thread is a copied one.
insert into raw.usage
select
    l.source_no,
    l.line_no,
    l.item_no,
    t.session_no,
    l.occurred_at,
    'record',
    'codex:' || coalesce(l.root_session_id, t.thread_id) || ':' || l.response_id,
    null,
    false,
    false,
    l.turn_id,
    null,
    null,
    uncached(counted(l.record_input_tokens), counted(l.record_cached_tokens), counted(l.record_cache_write_tokens)),
    cache_read(counted(l.record_input_tokens), counted(l.record_cached_tokens)),
    coalesce(counted(l.record_cache_write_tokens), 0),
    0,
    counted(l.record_output_tokens),
    counted(l.record_reasoning_tokens),
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    case when c.response_id is not null then 'compaction' end,
    'call',
    1,
    null,
    null,
    null,
from staged_line as l
inner join threads as t using (source_no)
left join (
    select distinct source_no, compaction_response_id as response_id
    from staged_line
    where compaction_response_id is not null
) as c on c.source_no = l.source_no and c.response_id = l.response_id
where
    l.type = 'token_usage_record'
    and l.response_id is not null
    and coalesce(l.thread_id, t.thread_id) = t.thread_id;

-- `codex exec --json`: one usage per turn.
insert into raw.usage
select
    l.source_no,
    l.line_no,
    l.item_no,
    t.session_no,
    l.occurred_at,
    'record',
    'codex:' || t.thread_id || ':exec:' || l.line_no,
    null,
    false,
    false,
    null,
    null,
    null,
    uncached(counted(l.exec_input_tokens), counted(l.exec_cached_tokens), counted(l.exec_cache_write_tokens)),
    cache_read(counted(l.exec_input_tokens), counted(l.exec_cached_tokens)),
    coalesce(counted(l.exec_cache_write_tokens), 0),
    0,
    counted(l.exec_output_tokens),
    counted(l.exec_reasoning_tokens),
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    'turn',
    'call',
    1,
    null,
    null,
    null,
from staged_line as l
inner join threads as t using (source_no)
where l.type = 'turn.completed' and l.exec_input_tokens is not null;

-- Tool calls in all their shapes; a call of the oldest logs is bare, one of `codex exec --json` is an item.
create or replace temp table calls as
with commands as (
    select source_no, line_no, string_agg(word, ' ' order by item_no) as command,
    from staged_command
    group by all
),

found as (
    select
        l.source_no,
        l.line_no,
        l.item_no,
        l.occurred_at,
        coalesce(l.call_id, l.bare_call_id, l.id, case when l.type = 'item.completed' then l.item_id end, 'line-' || l.line_no) as tool_call_id,
        coalesce(
            case when l.namespace is not null and l.name is not null then l.namespace || '__' || l.name end,
            l.name,
            l.bare_name,
            case l.item_type when 'command_execution' then 'shell' else l.item_type end,
            case l.payload_type when 'local_shell_call' then 'local_shell' else replace(l.payload_type, '_call', '') end
        ) as tool_name,
        coalesce(l.arguments_digest_bytes, l.input_bytes, l.bare_arguments_digest_bytes, l.action_bytes) as input_bytes,
        coalesce(l.arguments_digest_hash, l.input_hash, l.bare_arguments_digest_hash, l.action_hash) as input_hash,
        coalesce(l.arguments, l.bare_arguments) as arguments,
        coalesce(l.item_command, c.command) as command,
    from staged_line as l
    left join commands as c using (source_no, line_no)
    where
        (l.type = 'response_item' and l.payload_type in ('function_call', 'custom_tool_call', 'local_shell_call', 'web_search_call', 'tool_search_call', 'image_generation_call'))
        or l.type = 'function_call'
        or (l.type = 'item.completed' and l.item_type in ('command_execution', 'mcp_tool_call', 'web_search', 'file_change'))
),

readable as (
    select *, case when json_valid(arguments) then arguments::json end as arguments_json,
    from found
)

select
    r.source_no,
    r.line_no,
    r.item_no,
    r.occurred_at,
    r.tool_call_id,
    r.tool_name,
    r.input_bytes,
    r.input_hash,
    coalesce(
        r.command,
        r.arguments_json ->> '$.cmd',
        case json_type(r.arguments_json, '$.command')
            when 'ARRAY' then array_to_string((r.arguments_json -> '$.command')::varchar[], ' ')
            when 'VARCHAR' then r.arguments_json ->> '$.command'
        end
    ) as command,
    coalesce(r.arguments_json ->> '$.path', r.arguments_json ->> '$.file_path') as file_path,
from readable as r;

-- Call ids are the provider's and not unique over threads: the thread is part of the identity.
insert into raw.tool_uses
select
    c.source_no,
    c.line_no,
    c.item_no,
    t.session_no,
    c.occurred_at,
    'codex:' || t.thread_id || ':' || c.tool_call_id,
    null,
    false,
    false,
    c.tool_name,
    case when contains(c.tool_name, '__') then regexp_replace(split_part(c.tool_name, '__', case when c.tool_name like 'mcp\_\_%' escape '\' then 2 else 1 end), '^mcp__', '') end,
    case
        when contains(c.tool_name, '__') then 'mcp'
        when c.tool_name in ('shell', 'shell_command', 'exec_command', 'exec', 'local_shell', 'write_stdin', 'container.exec', 'unified_exec', 'wait') then 'shell'
        when c.tool_name in ('apply_patch', 'file_change') then 'edit'
        when c.tool_name in ('view_image', 'read_file') then 'read'
        when c.tool_name in ('list_dir', 'grep_files', 'tool_search', 'search') then 'search'
        when c.tool_name in ('web_search', 'web_fetch') then 'web'
        when c.tool_name in ('spawn_agent', 'wait_agent', 'send_input', 'close_agent', 'resume_agent') then 'task'
        when c.tool_name in ('update_plan', 'request_user_input') then 'plan'
        else 'other'
    end,
    c.input_bytes,
    c.input_hash,
    c.file_path,
    null,
    null,
    false,
    c.tool_name = 'request_user_input',
from calls as c
inner join threads as t using (source_no);

insert into raw.tool_commands
select source_no, line_no, item_no, masked(command[:1000]),
from calls
where command is not null and command <> '';

-- What logs say of the end of a call. Outputs carry no error flag, so their words are read, the surest first.
create or replace temp table endings as
with outputs as (
    select
        l.source_no,
        l.line_no,
        l.item_no,
        l.occurred_at,
        coalesce(l.call_id, l.bare_call_id) as tool_call_id,
        coalesce(l.output_bytes, l.bare_output_bytes) as result_bytes,
        coalesce(l.output_hash, l.bare_output_hash) as result_hash,
        unwrapped(coalesce(l.output_preview, l.bare_output_preview, '')) as head,
        coalesce(l.output_tail, l.bare_output_tail, '') as tail,
        coalesce(l.output_bytes, l.bare_output_bytes) is not null as has_output,
    from staged_line as l
    where
        (l.type = 'response_item' and l.payload_type in ('function_call_output', 'custom_tool_call_output'))
        or l.type = 'function_call_output'
),

-- What the command itself printed follows its own line, and is no statement of the agent.
headed as (
    select *, split_part(head, chr(10) || 'Output:', 1) as header,
    from outputs
),

readings as (
    select
        *,
        case
            when starts_with(head, '{') then
                try_cast(
                    coalesce(
                        nullif(regexp_extract(tail, '"exit_code"\s*:\s*(-?[0-9]+)', 1), ''),
                        nullif(regexp_extract(head, '"exit_code"\s*:\s*(-?[0-9]+)', 1), '')
                    ) as integer
                )
        end as json_exit_code,
        try_cast(nullif(regexp_extract(header, '(?m)^Exit code: (-?[0-9]+)', 1), '') as integer) as header_exit_code,
        try_cast(nullif(regexp_extract(header, '(?m)^Process exited with code (-?[0-9]+)', 1), '') as integer) as exec_exit_code,
        contains(header, 'Process running with session ID') as is_running,
        regexp_matches(head, '^\s*(?:aborted by user|Wall time[^\n]*\n?aborted)') as is_interrupted,
        regexp_matches(
            head,
            '^\s*(?:exec_command failed|apply_patch verification failed|failed to parse function arguments|unsupported call|execution error|write_stdin failed)'
        ) as is_failed,
        round(
            1000 * try_cast(
                coalesce(
                    nullif(regexp_extract(header, 'Wall time: ([0-9.]+) seconds?', 1), ''),
                    case when starts_with(head, '{') then nullif(regexp_extract(tail, '"duration_seconds"\s*:\s*([0-9.]+)', 1), '') end
                ) as double
            )
        )::bigint as duration_ms,
    from headed
)

select
    source_no,
    line_no,
    item_no,
    occurred_at,
    tool_call_id,
    case
        when json_exit_code is not null then 4
        when header_exit_code is not null then 5
        when exec_exit_code is not null or is_running then 6
        when is_interrupted or is_failed then 7
        else 8
    end as evidence,
    case
        when coalesce(json_exit_code, header_exit_code, exec_exit_code) <> 0 then 'failed'
        when coalesce(json_exit_code, header_exit_code, exec_exit_code) = 0 or is_running then 'ok'
        when is_interrupted then 'interrupted'
        when is_failed then 'failed'
        else 'ok'
    end as status,
    case
        when coalesce(json_exit_code, header_exit_code, exec_exit_code) is not null then 'exit_code'
        when is_running or is_interrupted or is_failed then 'text'
        else 'inferred'
    end as status_source,
    coalesce(json_exit_code, header_exit_code, exec_exit_code) as exit_code,
    duration_ms,
    result_bytes,
    -- What goes on running has printed a part; the next part may be the same, and is none the less another.
    case when not is_running then result_hash end as result_hash,
    head as error_text,
from readings
where tool_call_id is not null
union all
select
    l.source_no,
    l.line_no,
    l.item_no,
    l.occurred_at,
    l.call_id,
    case l.payload_type when 'mcp_tool_call_end' then 1 when 'patch_apply_end' then 2 else 3 end,
    case
        when l.payload_type = 'mcp_tool_call_end' then
            case
                when l.mcp_error is not null or l.is_mcp_error then 'failed'
                else 'ok'
            end
        when l.payload_type = 'patch_apply_end' then
            case l.is_success when true then 'ok' when false then 'failed' end
        when l.exit_code is not null then
            case when l.exit_code = 0 then 'ok' else 'failed' end
        else
            case l.status when 'completed' then 'ok' when 'failed' then 'failed' when 'declined' then 'rejected' end
    end,
    case when l.payload_type = 'exec_command_end' and l.exit_code is not null then 'exit_code' else 'flag' end,
    l.exit_code,
    coalesce(l.duration_secs * 1000, 0) + coalesce(l.duration_nanos // 1000000, 0)
    + case when l.duration_secs is null and l.duration_nanos is null then null else 0 end,
    null,
    null,
    l.mcp_error,
from staged_line as l
where l.type = 'event_msg' and l.payload_type in ('mcp_tool_call_end', 'patch_apply_end', 'exec_command_end') and l.call_id is not null
union all
select
    l.source_no,
    l.line_no,
    l.item_no,
    l.occurred_at,
    coalesce(l.call_id, l.id, l.item_id, 'line-' || l.line_no),
    3,
    case
        when l.item_exit_code <> 0 then 'failed'
        when coalesce(l.item_status, l.status) in ('failed', 'incomplete') then 'failed'
        when coalesce(l.item_status, l.status) = 'declined' then 'rejected'
        else 'ok'
    end,
    case when l.item_exit_code is not null then 'exit_code' else 'flag' end,
    l.item_exit_code,
    null,
    l.item_output_bytes,
    l.item_output_hash,
    l.item_output_preview,
from staged_line as l
where
    (l.type = 'item.completed' and l.item_type in ('command_execution', 'mcp_tool_call', 'web_search', 'file_change'))
    or (l.type = 'response_item' and l.payload_type in ('web_search_call', 'image_generation_call') and l.status is not null);

insert into raw.tool_results
select
    e.source_no,
    e.line_no,
    e.item_no,
    t.session_no,
    e.occurred_at,
    'codex:' || t.thread_id || ':' || e.tool_call_id,
    e.evidence,
    e.status,
    e.status_source,
    e.exit_code,
    case
        when e.status = 'failed' and e.exit_code <> 0 then 'exit_code'
        when e.status = 'failed' and regexp_matches(coalesce(e.error_text, ''), '^\s*(?:apply_patch verification failed|failed to parse|unsupported call)') then 'invalid_call'
        when e.status = 'failed' and regexp_matches(coalesce(e.error_text, ''), '(?i)timed? ?out') then 'timeout'
        when e.status = 'failed' then 'other'
        when e.status in ('rejected', 'interrupted') then e.status
    end,
    e.duration_ms,
    e.result_bytes,
    e.result_hash,
from endings as e
inner join threads as t using (source_no);

insert into raw.tool_errors
select source_no, line_no, item_no, masked(error_text[:300]),
from endings
where status in ('failed', 'rejected', 'interrupted') and error_text <> '';

insert into raw.file_changes
select
    c.source_no,
    c.line_no,
    c.item_no,
    t.session_no,
    l.occurred_at,
    'codex:' || t.thread_id || ':' || l.call_id,
    c.path,
    case c.type when 'add' then 'create' when 'delete' then 'delete' else 'edit' end,
    case c.type when 'add' then c.content_count when 'delete' then 0 else c.unified_added_count end,
    case c.type when 'add' then 0 when 'delete' then c.content_count else c.unified_removed_count end,
    'patch',
from staged_change as c
inner join staged_line as l on l.source_no = c.source_no and l.line_no = c.line_no and l.item_no = c.item_no >> 16
inner join threads as t on t.source_no = c.source_no
where l.payload_type = 'patch_apply_end' and l.is_success is distinct from false;

insert into raw.api_errors
select
    l.source_no,
    l.line_no,
    l.item_no,
    t.session_no,
    l.occurred_at,
    null,
    case when l.rate_limit_reached is not null then 'rate_limit' else api_error_kind(null, coalesce(l.codex_error, '')) end,
    null,
    coalesce(l.rate_limit_reached, l.codex_error),
    null,
    null,
    null,
    l.payload_type is distinct from 'stream_error',
from staged_line as l
inner join threads as t using (source_no)
where
    (l.type = 'event_msg' and l.payload_type in ('error', 'stream_error'))
    or l.type in ('turn.failed', 'error')
    or l.rate_limit_reached is not null;

insert into raw.compactions
select
    l.source_no,
    l.line_no,
    l.item_no,
    t.session_no,
    l.occurred_at,
    null,
    'unknown',
    null,
    null,
    null,
from staged_line as l
inner join threads as t using (source_no)
where l.type = 'compacted';

-- A snapshot is kept where a window's figure changed: from the line before, read now or by an earlier load.
insert into raw.rate_limits
with windows as (
    select source_no, line_no, occurred_at, 'primary' as window_name, primary_window_minutes as window_minutes,
        (primary_used_percent / 100)::double as used_ratio, primary_resets_at as resets_at, plan, rate_limit_reached,
    from staged_line where primary_used_percent is not null
    union all
    select source_no, line_no, occurred_at, 'secondary', secondary_window_minutes,
        (secondary_used_percent / 100)::double, secondary_resets_at, plan, rate_limit_reached,
    from staged_line where secondary_used_percent is not null
),

known as (
    select source_no, window_name, arg_max(used_ratio, line_no) as used_ratio,
    from raw.rate_limits
    where source_no in (select source_no from threads where is_known)
    group by source_no, window_name
)

select
    w.source_no,
    w.line_no,
    t.session_no,
    w.occurred_at,
    w.window_name,
    w.window_minutes,
    w.used_ratio,
    case when w.resets_at between 0 and 253402300799 then to_timestamp(w.resets_at) end,
    w.plan,
    w.rate_limit_reached,
from windows as w
inner join threads as t using (source_no)
left join known as k using (source_no, window_name)
qualify w.used_ratio is distinct from lag(w.used_ratio, 1, k.used_ratio) over (partition by w.source_no, w.window_name order by w.line_no);
