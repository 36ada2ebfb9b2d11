-- Staged lines of Gemini CLI sessions, and of the output of headless runs, to the raw tables.
--
-- Reads staged_line, staged_call, staged_answer, staged_part, staged_display_part, staged_thought, staged_directory, staged_set_message,
-- staged_set_part, staged_set_call, staged_inline_message, staged_inline_call, staged_model and batch_sources. The rules and
-- where they come from: README.md beside this file.

-- A file is one session, named by the first line that names one. A subagent's stands in a folder named after its parent.
create or replace temp table files as
with stated as (
    select
        source_no,
        arg_min(coalesce(session_id, set_session_id, run_session_id), line_no) as session_id,
        arg_min(md5(concat_ws(':', run_stats_hash, run_response_hash)), line_no) filter (where stats is not null) as run_hash,
        arg_min(kind, line_no) filter (where session_id is not null) as kind,
        min(line_no) as line_no,
    from staged_line
    group by source_no
),

known as (
    select
        h.source_no,
        arg_min(s.native_session_id, h.line_no) as session_id,
        arg_min(h.kind, h.line_no) filter (where h.kind is not null) as kind,
    from raw.session_headers as h
    inner join raw.sessions as s using (session_no)
    where h.source_no in (select source_no from batch_sources)
    group by h.source_no
),

folders as (
    select source_no, nullif(regexp_extract(path, '[\\/]chats[\\/]([^\\/]+)[\\/][^\\/]+\.jsonl?$', 1), '') as folder,
    from batch_sources
)

select
    b.source_no,
    s.line_no,
    -- A run that names no session is known by what it printed: files are often called alike, and copied.
    coalesce(k.session_id, s.session_id, case when b.form = 'result' then 'run-' || s.run_hash[:16] end, b.stem) as native_session_id,
    case when coalesce(k.kind, s.kind) = 'subagent' then f.folder end as parent_session_id,
    coalesce(k.kind, s.kind) = 'subagent' as is_subagent,
    b.form in ('stream', 'result') as is_headless,
    b.context ->> 'cwd' as cwd,
from batch_sources as b
inner join stated as s using (source_no)
inner join folders as f using (source_no)
left join known as k using (source_no);

create or replace temp table named_sessions as
select native_session_id, null::varchar as native_agent_id from files
union
select parent_session_id, null from files where parent_session_id is not null;

-- @include register_sessions

create or replace temp table transcripts as
select
    f.source_no,
    f.line_no,
    f.native_session_id,
    f.is_headless,
    coalesce(f.is_subagent, false) as is_subagent,
    f.cwd,
    s.session_no,
    p.session_no as parent_session_no,
    'gemini-cli:' || f.native_session_id || ':' as prefix,
from files as f
inner join known_sessions as s on s.native_session_id = f.native_session_id and s.native_agent_id is null
left join known_sessions as p
    on p.native_session_id = f.parent_session_id
    and p.native_agent_id is null
    and f.parent_session_id <> f.native_session_id;

insert into raw.session_headers by name
with roots as (
    select source_no, arg_min(path, item_no) as path
    from staged_directory
    group by source_no
)

select
    t.source_no,
    t.line_no,
    t.session_no,
    case when t.is_subagent then 'subagent' else 'main' end as kind,
    t.parent_session_no,
    coalesce(t.cwd, case when t.is_subagent then r.path end) as cwd,
    'google' as provider,
    -- What a headless run printed is only of interest where the session itself is gone.
    case when t.is_headless then 0 else 1 end as rank,
from transcripts as t
left join roots as r using (source_no);

-- Every statement of a message: a line of its own, or an element of a list that replaces all of them.
create or replace temp table messages as
with stated as (
    select
        source_no, line_no, item_no, id, type, occurred_at, model, coalesce(content, content_object) as content,
        coalesce(content_bytes, content_object_bytes) as content_bytes, display_bytes, input_tokens, output_tokens, cached_tokens,
        thought_tokens, tool_tokens, false as is_listed, false as is_synced,
    from staged_line
    where type is not null and session_id is null and set is null
    union all
    select
        source_no, line_no, item_no + 1, id, type, occurred_at, model, coalesce(content, content_object),
        coalesce(content_bytes, content_object_bytes), display_bytes, input_tokens, output_tokens, cached_tokens,
        thought_tokens, tool_tokens, true, is_synced,
    from (
        select *, true as is_synced from staged_set_message
        union all
        select *, false from staged_inline_message
    )
),

