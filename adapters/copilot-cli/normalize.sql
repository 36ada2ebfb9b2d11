-- Staged events of Copilot sessions, and rows of its session store, to the raw tables.
--
-- Reads staged_line, staged_request, staged_metric and batch_sources. The rules and where they come from: README.md beside
-- this file.

-- A file of events is one session: its first session.start names it, else its folder or its own name.
create or replace temp table transcripts as
select
    b.source_no,
    coalesce(
        known.native_session_id,
        s.session_id,
        nullif(regexp_extract(b.path, '([^/\\]+)[/\\]events\.jsonl(?:\.zst)?$', 1), ''),
        b.stem
    ) as session_id,
    b.context ->> 'cwd' as cwd,
    b.context ->> 'branch' as git_branch,
    b.context ->> 'repository' as repository,
    b.context ->> 'client_name' as client_name,
from batch_sources as b
left join (
    select source_no, arg_min(session_id, line_no) as session_id,
    from staged_line
    where type = 'session.start' and session_id is not null
    group by source_no
) as s using (source_no)
left join (
    select h.source_no, any_value(s.native_session_id) as native_session_id,
    from raw.session_headers as h
    inner join raw.sessions as s using (session_no)
    where h.source_no in (select source_no from batch_sources)
    group by h.source_no
) as known using (source_no)
where b.form = 'jsonl' and b.source_no in (select source_no from staged_line);

-- A subagent's events stand among those of its session, marked with its id or, in older versions, the call that started it.
create or replace temp view lines as
select
    l.* exclude (session_id, mcp_server),
    l.mcp_server,
    coalesce(t.session_id, l.session_id) as session_id,
    case
        when t.session_id is null then l.agent_id
        else coalesce(l.agent_id, case when l.type in ('assistant.message', 'tool.execution_start', 'tool.execution_complete') then l.parent_tool_call_id end)
    end as agent_key,
    t.session_id is null as is_stored,
from staged_line as l
left join transcripts as t using (source_no);

create or replace temp table named_sessions as
select session_id as native_session_id, null::varchar as native_agent_id,
from lines
union
select session_id, agent_key,
from lines
where agent_key is not null and not is_stored and is_ephemeral is distinct from true
union
select parent_id, null
from lines
where type = 'session.start' and parent_id is not null;

-- @include register_sessions

create or replace temp view numbered as
select l.*, m.session_no as main_session_no, coalesce(a.session_no, m.session_no) as session_no,
from lines as l
inner join known_sessions as m on m.native_session_id = l.session_id and m.native_agent_id is null
left join known_sessions as a on a.native_session_id = l.session_id and a.native_agent_id = l.agent_key and not l.is_stored;

insert into raw.session_headers by name
with starts as (
    select
        source_no,
        session_no,
        min(line_no) as line_no,
        any_value(main_session_no) as main_session_no,
        any_value(is_stored) as is_stored,
        arg_min(parent_id, line_no) filter (where type = 'session.start') as parent_id,
        arg_min(cwd, line_no) filter (where cwd is not null) as cwd,
        arg_min(git_branch, line_no) filter (where git_branch is not null) as git_branch,
        arg_min(concat_ws('/', repository_host, repository), line_no) filter (where repository is not null) as git_remote,
        arg_min(agent_version, line_no) filter (where agent_version is not null) as agent_version,
        arg_min(producer, line_no) filter (where producer is not null) as producer,
    from numbered
    where is_ephemeral is distinct from true
    group by source_no, session_no
)

select
    s.source_no,
    s.line_no,
    s.session_no,
    case when s.session_no <> s.main_session_no or p.session_no is not null then 'subagent' else 'main' end as kind,
    coalesce(nullif(s.main_session_no, s.session_no), p.session_no) as parent_session_no,
    false as is_replaying,
    coalesce(s.cwd, t.cwd) as cwd,
    coalesce(s.git_branch, t.git_branch) as git_branch,
    masked(coalesce(s.git_remote, t.repository)) as git_remote,
    s.agent_version,
    coalesce(t.client_name, s.producer) as entrypoint,
    'github-copilot' as provider,
