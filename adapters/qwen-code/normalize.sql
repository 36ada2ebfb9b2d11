-- Staged records of Qwen Code sessions to the raw tables.
--
-- Reads staged_line, staged_part, staged_result and batch_sources. The rules and where they come from: README.md beside
-- this file.

-- Transcripts are told apart by (session, agent). A record that names none belongs to the first that its file names.
create or replace temp table defaults as
with firsts as (
    select
        source_no,
        arg_min(session_id, line_no) filter (where session_id is not null) as session_id,
        arg_min(agent_id, line_no) filter (where session_id is not null) as agent_id,
    from staged_line
    group by source_no
),

known as (
    select
        h.source_no,
        arg_min(s.native_session_id, h.line_no) as session_id,
        arg_min(s.native_agent_id, h.line_no) as agent_id,
    from raw.session_headers as h
    inner join raw.sessions as s using (session_no)
    where h.source_no in (select source_no from batch_sources)
    group by h.source_no
)

select
    b.source_no,
    coalesce(k.session_id, f.session_id, b.stem) as session_id,
    case when k.session_id is not null then k.agent_id else f.agent_id end as agent_id,
    b.context ->> 'model' as model,
    b.context ->> 'parentAgentId' as parent_agent_id,
from batch_sources as b
inner join firsts as f using (source_no)
left join known as k using (source_no);

create or replace temp table spoken_of as
select
    l.source_no,
    l.session_id,
    l.agent_id,
    coalesce(l.session_id, d.session_id) as native_session_id,
    case when l.session_id is null then d.agent_id else l.agent_id end as native_agent_id,
    min(l.line_no) as line_no,
    arg_min(l.line_no, l.line_no) filter (where l.version is not null) as stated_line_no,
    arg_min(l.forked_from_session_id, l.line_no) filter (where l.forked_from_session_id is not null) as forked_from_session_id,
    arg_min(l.parent_session_id, l.line_no)
        filter (where l.subtype = 'parent_session' and l.parent_session_id is not null) as started_by_session_id,
    any_value(d.model) as model,
    any_value(d.parent_agent_id) as parent_agent_id,
from staged_line as l
inner join defaults as d using (source_no)
group by all;

create or replace temp table named_sessions as
select native_session_id, native_agent_id from spoken_of
union
select native_session_id, null from spoken_of
union
select native_session_id, parent_agent_id from spoken_of where native_agent_id is not null and parent_agent_id is not null
union
select forked_from_session_id, null from spoken_of where forked_from_session_id is not null
union
select started_by_session_id, null from spoken_of where started_by_session_id is not null;

-- @include register_sessions

create or replace temp table transcripts as
select t.*, s.session_no, p.session_no as parent_session_no, f.session_no as forked_from_session_no,
from spoken_of as t
inner join known_sessions as s
    on s.native_session_id = t.native_session_id
    and s.native_agent_id is not distinct from t.native_agent_id
left join known_sessions as p
    on t.native_agent_id is not null
    and p.native_session_id = t.native_session_id
    and p.native_agent_id is not distinct from nullif(t.parent_agent_id, t.native_agent_id)
    or t.native_agent_id is null
    and p.native_session_id = t.started_by_session_id
    and p.native_session_id <> t.native_session_id
    and p.native_agent_id is null
left join known_sessions as f
    on f.native_session_id = t.forked_from_session_id
    and f.native_agent_id is null
    and f.native_session_id <> t.native_session_id;

create or replace temp table lines as
select
    l.* exclude (is_sidechain),
    t.session_no,
    t.native_agent_id is not null as is_subagent,
    coalesce(l.is_sidechain, false) as is_sidechain,
    l.forked_from_session_id is not null as is_fork,
    coalesce(l.model, case when t.native_agent_id is not null then t.model end) as model_raw,
    -- A copied record keeps its id: over all files it is one record.
    'qwen-code:' || coalesce(l.id, t.native_session_id || ':' || l.line_no) as record_id,
from staged_line as l
inner join transcripts as t
    on t.source_no = l.source_no
    and t.session_id is not distinct from l.session_id
    and t.agent_id is not distinct from l.agent_id;