-- The words of a message that is an array of parts stand in the parts of its line.
parts as (
    select
        source_no,
        line_no,
        item_no >> 16 as item_no,
        false as is_listed,
        arg_min(coalesce(text, word), item_no) filter (where coalesce(text, word) is not null) as content,
        sum(coalesce(text_bytes, word_bytes))::bigint as content_bytes,
        bool_or(response is not null) as has_response,
    from staged_part
    group by all
),

-- What a person typed, where the message holds what was made of it: files that were named stand in full there.
displays as (
    select
        source_no,
        line_no,
        item_no >> 16 as item_no,
        false as is_listed,
        sum(coalesce(text_bytes, word_bytes))::bigint as display_bytes,
    from staged_display_part
    group by all
),

thoughts as (
    select
        source_no,
        line_no,
        item_no >> 16 as item_no,
        false as is_listed,
        sum(coalesce(subject_bytes, 0) + coalesce(description_bytes, 0) + coalesce(word_bytes, 0))::bigint as reasoning_bytes,
    from staged_thought
    group by all
)

select
    s.* exclude (display_bytes) replace (
        coalesce(s.content, p.content) as content,
        coalesce(s.display_bytes, d.display_bytes, s.content_bytes, p.content_bytes) as content_bytes
    ),
    h.reasoning_bytes,
    coalesce(p.has_response, false) as has_response,
    t.session_no,
    t.is_subagent,
    t.prefix || coalesce(s.id, 'line:' || s.line_no || ':' || s.item_no) as message_id,
    t.prefix,
from stated as s
inner join transcripts as t using (source_no)
left join parts as p
    on p.source_no = s.source_no and p.line_no = s.line_no and p.item_no = s.item_no and p.is_listed = s.is_listed
left join displays as d
    on d.source_no = s.source_no and d.line_no = s.line_no and d.item_no = s.item_no and d.is_listed = s.is_listed
left join thoughts as h
    on h.source_no = s.source_no and h.line_no = s.line_no and h.item_no = s.item_no and h.is_listed = s.is_listed
where not t.is_headless;

-- A message is written again whenever something is added to it: it is one event, where it stands first.
create or replace temp table first_messages as
select *, md5(message_id)::uuid as uuid,
from messages
where
    not exists (from raw.events as e where e.source_no = messages.source_no and e.uuid = md5(messages.message_id)::uuid)
qualify row_number() over (partition by source_no, message_id order by line_no, item_no) = 1;

insert into raw.events by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    case
        when type = 'user' then case
            when has_response then 'tool_result'
            when
                is_subagent
                -- A list that replaces all messages holds what was said before; what it adds is the program's own.
                or is_synced
                or regexp_matches(
                    coalesce(content, ''),
                    '^\s*(?:<session_context>|<state_snapshot>|<system-reminder>|System: |Please continue\.?$|This is the Gemini CLI\.)'
                )
                then 'user_injected'
            else 'user_prompt'
        end
        when type in ('gemini', 'model', 'assistant') then case
            when coalesce(content_bytes, 0) = 0 and reasoning_bytes > 0 then 'reasoning'
            else 'assistant'
        end
        when type = 'error' and starts_with(content, '[API Error') then 'api_error'
        when type in ('info', 'warning', 'error') then 'system'
        else 'unknown'
    end as event_type,
    uuid,
    false as is_fork,
    content_bytes as text_bytes,
    reasoning_bytes,
    type = 'info' and coalesce(regexp_matches(content, '^(?:Request cancelled|User cancelled the request)'), false) as is_interruption,
from first_messages;

insert into raw.events by name
select
    l.source_no,
    l.line_no,
    l.item_no,
    t.session_no,
    case when l.rewind_to is not null then 'rollback' else 'meta' end as event_type,
    -- A copy has it on the same line.
    md5(concat_ws(':', t.prefix || 'line', l.line_no, l.item_no, l.rewind_to, l.change_hash))::uuid as uuid,
    false as is_fork,
