-- Staged records of Amp threads to the raw tables.
--
-- Reads staged_line, staged_block, staged_event, staged_tree and batch_sources. The rules and where they come from: README.md
-- beside this file.

create or replace temp table threads as
with stated as (
    select
        source_no,
        min(line_no) as line_no,
        any_value(id) filter (where line_no = 0) as thread_id,
        any_value(cwd) filter (where line_no = 0) as cwd,
        any_value(client) filter (where line_no = 0) as client,
        any_value(client_version) filter (where line_no = 0) as client_version,
        any_value(thread_created_at) filter (where line_no = 0) as created_at,
    from staged_line
    group by source_no
),

trees as (
    select
        source_no,
        arg_min(uri, item_no) as uri,
        arg_min(git_remote, item_no) as git_remote,
        arg_min(git_ref, item_no) as git_ref,
    from staged_tree
    group by source_no
)

select
    b.source_no,
    s.line_no,
    coalesce(s.thread_id, b.stem) as native_session_id,
    null::varchar as native_agent_id,
    coalesce(
        s.cwd,
        case
            -- A letter of a drive follows a slash that is not part of the path.
            when t.uri like 'file://%' then regexp_replace(url_decode(substr(t.uri, 8)), '^/([A-Za-z]:)', '\1')
            else t.uri
        end
    ) as cwd,
    masked(t.git_remote) as git_remote,
    regexp_replace(t.git_ref, '^refs/heads/', '') as git_branch,
    s.client as entrypoint,
    s.client_version as agent_version,
    s.created_at,
from batch_sources as b
inner join stated as s using (source_no)
left join trees as t using (source_no);

create or replace temp table named_sessions as
select native_session_id, native_agent_id from threads;

-- @include register_sessions

create or replace temp table transcripts as
select t.*, s.session_no, 'amp:' || t.native_session_id || ':' as prefix,
from threads as t
inner join known_sessions as s on s.native_session_id = t.native_session_id and s.native_agent_id is null;

insert into raw.session_headers by name
select source_no, line_no, session_no, 'main' as kind, cwd, git_branch, git_remote, agent_version, entrypoint,
from transcripts;

-- An answer of an older thread has its time in the ledger alone; the first prompt that has none is as old as the thread.
create or replace temp table messages as
with ledger_times as (
    select source_no, to_message_no, min(occurred_at) as occurred_at,
    from staged_event
    where to_message_no is not null
    group by all
)

select
    l.*,
    t.session_no,
    t.prefix,
    coalesce(l.message_no::varchar, l.message_name, 'line-' || l.line_no) as message_id,
    coalesce(
        l.sent_at, l.used_at, l.stated_at, l.made_at,
        case when l.role <> 'user' then e.occurred_at end,
        case when l.line_no = 1 then t.created_at end
    ) as occurred_at,
from staged_line as l
inner join transcripts as t using (source_no)
left join ledger_times as e on e.source_no = l.source_no and e.to_message_no = l.message_no
where l.role is not null;

insert into raw.events by name
with sums as (
    select
        source_no,
        line_no,
        bool_or(type = 'text') as has_words,
        bool_or(type = 'tool_result') as is_result,
        bool_or(type = 'tool_use') as is_call,
        bool_or(type = 'summary') as is_summary,
        bool_or(type = 'redacted_thinking') as is_withheld,
        sum(words_bytes)::bigint as words_bytes,
        sum(thinking_bytes)::bigint as thinking_bytes,
    from staged_block
    group by all
)

select
    m.source_no,
    m.line_no,
    m.item_no,
    m.session_no,
    m.occurred_at,
    case
        when m.role = 'user' and coalesce(s.is_result, false) then 'tool_result'
        when m.role = 'user' then 'user_prompt'
        when m.role = 'assistant' and s.is_call and not coalesce(s.has_words, false) then 'tool_call'
        when m.role = 'assistant' then 'assistant'
        when s.is_summary then 'compaction'
        when m.role = 'info' then 'system'
        else 'unknown'
    end as event_type,
    md5(m.prefix || m.message_id)::uuid as uuid,
    false as is_fork,
    coalesce(s.words_bytes, m.words_bytes, m.content_bytes) as text_bytes,
    s.thinking_bytes as reasoning_bytes,
    coalesce(m.state = 'cancelled', false) as is_interruption,
    coalesce(s.is_withheld, false) as has_withheld_reasoning,
