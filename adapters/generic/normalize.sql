-- What generic imports say to the raw tables.
--
-- Reads staged_event, staged_usage, staged_tool, staged_result, staged_error and batch_sources. The rules and where they come
-- from: README.md beside this file.

create or replace temp table spoken_of as
select source_no, session, min(line_no) as line_no,
from (
    select source_no, session, line_no from staged_event
    union all
    select source_no, session, line_no from staged_usage
    union all
    select source_no, session, line_no from staged_tool
)
where session is not null
group by all;

create or replace temp table named_sessions as
select distinct session as native_session_id, null::varchar as native_agent_id,
from spoken_of;

-- @include register_sessions

create or replace temp table speakers as
select native_session_id as session, session_no,
from known_sessions
semi join spoken_of on spoken_of.session = known_sessions.native_session_id;

insert into raw.session_headers by name
select source_no, line_no, session_no, 'main' as kind,
from spoken_of
inner join speakers using (session);

-- A line may hold many spans: its item 0, which would stand for all of it, is none of theirs.
create or replace temp table told as
select
    * replace (item_no + case when key is null then 0 else 1 end as item_no),
    case when type = 'api_error' then row_number() over (partition by source_no, line_no, type order by item_no) end as error_number,
from staged_event;

insert into raw.events by name
select
    e.source_no,
    e.line_no,
    e.item_no,
    s.session_no,
    e.occurred_at,
    e.type::raw.event_type as event_type,
    case when e.key is not null then md5('generic:' || e.key)::uuid end as uuid,
    false as is_fork,
    e.text_bytes,
    e.reasoning_bytes,
from told as e
inner join speakers as s using (session);

-- @only-with staged_usage
insert into raw.usage by name
select
    u.source_no,
    u.line_no,
    u.item_no,
    s.session_no,
    u.occurred_at,
    -- Without a reason to stop a response counts as broken off; where forms leave it out, that says nothing.
    (case when u.is_partial or u.stop_reason is not null then 'response' else 'record' end)::raw.usage_form as form,
    'generic:' || u.id as response_id,
    'generic:' || u.alias as alias,
    false as is_fork,
    false as is_sidechain,
    u.provider,
    u.model as model_raw,
    case
        when u.is_inclusive then uncached(counted(u.input_tokens), counted(u.cached_tokens), counted(u.written_tokens))
        else counted(u.input_tokens)
    end as uncached_input_tokens,
    case
        when u.cached_tokens is null then null
        when u.is_inclusive then cache_read(counted(u.input_tokens), counted(u.cached_tokens))
        else counted(u.cached_tokens)
    end as cache_read_tokens,
    counted(u.written_tokens) as cache_write_5m_tokens,
    case when u.written_tokens is not null then coalesce(counted(u.written_hour_tokens), 0) end as cache_write_1h_tokens,
    counted(u.output_tokens) as output_tokens,
    counted(u.reasoning_tokens) as reasoning_tokens,
    u.service_tier,
    u.stop_reason,
    nullif(u.cost_usd, 0) as reported_cost_usd,
    u.duration_ms,
    coalesce(u.granularity, 'call')::raw.granularity as granularity,
    case when u.granularity is null then 1 end as api_call_count,
from staged_usage as u
inner join speakers as s using (session);