from staged_line as l
inner join transcripts as t using (source_no)
where l.rewind_to is not null or l.set is not null;

-- A session begins with its header, but a header alone is no session: it waits here until there is a message.
insert into raw.turn_contexts by name
select l.source_no, l.line_no, t.session_no, l.started_at as occurred_at,
from staged_line as l
inner join transcripts as t using (source_no)
where l.session_id is not null and l.set is null and l.started_at is not null and not t.is_headless
qualify row_number() over (partition by l.source_no order by l.line_no) = 1;

insert into raw.events by name
select
    c.source_no,
    c.line_no,
    0 as item_no,
    c.session_no,
    c.occurred_at,
    'meta' as event_type,
    md5(t.prefix || 'header')::uuid as uuid,
    false as is_fork,
from raw.turn_contexts as c
inner join transcripts as t using (source_no)
where
    c.source_no in (select source_no from raw.events where occurred_at is not null)
    and not exists (from raw.events as e where e.source_no = c.source_no and e.line_no = c.line_no and e.event_type = 'meta');

insert into raw.usage by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    'response' as form,
    message_id as response_id,
    false as is_fork,
    false as is_sidechain,
    'google' as provider,
    model as model_raw,
    uncached(counted(input_tokens), counted(cached_tokens), 0) + coalesce(counted(tool_tokens), 0) as uncached_input_tokens,
    cache_read(counted(input_tokens), counted(cached_tokens)) as cache_read_tokens,
    0 as cache_write_5m_tokens,
    0 as cache_write_1h_tokens,
    counted(output_tokens) + coalesce(counted(thought_tokens), 0) as output_tokens,
    counted(thought_tokens) as reasoning_tokens,
from messages
where input_tokens is not null or output_tokens is not null;

create or replace temp table calls as
with stated as (
    select *, item_no >> 16 as record_no, false as is_listed from staged_call
    union all
    select *, item_no >> 16, true from staged_set_call
    union all
    select *, item_no >> 16, true from staged_inline_call
),

answers as (
    select
        source_no,
        line_no,
        item_no >> 16 as record_no,
        false as is_listed,
        response_call_id as id,
        arg_min(output_bytes, item_no) as output_bytes,
        arg_min(output_hash, item_no) as output_hash,
        arg_min(output_preview, item_no) as output_preview,
        arg_min(output_tail, item_no) as output_tail,
        arg_min(failure_bytes, item_no) as failure_bytes,
        arg_min(failure_hash, item_no) as failure_hash,
        arg_min(failure_preview, item_no) as failure_preview,
    from staged_answer
    where response_call_id is not null
    group by all
)

select
    c.source_no,
    c.line_no,
    c.item_no,
    t.session_no,
    t.prefix || c.id as tool_call_id,
    m.message_id as response_id,
    coalesce(m.occurred_at, c.occurred_at) as called_at,
    -- A call and the message that was made for it bear one time: the call's end.
    case when c.occurred_at > m.occurred_at then c.occurred_at end as returned_at,
    c.name as tool_name,
    c.status,
    c.agent_id,
    nullif(regexp_extract(c.display_name, '\(([^()]+) MCP Server\)$', 1), '') as mcp_server,
    c.args_bytes,
    c.args_hash,
    c.command,
    c.is_background,
    coalesce(c.file_path, c.absolute_path, c.path, c.dir_path) as file_path,
    c.written_count,
    c.old_count,
    c.new_count,
    c.diff_added_count,
    c.diff_removed_count,
    c.is_new_file,
    c.added_line_count,
    c.removed_line_count,
    coalesce(a.output_bytes, a.failure_bytes, c.output_bytes, c.failure_bytes, c.result_bytes) as result_bytes,
    coalesce(a.output_hash, a.failure_hash, c.output_hash, c.failure_hash, c.result_hash) as result_hash,
    coalesce(a.output_preview, c.output_preview) as output_preview,
    coalesce(a.output_tail, c.output_tail, a.output_preview, c.output_preview) as output_tail,
    coalesce(a.failure_preview, c.failure_preview, a.output_preview, c.output_preview, c.display) as failure_text,