from messages as m
left join sums as s using (source_no, line_no);

-- The ledger tells usage where a thread has one; what came after its last entry is told by the messages.
create or replace temp table entries as
with events as (
    select
        e.*,
        t.session_no,
        t.prefix,
        coalesce(e.operation, 'inference') = 'inference' as is_inference,
        row_number() over (
            partition by e.source_no, e.to_message_no
            order by coalesce(e.operation, 'inference') <> 'inference', e.item_no
        ) as event_number,
    from staged_event as e
    inner join transcripts as t using (source_no)
    where coalesce(e.input_tokens, e.output_tokens) is not null
)

select e.*, e.to_message_no is not null and e.is_inference and e.event_number = 1 as is_answer,
from events as e;

insert into raw.usage by name
with ledgers as (
    select source_no, max(to_message_no) as last_message_no, max(occurred_at) as last_at,
    from entries
    group by source_no
)

select
    m.source_no,
    m.line_no,
    m.item_no,
    m.session_no,
    coalesce(m.used_at, m.occurred_at) as occurred_at,
    'response' as form,
    m.prefix || 'message:' || m.message_id as response_id,
    false as is_fork,
    false as is_sidechain,
    m.model as model_raw,
    counted(m.input_tokens) as uncached_input_tokens,
    counted(m.read_tokens) as cache_read_tokens,
    counted(m.written_tokens) as cache_write_5m_tokens,
    case when m.written_tokens is not null then 0 end as cache_write_1h_tokens,
    counted(m.output_tokens) as output_tokens,
    m.stop_reason,
from messages as m
left join ledgers as l using (source_no)
where
    m.usage = 3
    and coalesce(m.input_tokens, m.output_tokens) is not null
    and (l.source_no is null or (m.message_no > l.last_message_no and coalesce(m.used_at, m.occurred_at) > l.last_at))
union all by name
select
    e.source_no,
    coalesce(m.line_no, e.line_no) as line_no,
    e.item_no,
    e.session_no,
    e.occurred_at,
    'response' as form,
    e.prefix || case when e.is_answer then 'message:' || e.to_message_no else 'event:' || coalesce(e.id, e.item_no::varchar) end
        as response_id,
    false as is_fork,
    false as is_sidechain,
    coalesce(e.model, m.model) as model_raw,
    counted(e.input_tokens) as uncached_input_tokens,
    counted(coalesce(e.read_tokens, m.read_tokens)) as cache_read_tokens,
    counted(coalesce(e.written_tokens, m.written_tokens)) as cache_write_5m_tokens,
    case when coalesce(e.written_tokens, m.written_tokens) is not null then 0 end as cache_write_1h_tokens,
    counted(e.output_tokens) as output_tokens,
    m.stop_reason,
    case when not e.is_inference then e.operation end as purpose,
from entries as e
left join messages as m on e.is_answer and m.source_no = e.source_no and m.message_no = e.to_message_no;

create or replace temp table blocks as
select
    b.*,
    m.session_no,
    m.occurred_at,
    m.prefix,
    m.prefix || 'message:' || m.message_id as response_id,
    m.prefix || 'tool:' || coalesce(b.tool_use_id, b.id) as tool_call_id,
from staged_block as b
inner join messages as m on m.source_no = b.source_no and m.line_no = b.line_no;

-- @only-with staged_block
insert into raw.compactions by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    md5(response_id || ':summary')::uuid as uuid,
    'unknown' as trigger,
from blocks
where type = 'summary' and coalesce(summary_type, 'message') = 'message';

insert into raw.api_errors by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    md5(prefix || message_id || ':error')::uuid as uuid,
    api_error_kind(null, coalesce(error_message, '')) as error_kind,
    true as is_final,
from messages
where state = 'error';