from starts as s
left join transcripts as t using (source_no)
left join known_sessions as p on p.native_session_id = s.parent_id and p.native_agent_id is null;

-- The model in force, as far as a line names one.
insert into raw.turn_contexts by name
with named as (
    select
        source_no,
        line_no,
        main_session_no as session_no,
        occurred_at,
        case type
            when 'session.start' then selected_model
            when 'session.resume' then selected_model
            when 'session.model_change' then new_model
            when 'session.shutdown' then current_model
            when 'assistant.message' then model
        end as model_raw,
    from numbered
    where not is_stored and agent_key is null
)

select *
from named
where model_raw <> 'auto'
qualify model_raw is distinct from lag(model_raw) over (partition by source_no order by line_no);

insert into raw.events by name
select
    l.source_no,
    l.line_no,
    l.item_no,
    l.session_no,
    l.occurred_at,
    case
        when l.type = 'user.message' then
            case when l.agent_key is null and coalesce(l.source, 'user') = 'user' then 'user_prompt' else 'user_injected' end
        when l.type = 'assistant.message' then 'assistant'
        when l.type = 'assistant.reasoning' then 'reasoning'
        when l.type = 'assistant.turn_start' then 'turn_start'
        when l.type = 'tool.execution_start' then 'tool_call'
        when l.type = 'tool.execution_complete' then 'tool_result'
        when l.type in ('system.notification', 'skill.invoked') then 'user_injected'
        when l.type in ('system.message', 'abort', 'session.truncation') then 'system'
        when l.type like 'subagent.%' then 'system'
        when l.type = 'session.compaction_complete' then case when l.is_success is distinct from false then 'compaction' else 'system' end
        when l.type = 'session.error' and coalesce(l.error_type, '') not like 'tool%' then 'api_error'
        when l.type = 'session.title_changed' then 'title'
        when l.type = 'session.snapshot_rewind' then 'rollback'
        when l.type like 'hook.%' or l.type = 'session.compaction_start' then 'progress'
        when l.type like 'session.%' or l.type like 'permission.%' or l.type in ('assistant.turn_end', 'assistant.usage') then 'meta'
        else 'unknown'
    end::raw.event_type as event_type,
    -- A copied file repeats its events' own ids; ids of another form are not unique over sessions.
    case
        when regexp_full_match(l.id, '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}') then l.id::uuid
        when l.id is not null then md5('copilot-cli:' || l.session_id || ':' || l.id)::uuid
    end as uuid,
    false as is_fork,
    l.text_bytes,
    l.reasoning_bytes,
from numbered as l
where not l.is_stored and l.is_ephemeral is distinct from true;

-- Totals of a session by model, as they stood when it was shut down; they go on over resumes.
-- @only-with staged_metric
insert into raw.usage_counters by name
select
    m.source_no,
    m.line_no,
    l.main_session_no as session_no,
    l.occurred_at,
    uncached(counted(m.input_tokens), counted(m.cache_read_tokens), counted(m.cache_write_tokens)) as total_uncached_input_tokens,
    case when m.cache_read_tokens is not null then cache_read(counted(m.input_tokens), counted(m.cache_read_tokens)) end as total_cache_read_tokens,
    counted(m.cache_write_tokens) as total_cache_write_tokens,
    counted(m.output_tokens) as total_output_tokens,
    counted(m.reasoning_tokens) as total_reasoning_tokens,
    false as has_last,
    m.model as model_raw,
    'session'::raw.granularity as granularity,
    counted(m.request_count) as total_api_call_count,
    2 as account,
from staged_metric as m
inner join numbered as l on l.source_no = m.source_no and l.line_no = m.line_no and l.item_no = m.item_no >> 16
where l.type = 'session.shutdown';