from stated as c
inner join transcripts as t using (source_no)
-- Of a list it is not said which message a call is of.
left join (from messages where not is_listed) as m
    on m.source_no = c.source_no
    and m.line_no = c.line_no
    and m.item_no = c.record_no
    and m.is_listed = c.is_listed
left join answers as a
    on a.source_no = c.source_no
    and a.line_no = c.line_no
    and a.record_no = c.record_no
    and a.is_listed = c.is_listed
    and a.id = c.id
where c.id is not null
union all by name
-- The same calls as a headless run prints them.
select
    l.source_no,
    l.line_no,
    l.item_no,
    t.session_no,
    t.prefix || l.tool_id as tool_call_id,
    l.occurred_at as called_at,
    l.tool_name,
    l.args_bytes,
    l.args_hash,
    l.command,
    l.is_background,
    coalesce(l.file_path, l.absolute_path, l.path, l.dir_path) as file_path,
    l.written_count,
    l.old_count,
    l.new_count,
from staged_line as l
inner join transcripts as t using (source_no)
where t.is_headless and l.type = 'tool_use' and l.tool_id is not null;

insert into raw.tool_uses by name
select
    c.source_no,
    c.line_no,
    c.item_no,
    c.session_no,
    c.called_at as occurred_at,
    c.tool_call_id,
    c.response_id,
    false as is_fork,
    false as is_sidechain,
    c.tool_name,
    c.mcp_server,
    case
        when c.mcp_server is not null then 'mcp'
        when k.category is not null then k.category
        when c.agent_id is not null then 'task'
        when c.tool_name like 'mcp\_%' escape '\' or c.tool_name like '%\_\_%' escape '\' then 'mcp'
        else 'other'
    end as tool_category,
    c.mcp_server is null and c.tool_name in ('ask_user', 'exit_plan_mode') as is_question,
    c.args_bytes as input_bytes,
    c.args_hash as input_hash,
    c.file_path,
    case c.tool_name when 'write_file' then c.written_count when 'replace' then c.new_count end as added_line_count,
    case c.tool_name when 'replace' then c.old_count end as removed_line_count,
    coalesce(c.is_background, false) as is_background,
from calls as c
left join (
    values
        ('run_shell_command', 'shell'),
        ('read_file', 'read'), ('read_many_files', 'read'), ('get_internal_docs', 'read'),
        ('write_file', 'write'),
        ('replace', 'edit'), ('edit', 'edit'),
        ('glob', 'search'), ('grep_search', 'search'), ('search_file_content', 'search'), ('list_directory', 'search'),
        ('web_fetch', 'web'), ('google_web_search', 'web'),
        ('delegate_to_agent', 'task'), ('invoke_agent', 'task'), ('invoke_subagent', 'task'), ('codebase_investigator', 'task'),
        ('generalist', 'task'), ('cli_help', 'task'), ('browser_agent', 'task'),
        ('write_todos', 'plan'), ('enter_plan_mode', 'plan'), ('exit_plan_mode', 'plan'), ('ask_user', 'plan'),
        ('save_memory', 'other'), ('activate_skill', 'other')
) as k (name, category) on k.name = c.tool_name;

insert into raw.tool_commands by name
select source_no, line_no, item_no, masked(command) as command,
from calls
where command is not null;

insert into raw.tool_results by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    returned_at as occurred_at,
    tool_call_id,
    1 as evidence,
    case status when 'success' then 'ok' when 'error' then 'failed' else 'rejected' end as status,
    'flag' as status_source,
    case
        when tool_name = 'run_shell_command'
            then try_cast(regexp_extract(output_tail, '(?:^|\n)Exit Code: (-?[0-9]+)', 1) as integer)
    end as exit_code,
    case
        when status = 'cancelled' then 'rejected'
        when status <> 'error' then null
        when regexp_matches(failure_text, '(?i)timed? ?out') then 'timeout'
        when regexp_matches(failure_text, '(?i)no such file|does not exist|not found') then 'not_found'
        when regexp_matches(failure_text, '(?i)permission|not allowed|denied') then 'permission'
        when regexp_matches(failure_text, '(?i)params|must be|must have|invalid') then 'invalid_call'
        else 'other'
    end as error_kind,
    result_bytes,
    result_hash,