insert into raw.session_headers by name
select
    t.source_no,
    t.line_no,
    t.session_no,
    case
        when t.native_agent_id is not null then 'subagent'
        when t.started_by_session_id is not null then 'subagent'
        when t.forked_from_session_id is not null then 'fork'
        else 'main'
    end as kind,
    t.parent_session_no,
    t.forked_from_session_no,
    l.cwd,
    l.git_branch,
    l.version as agent_version,
from transcripts as t
left join staged_line as l on l.source_no = t.source_no and l.line_no = t.stated_line_no and l.version is not null
qualify row_number() over (partition by t.source_no, t.session_no order by t.line_no, l.item_no) = 1;

insert into raw.events by name
with contents as (
    select
        source_no,
        line_no,
        item_no >> 16 as item_no,
        bool_or(call is not null) as has_call,
        bool_or(response is not null) as has_response,
        bool_or(text is not null and is_thought is distinct from true) as has_text,
        sum(text_bytes) filter (where is_thought is distinct from true)::bigint as text_bytes,
        sum(text_bytes) filter (where is_thought)::bigint as reasoning_bytes,
        arg_min(text, item_no) filter (where text is not null) as text,
    from staged_part
    group by all
)

select
    l.source_no,
    l.line_no,
    l.item_no,
    l.session_no,
    l.occurred_at,
    case
        when l.type = 'user' then case
            when c.has_response then 'tool_result'
            when l.is_subagent or l.is_sidechain then 'user_injected'
            when l.provenance is not null then case l.provenance when 'real_user' then 'user_prompt' else 'user_injected' end
            when l.subtype is not null then 'user_injected'
            when regexp_matches(coalesce(c.text, ''), '^\s*(?:<system-reminder>|<task-notification>|<state_snapshot>|System: )')
                then 'user_injected'
            else 'user_prompt'
        end
        when l.type = 'assistant' then case
            when c.has_call then 'tool_call'
            when not c.has_text and c.reasoning_bytes > 0 then 'reasoning'
            else 'assistant'
        end
        when l.type = 'tool_result' then 'tool_result'
        when l.type = 'system' then case
            when l.subtype = 'chat_compression' then 'compaction'
            when l.subtype = 'custom_title' then 'title'
            when l.subtype = 'rewind' then 'rollback'
            when l.subtype in ('slash_command', 'at_command') then 'system'
            else 'meta'
        end
        when l.type in ('info', 'warning', 'error') then 'system'
        when l.type is null and l.session_id is not null then 'meta'
        else 'unknown'
    end as event_type,
    l.uuid,
    l.is_fork,
    c.text_bytes,
    c.reasoning_bytes,
from lines as l
left join contents as c using (source_no, line_no, item_no);

-- Whether the output holds the reasoning depends on the provider; the total tells.
insert into raw.usage by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    'response' as form,
    record_id as response_id,
    is_fork,
    is_sidechain,
    model_raw,
    uncached(counted(prompt_tokens), counted(cached_tokens), 0) + coalesce(counted(tool_tokens), 0) as uncached_input_tokens,
    case when cached_tokens is not null then cache_read(counted(prompt_tokens), counted(cached_tokens)) end as cache_read_tokens,
    counted(candidate_tokens) + case
        when prompt_tokens + candidate_tokens = total_tokens then 0
        when prompt_tokens + candidate_tokens + thought_tokens <= total_tokens then counted(thought_tokens)
        else 0
    end as output_tokens,
    counted(thought_tokens) as reasoning_tokens,
from lines
where type = 'assistant' and (prompt_tokens is not null or candidate_tokens is not null);

create or replace temp table calls as
select
    p.source_no,
    p.line_no,
    p.item_no,
    l.session_no,
    l.occurred_at,
    l.record_id,
    l.is_fork,
    l.is_sidechain,
    l.prompt_tokens is not null as has_usage,
    p.call_id,
    -- An id is the provider's, and may come again in another session, or turn: the record is a part of it.
    l.record_id || ':' || p.call_id as tool_call_id,
    p.call_name,
    p.args_bytes,
    p.args_hash,
    p.command,
    p.is_background,
    coalesce(p.file_path, p.absolute_path, p.path) as file_path,
    p.written_count,
    p.old_count,
    p.new_count,