-- What messages say: output alone. Several parts of one answer repeat it under one id.
create or replace temp table stated as
select
    l.source_no,
    l.line_no,
    l.item_no,
    l.main_session_no as session_no,
    l.occurred_at,
    'copilot-cli:' || l.session_id || ':message:' || coalesce(l.api_call_id, l.message_id, l.id, 'line-' || l.line_no) as response_id,
    l.model,
    null::bigint as input_tokens,
    null::bigint as cache_read_tokens,
    null::bigint as cache_write_tokens,
    l.output_tokens,
    l.reasoning_tokens,
    null::decimal(18, 9) as duration,
    null::decimal(18, 9) as first_token,
    -- An answer is logged when it is complete. These are the words of the session store for the same two cases.
    case when r.source_no is not null then 'tool_calls' else 'stop' end as stop_reason,
    null::varchar as purpose,
    l.agent_key is not null as is_sidechain,
    1 as account,
from numbered as l
left join (select distinct source_no, line_no, item_no >> 16 as item_no from staged_request) as r using (source_no, line_no, item_no)
where l.type = 'assistant.message' and l.output_tokens is not null and l.is_ephemeral is distinct from true
union all
select
    source_no,
    line_no,
    item_no,
    main_session_no,
    occurred_at,
    'copilot-cli:' || session_id || ':compaction:' || coalesce(id, 'line-' || line_no),
    compaction_model,
    coalesce(compaction_input_tokens, compaction_old_input_tokens),
    coalesce(compaction_cache_read_tokens, compaction_old_cache_read_tokens),
    compaction_cache_write_tokens,
    coalesce(compaction_output_tokens, compaction_old_output_tokens),
    compaction_reasoning_tokens,
    compaction_duration,
    null,
    null,
    'compaction',
    agent_key is not null,
    1,
from numbered
where
    type = 'session.compaction_complete'
    and coalesce(compaction_input_tokens, compaction_old_input_tokens, compaction_output_tokens, compaction_old_output_tokens) is not null
union all
select
    source_no,
    line_no,
    item_no,
    main_session_no,
    occurred_at,
    'copilot-cli:' || session_id || case when is_stored then ':store:' || id else ':usage:' || coalesce(api_call_id, id, 'line-' || line_no) end,
    model,
    input_tokens,
    cache_read_tokens,
    cache_write_tokens,
    output_tokens,
    reasoning_tokens,
    duration,
    first_token,
    finish_reason,
    case when initiator = 'compaction' then 'compaction' end,
    agent_id is not null,
    case when is_stored then 4 else 3 end,
from numbered
where type in ('assistant.usage', 'store.usage') and (input_tokens is not null or output_tokens is not null);

insert into raw.usage by name
select
    s.source_no,
    s.line_no,
    s.item_no,
    s.session_no,
    s.occurred_at,
    case when s.account = 1 and s.purpose is null then 'response' else 'record' end::raw.usage_form as form,
    s.response_id,
    false as is_fork,
    s.is_sidechain,
    coalesce(s.model, m.model_raw) as model_raw,
    uncached(counted(s.input_tokens), counted(s.cache_read_tokens), counted(s.cache_write_tokens)) as uncached_input_tokens,
    case when s.cache_read_tokens is not null then cache_read(counted(s.input_tokens), counted(s.cache_read_tokens)) end as cache_read_tokens,
    counted(s.cache_write_tokens) as cache_write_5m_tokens,
    case when s.cache_write_tokens is not null then 0 end as cache_write_1h_tokens,
    counted(s.output_tokens) as output_tokens,
    counted(s.reasoning_tokens) as reasoning_tokens,
    s.stop_reason,
    counted(round(s.duration)::bigint) as duration_ms,
    s.purpose,
    counted(round(s.first_token)::bigint) as first_token_ms,
    s.account,
from stated as s
asof left join raw.turn_contexts as m on m.source_no = s.source_no and s.line_no >= m.line_no;

-- Before the first line that names a model it is the one that that line names.
update raw.usage
set model_raw = name_without_secrets(f.model_raw)
from (
    select source_no, arg_min(model_raw, line_no) as model_raw,
    from raw.turn_contexts
    where source_no in (select source_no from transcripts)
    group by source_no
) as f
where f.source_no = raw.usage.source_no and raw.usage.model_raw is null;