from calls
where status in ('success', 'error', 'cancelled')
union all by name
select
    l.source_no,
    l.line_no,
    l.item_no,
    t.session_no,
    l.occurred_at,
    t.prefix || l.tool_id as tool_call_id,
    2 as evidence,
    case l.status when 'success' then 'ok' else 'failed' end as status,
    'flag' as status_source,
    case when l.status = 'error' then 'other' end as error_kind,
    coalesce(l.output_bytes, l.failure_bytes) as result_bytes,
    coalesce(l.output_hash, l.failure_hash) as result_hash,
from staged_line as l
inner join transcripts as t using (source_no)
where t.is_headless and l.type = 'tool_result' and l.tool_id is not null and l.status in ('success', 'error');

insert into raw.tool_errors by name
select source_no, line_no, item_no, masked(failure_text[:200]) as error_text,
from calls
where status = 'error' and failure_text is not null
union all by name
select l.source_no, l.line_no, l.item_no, masked(coalesce(l.failure_preview, l.output_preview)) as error_text,
from staged_line as l
inner join transcripts as t using (source_no)
where t.is_headless and l.type = 'tool_result' and l.status = 'error' and coalesce(l.failure_preview, l.output_preview) is not null;

insert into raw.file_changes by name
select
    c.source_no,
    c.line_no,
    c.item_no,
    c.session_no,
    coalesce(c.returned_at, c.called_at) as occurred_at,
    c.tool_call_id,
    c.file_path,
    case
        when c.is_new_file or regexp_matches(c.output_preview, '^(?:Successfully created|Created) (?:and wrote to )?new file') then 'create'
        else 'edit'
    end as operation,
    case
        when c.diff_added_count is not null then c.diff_added_count
        when c.added_line_count is not null then counted(c.added_line_count)
        when c.tool_name = 'write_file' then c.written_count
        else c.new_count
    end as added_line_count,
    case
        when c.diff_added_count is not null then c.diff_removed_count
        when c.added_line_count is not null then counted(c.removed_line_count)
        when c.tool_name <> 'write_file' then c.old_count
        when c.is_new_file or regexp_matches(c.output_preview, '^(?:Successfully created|Created) (?:and wrote to )?new file') then 0
    end as removed_line_count,
    case when c.diff_added_count is not null or c.added_line_count is not null then 'diff' else 'args' end as evidence,
from calls as c
where
    c.status = 'success'
    and c.tool_name in ('write_file', 'replace', 'edit')
    and c.file_path is not null;

insert into raw.api_errors by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    uuid,
    api_error_kind(http_status, content) as error_kind,
    http_status,
    nullif(regexp_extract(content, '\(Status: ([A-Z_]+)\)', 1), '') as code,
    true as is_final,
from (
    select
        *,
        coalesce(
            try_cast(nullif(regexp_extract(content, '(?:got status: |Status: |"code":\s*)([1-5][0-9][0-9])\b', 1), '') as integer),
            case regexp_extract(content, '\(Status: ([A-Z_]+)\)', 1)
                when 'RESOURCE_EXHAUSTED' then 429
                when 'UNAVAILABLE' then 503
                when 'UNAUTHENTICATED' then 401
                when 'PERMISSION_DENIED' then 403
                when 'INVALID_ARGUMENT' then 400
                when 'NOT_FOUND' then 404
                when 'DEADLINE_EXCEEDED' then 504
                when 'INTERNAL' then 500
            end
        ) as http_status,
    from first_messages
    where type = 'error' and starts_with(content, '[API Error')
);

-- A compressed history begins with a snapshot of what went before, and stands in every list from then on.
-- @only-with staged_set_part
insert into raw.compactions by name
select
    p.source_no,
    p.line_no,
    p.item_no,
    t.session_no,
    md5(t.prefix || p.text)::uuid as uuid,
    'unknown' as trigger,