from staged_part as p
inner join lines as l on l.source_no = p.source_no and l.line_no = p.line_no and l.item_no = p.item_no >> 16
where p.call is not null and p.call_id is not null and l.type = 'assistant';

insert into raw.tool_uses by name
select
    c.source_no,
    c.line_no,
    c.item_no,
    c.session_no,
    c.occurred_at,
    c.tool_call_id,
    case when c.has_usage then c.record_id end as response_id,
    c.is_fork,
    c.is_sidechain,
    c.call_name as tool_name,
    case when c.call_name like 'mcp\_\_%' escape '\' then split_part(c.call_name, '__', 2) end as mcp_server,
    case
        when c.call_name like 'mcp\_\_%' escape '\' then 'mcp'
        else coalesce(k.category, 'other')
    end as tool_category,
    c.call_name in ('ask_user_question', 'exit_plan_mode') as is_question,
    c.args_bytes as input_bytes,
    c.args_hash as input_hash,
    c.file_path,
    case when c.call_name = 'write_file' then c.written_count when c.call_name in ('edit', 'replace') then c.new_count end
        as added_line_count,
    case when c.call_name in ('edit', 'replace') then c.old_count end as removed_line_count,
    coalesce(c.is_background, false) as is_background,
from calls as c
left join (
    values
        ('run_shell_command', 'shell'),
        ('read_file', 'read'), ('read_many_files', 'read'), ('notebook_read', 'read'),
        ('write_file', 'write'),
        ('edit', 'edit'), ('replace', 'edit'), ('notebook_edit', 'edit'),
        ('glob', 'search'), ('grep_search', 'search'), ('search_file_content', 'search'), ('list_directory', 'search'),
        ('tool_search', 'search'), ('lsp', 'search'),
        ('web_fetch', 'web'), ('web_search', 'web'),
        ('task', 'task'), ('agent', 'task'), ('task_stop', 'task'), ('send_message', 'task'), ('create_sub_session', 'task'),
        ('workflow', 'task'),
        ('todo_write', 'plan'), ('exit_plan_mode', 'plan'), ('enter_plan_mode', 'plan'), ('ask_user_question', 'plan')
) as k (name, category) on k.name = c.call_name;

insert into raw.tool_commands by name
select source_no, line_no, item_no, masked(command) as command,
from calls
where command is not null;

create or replace temp table results as
with answers as (
    select
        source_no,
        line_no,
        item_no,
        response_id,
        output_bytes,
        output_hash,
        output_preview,
        coalesce(output_tail, output_preview) as output_tail,
        failure_bytes,
        failure_hash,
        failure_preview,
    from staged_part
    where response is not null
),

stated as (
    select
        l.source_no,
        l.line_no,
        coalesce(a.item_no, l.item_no) as item_no,
        l.session_no,
        l.occurred_at,
        coalesce(a.response_id, l.result_call_id) as call_id,
        l.result_status,
        l.result_error_type,
        l.result_duration_ms,
        l.result_display,
        l.result_file_name,
        l.result_diff_added_count,
        l.result_diff_removed_count,
        l.result_original,
        l.is_result_diff_cut,
        l.result_added_line_count,
        l.result_removed_line_count,
        a.output_bytes,
        a.output_hash,
        a.output_preview,
        a.output_tail,
        a.failure_bytes,
        a.failure_hash,
        a.failure_preview,
    from lines as l
    left join answers as a on a.source_no = l.source_no and a.line_no = l.line_no and a.item_no >> 16 = l.item_no
    where l.type = 'tool_result' and (a.response_id is not null or l.result_call_id is not null)
    union all by name
    select r.* exclude (result_call_id), l.session_no, r.result_call_id as call_id,
    from staged_result as r
    inner join lines as l on l.source_no = r.source_no and l.line_no = r.line_no and l.item_no = r.item_no >> 16
    where r.result_call_id is not null
),