-- What was asked for and answered after the last totals is in none of them: until the next ones it stands beside them.
create or replace temp table after_totals as
with totals as (
    select source_no, max(line_no) as line_no,
    from raw.usage_counters
    where
        source_no in (select source_no from transcripts)
        and coalesce(total_uncached_input_tokens, 0) + coalesce(total_cache_read_tokens, 0) + coalesce(total_output_tokens, 0) > 0
    group by source_no
)

select e.source_no, min(e.line_no) as line_no,
from raw.events as e
inner join totals as t on t.source_no = e.source_no and e.line_no > t.line_no
where e.event_type = 'user_prompt'
group by e.source_no;

update raw.usage
set account = 1
where account = 2 and source_no in (select source_no from transcripts);

update raw.usage
set account = 2
from after_totals as a
where a.source_no = raw.usage.source_no and raw.usage.line_no >= a.line_no and raw.usage.account = 1;

-- A call is asked for by a message, and started by an event of its own.
create or replace temp table calls as
select
    r.source_no,
    r.line_no,
    r.item_no,
    l.session_no,
    l.session_id,
    l.agent_key,
    l.occurred_at,
    false as is_start,
    'copilot-cli:' || l.session_id || ':message:' || coalesce(l.api_call_id, l.message_id, l.id, 'line-' || l.line_no) as response_id,
    r.tool_call_id,
    r.tool_name,
    r.mcp_server,
    r.arguments_bytes,
    r.arguments_hash,
    r.command,
    coalesce(r.path, r.file_path, r.file) as path,
    r.old_count,
    r.new_count,
    r.content_count,
    coalesce(r.patch, r.patch_input) as patch,
    coalesce(r.patch_added_count, r.patch_input_added_count) as patch_added_count,
    coalesce(r.patch_removed_count, r.patch_input_removed_count) as patch_removed_count,
from staged_request as r
inner join numbered as l on l.source_no = r.source_no and l.line_no = r.line_no and l.item_no = r.item_no >> 16
where l.type = 'assistant.message' and r.tool_call_id is not null and l.is_ephemeral is distinct from true
union all
select
    source_no,
    line_no,
    item_no,
    session_no,
    session_id,
    agent_key,
    occurred_at,
    true,
    -- Of a call that no message asked for, none: not the next one in the file.
    'copilot-cli:' || session_id || ':message:none',
    tool_call_id,
    tool_name,
    mcp_server,
    arguments_bytes,
    arguments_hash,
    command,
    coalesce(path, file_path, file),
    old_count,
    new_count,
    content_count,
    coalesce(patch, patch_input),
    coalesce(patch_added_count, patch_input_added_count),
    coalesce(patch_removed_count, patch_input_removed_count),
from numbered
where type = 'tool.execution_start' and tool_call_id is not null and is_ephemeral is distinct from true;

insert into raw.tool_uses by name
with patches as (
    select
        source_no,
        line_no,
        item_no,
        regexp_extract_all(patch, '(?m)^\*\*\* (?:Add|Update|Delete) File: (.+?)\s*$', 1) as paths,
    from calls
    where patch is not null
)

select
    c.source_no,
    c.line_no,
    c.item_no,
    c.session_no,
    c.occurred_at,
    'copilot-cli:' || c.session_id || ':' || c.tool_call_id as tool_call_id,
    c.response_id,
    false as is_fork,
    c.agent_key is not null as is_sidechain,
    c.tool_name,
    c.mcp_server,
    case when c.mcp_server is not null then 'mcp' else coalesce(k.category, 'other') end as tool_category,
    c.mcp_server is null and c.tool_name in ('ask_user', 'exit_plan_mode') as is_question,
    c.arguments_bytes as input_bytes,
    c.arguments_hash as input_hash,
    coalesce(c.path, p.paths[1]) as file_path,
    case
        when c.new_count is not null then c.new_count
        when c.content_count is not null then c.content_count
        when len(p.paths) = 1 then c.patch_added_count
    end as added_line_count,
    case
        when c.new_count is not null then coalesce(c.old_count, 0)
        when c.content_count is not null then 0
        when len(p.paths) = 1 then c.patch_removed_count
    end as removed_line_count,