-- @only-with staged_block
insert into raw.tool_uses by name
select
    b.source_no,
    b.line_no,
    b.item_no,
    b.session_no,
    b.occurred_at,
    b.tool_call_id,
    b.response_id,
    false as is_fork,
    false as is_sidechain,
    b.name as tool_name,
    nullif(regexp_extract(b.name, '^mcp__(.+?)__', 1), '') as mcp_server,
    case
        when b.name like 'mcp\_\_%' escape '\' then 'mcp'
        else coalesce(k.category, 'other')
    end as tool_category,
    b.input_bytes,
    b.input_hash,
    b.path as file_path,
    case b.name when 'create_file' then b.content_count when 'edit_file' then b.new_count end as added_line_count,
    case b.name when 'edit_file' then b.old_count end as removed_line_count,
from blocks as b
left join (
    values
        ('Bash', 'shell'), ('bash', 'shell'), ('shell_command', 'shell'),
        ('Read', 'read'), ('read_file', 'read'), ('look_at', 'read'), ('read_mcp_resource', 'read'), ('read_thread', 'read'),
        ('get_diagnostics', 'read'),
        ('create_file', 'write'),
        ('edit_file', 'edit'), ('undo_edit', 'edit'), ('format_file', 'edit'), ('apply_patch', 'edit'),
        ('Grep', 'search'), ('glob', 'search'), ('Glob', 'search'), ('list_directory', 'search'), ('finder', 'search'),
        ('codebase_search_agent', 'search'), ('find_thread', 'search'),
        ('web_search', 'web'), ('read_web_page', 'web'),
        ('Task', 'task'), ('oracle', 'task'), ('librarian', 'task'), ('handoff', 'task'),
        ('todo_write', 'plan'), ('todo_read', 'plan')
) as k (name, category) on k.name = b.name
where b.type = 'tool_use' and b.id is not null;

-- @only-with staged_block
insert into raw.tool_commands by name
select source_no, line_no, item_no, masked(coalesce(command, command_line)) as command,
from blocks
where type = 'tool_use' and name in ('Bash', 'bash', 'shell_command') and coalesce(command, command_line) <> '';

-- @only-with staged_block
create or replace temp table ends as
select
    *,
    case
        when status in ('cancelled', 'rejected-by-user', 'rejected') then 'rejected'
        when status = 'error' or exit_code <> 0 or is_success = false then 'failed'
        else 'ok'
    end as ended,
    case when status = 'done' and exit_code is not null then 'exit_code' else 'flag' end as status_source,
    coalesce(error_message, nullif(output_tail, ''), output_preview, result_preview) as error_text,
from blocks
where
    type = 'tool_result'
    and tool_use_id is not null
    and status in ('done', 'error', 'cancelled', 'rejected-by-user', 'rejected');

-- @only-with staged_block
insert into raw.tool_results by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    tool_call_id,
    1 as evidence,
    ended as status,
    status_source,
    exit_code,
    case
        when ended = 'rejected' then 'rejected'
        when ended = 'ok' then null
        when exit_code <> 0 then 'exit_code'
        when regexp_matches(error_text, '(?i)timed? ?out') then 'timeout'
        when regexp_matches(error_text, '(?i)no such file|ENOENT|not found|does not exist') then 'not_found'
        when regexp_matches(error_text, '(?i)permission|EACCES|denied') then 'permission'
        else 'other'
    end as error_kind,
    coalesce(output_bytes, result_bytes) as result_bytes,
    coalesce(output_hash, result_hash) as result_hash,
from ends;

-- @only-with staged_block
insert into raw.tool_errors by name
select source_no, line_no, item_no, masked(error_text[:200]) as error_text,
from ends
where ended in ('failed', 'rejected') and error_text <> '';

-- @only-with staged_block
insert into raw.file_changes by name
select
    b.source_no,
    b.line_no,
    b.item_no,
    b.session_no,
    b.occurred_at,
    b.tool_call_id,
    b.path as file_path,
    case b.name when 'create_file' then 'create' else 'edit' end as operation,
    case when b.name = 'create_file' then b.content_count else coalesce(e.diff_added_count, b.new_count) end as added_line_count,
    case when b.name = 'create_file' then 0 else coalesce(e.diff_removed_count, b.old_count) end as removed_line_count,
    case when b.name <> 'create_file' and e.diff_added_count is not null then 'diff' else 'args' end as evidence,
from blocks as b
inner join ends as e on e.source_no = b.source_no and e.tool_call_id = b.tool_call_id and e.ended = 'ok'
where b.type = 'tool_use' and b.name in ('create_file', 'edit_file') and b.path is not null;