-- @only-with staged_tool
insert into raw.tool_uses by name
with categories(tool_name, category) as (
    values
    ('bash', 'shell'), ('shell', 'shell'), ('terminal', 'shell'), ('exec', 'shell'), ('exec_command', 'shell'),
    ('execute_command', 'shell'), ('run_command', 'shell'), ('run_shell_command', 'shell'), ('local_shell', 'shell'),
    ('read', 'read'), ('read_file', 'read'), ('view', 'read'), ('view_file', 'read'), ('open_file', 'read'), ('cat', 'read'),
    ('write', 'write'), ('write_file', 'write'), ('create_file', 'write'), ('write_to_file', 'write'),
    ('edit', 'edit'), ('edit_file', 'edit'), ('apply_patch', 'edit'), ('replace', 'edit'), ('str_replace', 'edit'),
    ('str_replace_editor', 'edit'), ('str_replace_based_edit_tool', 'edit'), ('text_editor', 'edit'),
    ('search', 'search'), ('grep', 'search'), ('rg', 'search'), ('glob', 'search'), ('find', 'search'), ('ls', 'search'),
    ('list_dir', 'search'), ('list_files', 'search'), ('list_directory', 'search'), ('search_files', 'search'), ('file_search', 'search'),
    ('web_search', 'web'), ('web_fetch', 'web'), ('fetch', 'web'), ('browser', 'web'), ('google_search', 'web'),
    ('task', 'task'), ('agent', 'task'), ('spawn_agent', 'task'), ('subagent', 'task'),
    ('todo_write', 'plan'), ('todowrite', 'plan'), ('update_plan', 'plan'), ('plan', 'plan')
)

select
    t.source_no,
    t.line_no,
    t.item_no,
    s.session_no,
    t.occurred_at,
    'generic:' || t.id as tool_call_id,
    -- A call accounted for by a record of its own is found by its line.
    case when u.id is null or u.stop_reason is not null or u.is_partial then 'generic:' || t.response end as response_id,
    false as is_fork,
    false as is_sidechain,
    t.name as tool_name,
    case when t.name like 'mcp\_\_%\_\_%' escape '\' then split_part(t.name, '__', 2) end as mcp_server,
    case when t.name like 'mcp\_\_%' escape '\' then 'mcp' else coalesce(c.category, 'other') end as tool_category,
    lower(t.name) in ('ask_user', 'ask_user_question', 'askuserquestion', 'ask_followup_question', 'request_user_input', 'exit_plan_mode', 'exitplanmode') as is_question,
    t.input_bytes,
    t.input_hash,
    t.file_path,
from staged_tool as t
inner join speakers as s using (session)
left join categories as c on c.tool_name = lower(t.name)
left join staged_usage as u on u.source_no = t.source_no and u.line_no = t.line_no and u.id = t.response
qualify row_number() over (partition by t.source_no, t.line_no, t.item_no order by u.item_no) = 1;

-- @only-with staged_tool
insert into raw.tool_commands by name
select source_no, line_no, item_no, masked(command) as command,
from staged_tool
where command is not null;

-- @only-with staged_result
insert into raw.tool_results by name
select
    r.source_no,
    r.line_no,
    r.item_no,
    k.session_no,
    r.occurred_at,
    'generic:' || r.id as tool_call_id,
    1 as evidence,
    r.status::raw.tool_status as status,
    r.status_source::raw.status_source as status_source,
    case when r.status = 'failed' then coalesce(r.kind, case when regexp_matches(r.error, '(?i)timed? ?out') then 'timeout' else 'other' end) end as error_kind,
    r.duration_ms,
    r.output_bytes as result_bytes,
    r.output_hash as result_hash,
from staged_result as r
inner join known_sessions as k on k.native_session_id = r.session;

-- @only-with staged_result
insert into raw.tool_errors by name
select source_no, line_no, item_no, masked(unwrapped(error)) as error_text,
from staged_result
where status = 'failed' and error <> '';

-- @only-with staged_error
insert into raw.api_errors by name
with numbered as (
    select *, row_number() over (partition by source_no, line_no order by item_no) as error_number,
    from staged_error
)

select
    e.source_no,
    e.line_no,
    t.item_no,
    s.session_no,
    e.occurred_at,
    md5('generic:' || e.key)::uuid as uuid,
    api_error_kind(e.http_status, coalesce(e.code, '')) as error_kind,
    e.http_status,
    e.code,
    true as is_final,
from numbered as e
-- Each is an event as well.
inner join told as t using (source_no, line_no, error_number)
inner join speakers as s on s.session = e.session;