from calls as c
left join patches as p using (source_no, line_no, item_no)
left join (
    values
        ('bash', 'shell'), ('read_bash', 'shell'), ('write_bash', 'shell'), ('stop_bash', 'shell'), ('list_bash', 'shell'),
        ('powershell', 'shell'), ('read_powershell', 'shell'), ('write_powershell', 'shell'), ('stop_powershell', 'shell'),
        ('list_powershell', 'shell'), ('local_shell', 'shell'),
        ('view', 'read'), ('show_file', 'read'),
        ('create', 'write'),
        ('edit', 'edit'), ('apply_patch', 'edit'), ('str_replace_editor', 'edit'), ('str_replace', 'edit'), ('insert', 'edit'),
        ('grep', 'search'), ('rg', 'search'), ('glob', 'search'), ('tool_search_tool', 'search'), ('lsp', 'search'), ('session_store_sql', 'search'),
        ('web_fetch', 'web'), ('web_search', 'web'), ('fetch_copilot_cli_documentation', 'web'),
        ('task', 'task'), ('read_agent', 'task'), ('write_agent', 'task'), ('list_agents', 'task'), ('search_code_subagent', 'task'),
        ('update_todo', 'plan'), ('ask_user', 'plan'), ('exit_plan_mode', 'plan'), ('report_intent', 'plan'), ('task_complete', 'plan')
) as k (name, category) on k.name = c.tool_name;

insert into raw.tool_commands by name
select source_no, line_no, item_no, masked(command) as command,
from calls
where command is not null;

-- The start says when; what the message that asked for it says besides is kept there.
create or replace temp table restated as
select
    s.source_no,
    s.line_no,
    s.tool_call_id,
    a.line_no as asked_line_no,
    a.item_no as asked_item_no,
    a.response_id,
from (
    select distinct source_no, line_no, 'copilot-cli:' || session_id || ':' || tool_call_id as tool_call_id,
    from calls
    where is_start
) as s
inner join raw.tool_uses as a
    on a.source_no = s.source_no
    and a.tool_call_id = s.tool_call_id
    and a.line_no < s.line_no
inner join raw.events as e on e.source_no = a.source_no and e.line_no = a.line_no and e.event_type = 'assistant';

update raw.tool_uses
set response_id = r.response_id
from restated as r
where r.source_no = raw.tool_uses.source_no and r.line_no = raw.tool_uses.line_no and r.tool_call_id = raw.tool_uses.tool_call_id;

delete from raw.tool_commands
using restated as r
where
    r.source_no = raw.tool_commands.source_no
    and r.asked_line_no = raw.tool_commands.line_no
    and r.asked_item_no = raw.tool_commands.item_no;

delete from raw.tool_uses
using restated as r
where
    r.source_no = raw.tool_uses.source_no
    and r.asked_line_no = raw.tool_uses.line_no
    and r.asked_item_no = raw.tool_uses.item_no;

create or replace temp table endings as
with uses as (
    select
        tool_call_id,
        arg_min(tool_name, line_no) as tool_name,
        arg_min(tool_category, line_no) as tool_category,
        arg_min(file_path, line_no) as file_path,
        arg_min(added_line_count, line_no) as added_line_count,
        arg_min(removed_line_count, line_no) as removed_line_count,
    from raw.tool_uses
    where source_no in (select source_no from transcripts)
    group by tool_call_id
),