asked as (
    select source_no, line_no, call_id, tool_call_id, call_name as tool_name, file_path from calls
    union
    select source_no, line_no, regexp_replace(tool_call_id, '^qwen-code:[^:]*:', ''), tool_call_id, tool_name, file_path,
    from raw.tool_uses
    where source_no in (select source_no from batch_sources)
)

-- The call that a result answers is the last one of its id before it.
select s.*, u.tool_call_id, u.tool_name, u.file_path,
from stated as s
asof inner join asked as u
    on u.source_no = s.source_no and u.call_id = s.call_id and s.line_no >= u.line_no;

create or replace temp table endings as
select
    *,
    case
        when result_status = 'success' then 'ok'
        when result_status = 'error' then 'failed'
        when result_status = 'cancelled' then 'rejected'
        when result_status is not null then null
        when failure_bytes is not null then 'failed'
        when output_bytes is not null then 'ok'
    end as status,
    coalesce(failure_preview, output_preview, result_display) as failure_text,
from results;

insert into raw.tool_results by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    tool_call_id,
    1 as evidence,
    status,
    case when result_status is null then 'inferred' else 'flag' end as status_source,
    case
        when tool_name = 'run_shell_command'
            then try_cast(regexp_extract(output_tail, '(?:^|\n)Exit Code: (-?[0-9]+)', 1) as integer)
    end as exit_code,
    case
        when status = 'rejected' then 'rejected'
        when status <> 'failed' then null
        when regexp_matches(coalesce(result_error_type, failure_text), '(?i)timed?[ _]?out') then 'timeout'
        when regexp_matches(coalesce(result_error_type, failure_text), '(?i)no such file|does not exist|not[ _]found') then 'not_found'
        when regexp_matches(coalesce(result_error_type, failure_text), '(?i)permission|not allowed|denied|not_in_workspace') then 'permission'
        when regexp_matches(coalesce(result_error_type, failure_text), '(?i)invalid|params|not_registered') then 'invalid_call'
        else 'other'
    end as error_kind,
    counted(result_duration_ms) as duration_ms,
    coalesce(output_bytes, failure_bytes) as result_bytes,
    coalesce(output_hash, failure_hash) as result_hash,
from endings
where status is not null;

insert into raw.tool_errors by name
select source_no, line_no, item_no, masked(failure_text) as error_text,
from endings
where status = 'failed' and failure_text is not null;

-- A diff too long for the session is replaced by a note; the counts beside it are whole.
insert into raw.file_changes by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    tool_call_id,
    coalesce(file_path, result_file_name) as file_path,
    case
        when
            regexp_matches(output_preview, '^(?:Successfully created|Created) (?:and wrote to )?new file')
            or (result_original is null and not coalesce(is_result_diff_cut, false) and result_diff_removed_count = 0)
            then 'create'
        else 'edit'
    end as operation,
    case when is_result_diff_cut then counted(result_added_line_count) else result_diff_added_count end as added_line_count,
    case when is_result_diff_cut then counted(result_removed_line_count) else result_diff_removed_count end as removed_line_count,
    'diff' as evidence,
from endings
where status = 'ok' and result_diff_added_count is not null and coalesce(file_path, result_file_name) is not null;

-- Requests that failed, as the telemetry mirrored in the session tells. Its other events only repeat records.
insert into raw.api_errors by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    uuid,
    api_error_kind(
        telemetry_status_code, concat_ws(' ', telemetry_error_type, telemetry_error_message, telemetry_error)
    ) as error_kind,
    telemetry_status_code as http_status,
    telemetry_error_type as code,
    false as is_final,
from lines
where
    subtype = 'ui_telemetry'
    and telemetry_function is null
    and telemetry_input_tokens is null
    and telemetry_model is not null
    and coalesce(telemetry_error, telemetry_error_message, telemetry_error_type) is not null;

insert into raw.compactions by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    uuid,
    'unknown' as trigger,
    counted(before_tokens) as before_tokens,
    counted(after_tokens) as after_tokens,
from lines
where subtype = 'chat_compression';