from staged_set_part as p
inner join transcripts as t using (source_no)
where
    starts_with(ltrim(p.text), '<state_snapshot>')
    and not exists (from raw.compactions as c where c.source_no = p.source_no and c.uuid = md5(t.prefix || p.text)::uuid)
qualify row_number() over (partition by p.source_no, p.text order by p.line_no, p.item_no) = 1;

-- Headless runs: what was asked, answered, and used in all.
insert into raw.events by name
select
    l.source_no,
    l.line_no,
    l.item_no,
    t.session_no,
    l.occurred_at,
    case
        when l.type = 'message' and l.role = 'user' then 'user_prompt'
        when l.type = 'message' then 'assistant'
        when l.type = 'tool_use' then 'tool_call'
        when l.type = 'tool_result' then 'tool_result'
        when l.type = 'error' then 'system'
        else 'meta'
    end as event_type,
    false as is_fork,
    coalesce(l.content_bytes, l.output_bytes) as text_bytes,
from staged_line as l
inner join transcripts as t using (source_no)
where t.is_headless and (l.type is not null or l.stats is not null);

insert into raw.turn_contexts by name
select l.source_no, l.line_no, t.session_no, l.occurred_at, l.model as model_raw,
from staged_line as l
inner join transcripts as t using (source_no)
where t.is_headless and l.type = 'init' and l.model is not null;

insert into raw.usage by name
with runs as (
    select l.*, t.session_no, t.prefix,
    from staged_line as l
    inner join transcripts as t using (source_no)
    where t.is_headless and l.stats is not null
),

used as (
    select
        r.source_no, r.line_no, m.item_no, r.session_no, r.prefix, r.occurred_at, m.model,
        m.prompt_tokens as input_tokens, m.cached_tokens, m.candidate_tokens as output_tokens, m.thought_tokens, m.tool_tokens,
        m.request_count - coalesce(m.error_count, 0) as api_call_count, m.latency_ms as duration_ms,
    from staged_model as m
    inner join runs as r on r.source_no = m.source_no and r.line_no = m.line_no and r.item_no = m.item_no >> 16
    where m.prompt_tokens is not null
    union all by name
    -- Streamed figures leave thoughts out of the output, but not out of the total.
    select
        r.source_no, r.line_no, m.item_no, r.session_no, r.prefix, r.occurred_at, m.model,
        m.run_input_tokens as input_tokens, m.run_cached_tokens as cached_tokens,
        greatest(m.run_output_tokens, m.run_total_tokens - m.run_input_tokens) as output_tokens,
    from staged_model as m
    inner join runs as r on r.source_no = m.source_no and r.line_no = m.line_no and r.item_no = m.item_no >> 16
    where m.run_input_tokens is not null
    union all by name
    select
        source_no, line_no, item_no, session_no, prefix, occurred_at, run_input_tokens as input_tokens,
        run_cached_tokens as cached_tokens, greatest(run_output_tokens, run_total_tokens - run_input_tokens) as output_tokens,
        run_duration_ms as duration_ms,
    from runs as r
    where
        run_input_tokens is not null
        and not exists (from staged_model as m where m.source_no = r.source_no and m.line_no = r.line_no)
)

select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    'response' as form,
    -- A run bears no name of its own: its figures and its time tell it from the next one of the session.
    prefix || 'run:' || md5(concat_ws(':', model, input_tokens, cached_tokens, output_tokens, epoch_ms(occurred_at))) as response_id,
    false as is_fork,
    false as is_sidechain,
    'google' as provider,
    model as model_raw,
    uncached(counted(input_tokens), counted(cached_tokens), 0) + coalesce(counted(tool_tokens), 0) as uncached_input_tokens,
    case when cached_tokens is not null then cache_read(counted(input_tokens), counted(cached_tokens)) end as cache_read_tokens,
    0 as cache_write_5m_tokens,
    0 as cache_write_1h_tokens,
    counted(output_tokens) + coalesce(counted(thought_tokens), 0) as output_tokens,
    counted(thought_tokens) as reasoning_tokens,
    counted(duration_ms) as duration_ms,
    'session' as granularity,
    counted(api_call_count) as api_call_count,
from used;