results as (
    select
        l.*,
        'copilot-cli:' || l.session_id || ':' || l.tool_call_id as call_id,
        u.tool_name as used_name,
        u.tool_category,
        u.file_path as used_path,
        coalesce(l.change_added_count, u.added_line_count) as added_line_count,
        coalesce(l.change_removed_count, u.removed_line_count) as removed_line_count,
        coalesce(l.result_content_bytes, l.failure_bytes, l.result_bytes) as output_bytes,
        coalesce(l.result_content_hash, l.failure_hash, l.result_hash) as output_hash,
        coalesce(l.failure_preview, l.result_content_preview) as words,
        coalesce(
            l.exit_code,
            l.measured_exit_code,
            case
                when u.tool_category = 'shell' then
                    try_cast(regexp_extract(coalesce(l.result_content_tail, l.result_content_preview), '<(?:shellId: \S+ completed|exited) with exit code (-?[0-9]+)>\s*$', 1) as integer)
            end
        ) as code,
    from numbered as l
    left join uses as u on u.tool_call_id = 'copilot-cli:' || l.session_id || ':' || l.tool_call_id
    where l.type = 'tool.execution_complete' and l.tool_call_id is not null and l.is_ephemeral is distinct from true
)

select
    *,
    case
        when regexp_matches(failure_code, '(?i)denied|reject') then 'rejected'
        when regexp_matches(failure_code, '(?i)abort|cancel|interrupt') then 'interrupted'
        when is_success is distinct from true then 'failed'
        when code <> 0 then 'failed'
        else 'ok'
    end as status,
    case when is_success and code <> 0 then 'exit_code' else 'flag' end as status_source,
from results
where is_success is not null or failure_bytes is not null;

insert into raw.tool_results by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    call_id as tool_call_id,
    1 as evidence,
    status::raw.tool_status as status,
    status_source::raw.status_source as status_source,
    code as exit_code,
    case
        when status = 'ok' then null
        when status in ('rejected', 'interrupted') then status
        when code is not null then 'exit_code'
        when regexp_matches(words, '(?i)timed? ?out') then 'timeout'
        when regexp_matches(words, '(?i)no such file|does not exist|not found|no match') then 'not_found'
        when regexp_matches(words, '(?i)permission|not allowed|denied') then 'permission'
        when regexp_matches(words, '(?i)invalid|missing required') then 'invalid_call'
        else 'other'
    end as error_kind,
    output_bytes as result_bytes,
    output_hash as result_hash,
from endings;

insert into raw.tool_errors by name
select source_no, line_no, item_no, masked(words[:200]) as error_text,
from endings
where status <> 'ok' and words <> '';

-- The patch that an edit made stands beside its result, a patch of several files as one.
insert into raw.file_changes by name
with changes as (
    select
        *,
        regexp_extract_all(change_preview, '(?m)^diff --git a/(?:.+?) b/(.+?)$', 1) as paths,
    from endings
    where status = 'ok' and tool_category in ('edit', 'write')
),

named as (
    select
        *,
        coalesce(len(paths), 0) > 1 as is_many,
        unnest(case when len(paths) > 1 then paths else [coalesce(used_path, paths[1])] end) as changed_path,
    from changes
)

select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    call_id as tool_call_id,
    changed_path as file_path,
    case
        when is_many then 'edit'
        when regexp_matches(change_preview, '(?m)^deleted file mode ') then 'delete'
        when regexp_matches(change_preview, '(?m)^(?:create|new) file mode ') or used_name = 'create' then 'create'
        else 'edit'
    end as operation,
    case when not is_many then added_line_count end as added_line_count,
    case when not is_many then removed_line_count end as removed_line_count,
    case when change_bytes is not null then 'diff' else 'args' end as evidence,
from named
where changed_path is not null;

insert into raw.api_errors by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    api_error_kind(status_code, concat_ws(' ', error_type, error_code)) as error_kind,
    status_code as http_status,
    coalesce(error_code, error_type) as code,
    true as is_final,
from numbered
where
    is_ephemeral is distinct from true
    and (
        (type = 'session.error' and coalesce(error_type, '') not like 'tool%')
        or (type = 'session.compaction_complete' and not is_success and status_code is not null)
    );

insert into raw.compactions by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    case when trigger is null then 'unknown' when trigger = 'manual' then 'manual' else 'auto' end as trigger,
    counted(before_tokens) as before_tokens,
    counted(after_tokens) as after_tokens,
    counted(round(compaction_duration)::bigint) as duration_ms,
from numbered
where type = 'session.compaction_complete' and is_success is distinct from false and is_ephemeral is distinct from true;
