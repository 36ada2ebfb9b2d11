-- Staged records of Cursor's state databases, of agent transcripts and of usage exports to the raw tables.
--
-- Reads staged_line, staged_block, staged_workspace and batch_sources. The rules and where they come from: README.md beside
-- this file.

-- The path of a file URI, of this machine or a remote one. Windows' drives lose the slash before them.
create or replace temp macro uri_path(uri) as regexp_replace(
    url_decode(regexp_replace(uri, '^[a-z-]+://[^/]*', '')),
    '^/([A-Za-z]:)',
    '\1'
);

-- Which conversation a record is of: what the reader of a database says, or what the file of a transcript is called.
create or replace temp table transcripts as
select
    source_no,
    form,
    regexp_extract(path, '([^\\/]+?)(?:\.jsonl|\.txt)?(?:\.zst)?$', 1) as session_id,
    nullif(regexp_extract(path, '[\\/]agent-transcripts[\\/]([^\\/]+)[\\/]subagents[\\/][^\\/]+$', 1), '') as parent_id,
    context ->> 'cwd' as cwd,
    try_cast(context ->> 'modified_at' as timestamptz) as modified_at,
from batch_sources
where form in ('transcript', 'text');

create or replace temp table conversations as
with places as (
    select source_no, line_no >> 15 as conversation_no, arg_min(uri, line_no) filter (where uri <> '') as uri,
    from staged_workspace
    group by all
),

folders as (
    select
        source_no,
        line_no >> 15 as conversation_no,
        arg_min(project_dir, line_no) as project_dir,
    from staged_line
    where kind in ('composer', 'bubble')
    group by all
)

select
    l.source_no,
    l.line_no,
    l.state,
    l.composer as session_id,
    l.bubble_count,
    case when l.created_at > timestamptz '2020-01-01' then l.created_at end as created_at,
    case when l.updated_at > timestamptz '2020-01-01' then l.updated_at end as updated_at,
    nullif(l.parent_id, l.composer) as parent_id,
    nullif(l.created_from_id, l.composer) as created_from_id,
    l.git_branch,
    nullif(l.config_model, 'default') as config_model,
    coalesce(
        uri_path(b.context ->> 'folder'),
        l.workspace_path,
        uri_path(l.workspace_uri),
        f.project_dir,
        uri_path(p.uri)
    ) as cwd,
    l.parent_id is not null or starts_with(l.composer, 'task-') as is_subagent,
    case when l.bubble_count = 0 then 0 when l.state = 'keys' then 5 when l.state = 'export' then 4 else 3 end as rank,
    -- One database may list a conversation and keep it in keys of its own.
    max(rank) over (partition by l.source_no, l.composer) as source_rank,
from staged_line as l
inner join batch_sources as b using (source_no)
left join places as p on p.source_no = l.source_no and p.conversation_no = l.line_no >> 15
left join folders as f on f.source_no = l.source_no and f.conversation_no = l.line_no >> 15
where l.kind = 'composer';

-- Whose call began a task: conversations called task-<call> often say nothing else of their parent.
create or replace temp table task_parents as
with tasks as (
    select distinct session_id, session_id[6:] as call_id,
    from conversations
    where parent_id is null and starts_with(session_id, 'task-')
),

calls as (
    select composer as parent_id, tool_call_id as call_id
    from staged_line
    where tool_call_id is not null and kind = 'bubble'
    union
    select s.native_session_id, u.tool_call_id[length('cursor:' || s.native_session_id || ':') + 1:]
    from raw.tool_uses as u
    inner join raw.sessions as s using (session_no)
    where s.agent = 'cursor' and exists (from tasks)
)

select t.session_id, min(c.parent_id) as parent_id,
from tasks as t
inner join calls as c using (call_id)
where c.parent_id <> t.session_id
group by t.session_id;

create or replace temp table named_sessions as
select session_id as native_session_id, null::varchar as native_agent_id from conversations
union
select parent_id, null from conversations
union
select parent_id, null from task_parents
union
select created_from_id, null from conversations
union
select session_id, null from transcripts
union
select parent_id, null from transcripts
union
select 'usage-export', null from staged_line where kind = 'billed';

-- @include register_sessions

-- A conversation stands in several places. Its own keys tell most, then lists of old builds, then transcripts; a place that
-- only lists it tells nothing of what was said.
insert into raw.session_headers by name
select
    c.source_no,
    c.line_no,
    s.session_no,
    case when c.is_subagent then 'subagent' when c.created_from_id is not null then 'fork' else 'main' end as kind,
    p.session_no as parent_session_no,
    f.session_no as forked_from_session_no,
    c.cwd,
    c.git_branch,
    c.source_rank as rank,
from conversations as c
inner join known_sessions as s on s.native_session_id = c.session_id and s.native_agent_id is null
left join task_parents as t on t.session_id = c.session_id
left join known_sessions as p on p.native_session_id = coalesce(c.parent_id, t.parent_id) and p.native_agent_id is null
left join known_sessions as f on f.native_session_id = c.created_from_id and f.native_agent_id is null
union all by name
select
    t.source_no,
    l.line_no,
    s.session_no,
    case when t.parent_id is not null then 'subagent' else 'main' end as kind,
    p.session_no as parent_session_no,
    t.cwd,
    case t.form when 'transcript' then 2 else 1 end as rank,
from transcripts as t
inner join (select source_no, min(line_no) as line_no from staged_line group by source_no) as l using (source_no)
inner join known_sessions as s on s.native_session_id = t.session_id and s.native_agent_id is null
left join known_sessions as p on p.native_session_id = t.parent_id and p.native_agent_id is null
union all by name
select l.source_no, min(l.line_no) as line_no, any_value(s.session_no) as session_no, 'main' as kind, 'usage export' as entrypoint,
from staged_line as l
inner join known_sessions as s on s.native_session_id = 'usage-export' and s.native_agent_id is null
where l.kind = 'billed'
group by l.source_no;

-- What else an earlier load found of the conversation in the same database is of no lesser place.
update raw.session_headers set rank = b.rank
from (
    select source_no, session_no, max(rank) as rank,
    from raw.session_headers
    where source_no in (select source_no from batch_sources)
    group by source_no, session_no
    having min(rank) < max(rank)
) as b
where session_headers.source_no = b.source_no and session_headers.session_no = b.session_no and session_headers.rank < b.rank;

-- Messages with their time. A prompt without one was sent when its answer began, an answer without one after what came before
-- it; where those have none either, there is none, and usage is put to the beginning of the conversation.
create or replace temp table messages as
with stated as (
    select
        l.* exclude (config_model),
        c.session_id,
        c.is_subagent,
        coalesce(c.created_at, c.updated_at) as begun_at,
        coalesce(l.type, case l.chat_type when 'user' then 1 when 'ai' then 2 end) as role_no,
        coalesce(l.bubble_id, l.bubble_key, l.chat_bubble_id, l.position::varchar) as bubble,
        case
            when l.created_at > timestamptz '2020-01-01' then l.created_at
            when l.stamped_at > timestamptz '2020-01-01' then l.stamped_at
            when l.client_started_at > timestamptz '2020-01-01' then l.client_started_at
        end as told_at,
        nullif(coalesce(nullif(l.model, ''), l.chat_model), 'default') as own_model,
        c.config_model,
    from staged_line as l
    inner join conversations as c
        on c.source_no = l.source_no and c.line_no >> 15 = l.line_no >> 15
    where l.kind = 'bubble' and c.rank = c.source_rank
),

placed as (
    select
        *,
        last_value(told_at ignore nulls) over spoken as before_at,
        lead(told_at) over (partition by source_no, line_no >> 15 order by line_no) as after_at,
        last_value(own_model ignore nulls) over spoken as model_before,
    from stated
    window spoken as (partition by source_no, line_no >> 15 order by line_no rows between unbounded preceding and current row)
)

select
    p.source_no,
    p.line_no,
    p.item_no,
    s.session_no,
    p.session_id,
    p.is_subagent,
    p.state,
    p.role_no,
    coalesce(p.told_at, case p.role_no when 1 then p.after_at else p.before_at end) as occurred_at,
    p.begun_at,
    p.told_at is not null as is_told,
    -- Copies of a conversation keep the ids of messages, which are unique where they are UUIDs.
    case
        when regexp_matches(p.bubble, '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$')
            then 'cursor:' || p.bubble
        else 'cursor:' || p.session_id || ':' || p.bubble
    end as message_id,
    greatest(p.text_bytes, p.raw_text_bytes, p.content_bytes, p.message_bytes) as text_bytes,
    p.thinking_bytes,
    coalesce(p.own_model, p.model_before, p.config_model) as model,
    p.input_tokens,
    p.output_tokens,
    p.tool_name,
    'cursor:' || p.session_id || ':' || coalesce(p.tool_call_id, p.bubble) as tool_call_id,
    p.tool_status,
    p.tool_decision,
    coalesce(p.tool_args, p.tool_params) as tool_args,
    p.tool_args_bytes,
    p.tool_args_hash,
    p.params_path,
    p.tool_result_bytes,
    p.tool_result_hash,
    p.tool_result_preview,
    p.tool_result_tail,
from placed as p
inner join known_sessions as s on s.native_session_id = p.session_id and s.native_agent_id is null;

insert into raw.events by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    case
        -- The last message of an old chat is what stood in its input box.
        when role_no = 1 and coalesce(text_bytes, 0) = 0 and state = 'tab' then 'meta'
        when role_no = 1 and is_subagent then 'user_injected'
        when role_no = 1 then 'user_prompt'
        when role_no = 2 and tool_name is not null then 'tool_call'
        when role_no = 2 and coalesce(text_bytes, 0) = 0 and thinking_bytes > 0 then 'reasoning'
        when role_no = 2 then 'assistant'
        else 'unknown'
    end as event_type,
    md5(message_id)::uuid as uuid,
    false as is_fork,
    text_bytes,
    thinking_bytes as reasoning_bytes,
from messages;

-- Messages of one database that stand in several of its conversations. A copy is what stands in the conversation that its own was
-- copied from, too; of those whose origin is gone, all but that of the first name. Which of them was loaded first says nothing.
create or replace temp table shared as
with holders as (
    select e.source_no, e.line_no, e.item_no, e.session_no, e.uuid, h.forked_from_session_no,
    from raw.events as e
    semi join (select source_no, md5(message_id)::uuid as uuid from messages) as m on m.source_no = e.source_no and m.uuid = e.uuid
    left join (
        select source_no, session_no, max(forked_from_session_no) as forked_from_session_no,
        from raw.session_headers
        where source_no in (select source_no from batch_sources)
        group by all
    ) as h on h.source_no = e.source_no and h.session_no = e.session_no
    qualify count(*) over (partition by e.source_no, e.uuid) > 1
)

select
    h.* exclude (forked_from_session_no),
    row_number() over (
        partition by h.source_no, h.uuid
        order by o.session_no is not null, h.forked_from_session_no is not null, s.native_session_id, h.line_no
    ) > 1 as is_copy,
from holders as h
inner join raw.sessions as s using (session_no)
left join (select distinct source_no, uuid, session_no from holders) as o
    on o.source_no = h.source_no and o.uuid = h.uuid and o.session_no = h.forked_from_session_no;

update raw.events set is_fork = s.is_copy
from shared as s
where
    events.source_no = s.source_no
    and events.line_no = s.line_no
    and events.item_no = s.item_no
    and events.is_fork <> s.is_copy;

-- Where no message has a time, the conversation's own begin and end it.
insert into raw.events by name
select
    c.source_no,
    c.line_no,
    t.item_no,
    s.session_no,
    case t.item_no when 0 then c.created_at else c.updated_at end as occurred_at,
    'meta' as event_type,
    md5('cursor:' || c.session_id || ':time:' || t.item_no)::uuid as uuid,
    false as is_fork,
from conversations as c
cross join (values (0), (1)) as t (item_no)
inner join known_sessions as s on s.native_session_id = c.session_id and s.native_agent_id is null
where
    c.bubble_count > 0
    and case t.item_no when 0 then c.created_at else c.updated_at end is not null
    and not exists (
        from messages as m where m.source_no = c.source_no and m.line_no >> 15 = c.line_no >> 15 and m.is_told
    );

insert into raw.usage by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    coalesce(occurred_at, begun_at) as occurred_at,
    'response' as form,
    message_id as response_id,
    false as is_fork,
    is_subagent as is_sidechain,
    model as model_raw,
    -- The whole prompt: how much of it came from a cache is not told.
    counted(input_tokens) as uncached_input_tokens,
    counted(output_tokens) as output_tokens,
from messages
where role_no = 2 and (input_tokens > 0 or output_tokens > 0);

-- Within one database a call is told by its owner alone.
delete from raw.usage as u
using shared as s
where s.is_copy and u.source_no = s.source_no and u.line_no = s.line_no and u.item_no = s.item_no;

create or replace temp table calls as
select
    *,
    case when json_valid(tool_args) then json_extract_string(tool_args, '$.command') end as command,
    coalesce(
        params_path,
        nullif(
            replace(
                regexp_extract(
                    tool_args,
                    '"(?:target_file|targetFile|file_path|filePath|path|relativeWorkspacePath|relative_workspace_path|target_notebook)"\s*:\s*"((?:[^"\\]|\\.)*)"',
                    1
                ),
                '\\',
                '\'
            ),
            ''
        )
    ) as file_path,
    try_cast(
        nullif(regexp_extract(coalesce(tool_result_tail, tool_result_preview), '"exitCode(?:V2)?"\s*:\s*(-?[0-9]+)', 1), '') as integer
    ) as exit_code,
from messages
where tool_name is not null;

insert into raw.tool_uses by name
select
    c.source_no,
    c.line_no,
    c.item_no,
    c.session_no,
    c.occurred_at,
    c.tool_call_id,
    c.message_id as response_id,
    false as is_fork,
    c.is_subagent as is_sidechain,
    c.tool_name,
    case when c.tool_name like 'mcp\_%' escape '\' then nullif(regexp_extract(c.tool_name, '^mcp_+([^_]+)_', 1), '') end as mcp_server,
    coalesce(k.category, case when c.tool_name like 'mcp\_%' escape '\' or c.tool_name = 'mcp' then 'mcp' else 'other' end) as tool_category,
    c.tool_name = 'ask_question' as is_question,
    c.tool_args_bytes as input_bytes,
    c.tool_args_hash as input_hash,
    c.file_path,
from calls as c
left join (
    values
        ('run_terminal_cmd', 'shell'), ('run_terminal_command', 'shell'), ('run_terminal_command_v2', 'shell'),
        ('read_file', 'read'), ('read_file_v2', 'read'), ('read_lints', 'read'), ('fetch_rules', 'read'), ('fetch_pull_request', 'read'),
        ('write', 'write'), ('delete_file', 'write'),
        ('edit_file', 'edit'), ('edit_file_v2', 'edit'), ('search_replace', 'edit'), ('multi_edit', 'edit'), ('apply_patch', 'edit'),
        ('edit_notebook', 'edit'), ('reapply', 'edit'),
        ('codebase_search', 'search'), ('semantic_search_full', 'search'), ('grep_search', 'search'), ('grep', 'search'),
        ('ripgrep', 'search'), ('ripgrep_raw_search', 'search'), ('rg', 'search'), ('file_search', 'search'),
        ('glob_file_search', 'search'), ('list_dir', 'search'), ('list_dir_v2', 'search'),
        ('web_search', 'web'), ('web_fetch', 'web'),
        ('task', 'task'), ('task_v2', 'task'),
        ('todo_write', 'plan'), ('create_plan', 'plan'), ('switch_mode', 'plan'), ('ask_question', 'plan'),
        ('call_mcp_tool', 'mcp'), ('list_mcp_resources', 'mcp'), ('fetch_mcp_resource', 'mcp')
) as k (name, category) on k.name = c.tool_name;

insert into raw.tool_commands by name
select source_no, line_no, item_no, masked(command[:1000]) as command,
from calls
where command is not null;

insert into raw.tool_results by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    tool_call_id,
    1 as evidence,
    case
        when tool_decision = 'rejected' or tool_status in ('cancelled', 'rejected') then 'rejected'
        when tool_status = 'error' or exit_code <> 0 then 'failed'
        else 'ok'
    end as status,
    case when tool_status = 'completed' and tool_decision is distinct from 'rejected' and exit_code is not null then 'exit_code' else 'flag' end as status_source,
    exit_code,
    case
        when tool_decision = 'rejected' or tool_status in ('cancelled', 'rejected') then 'rejected'
        when tool_status = 'error' and regexp_matches(tool_result_preview, '(?i)timed? ?out') then 'timeout'
        when tool_status = 'error' and regexp_matches(tool_result_preview, '(?i)no such file|does not exist|not found') then 'not_found'
        when tool_status = 'error' then 'other'
        when exit_code <> 0 then 'exit_code'
    end as error_kind,
    tool_result_bytes as result_bytes,
    tool_result_hash as result_hash,
from calls
where tool_decision = 'rejected' or tool_status in ('completed', 'error', 'cancelled', 'rejected');

insert into raw.tool_errors by name
select source_no, line_no, item_no, masked(tool_result_preview[:200]) as error_text,
from calls
where (tool_status = 'error' or exit_code <> 0) and tool_result_preview <> '';

insert into raw.file_changes by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    tool_call_id,
    file_path,
    case tool_name when 'delete_file' then 'delete' else 'edit' end as operation,
    'args' as evidence,
from calls
where
    tool_status = 'completed'
    and tool_decision is distinct from 'rejected'
    and tool_name in ('write', 'edit_file', 'edit_file_v2', 'search_replace', 'multi_edit', 'edit_notebook', 'delete_file')
    and file_path is not null;

-- Transcripts: words and tool calls, without times, models and results.
create or replace temp table spoken as
with contents as (
    select
        source_no,
        line_no,
        item_no >> 16 as item_no,
        arg_min(text, item_no) filter (where type = 'text') as text,
        sum(text_bytes)::bigint as text_bytes,
        bool_or(type = 'tool_use') as has_call,
    from staged_block
    group by all
)

select
    l.source_no,
    l.line_no,
    l.item_no,
    s.session_no,
    t.session_id,
    t.parent_id is not null as is_subagent,
    l.role,
    ltrim(coalesce(l.line_text, c.text, '')) as text,
    coalesce(l.line_bytes, c.text_bytes) as text_bytes,
    coalesce(c.has_call, false) as has_call,
from staged_line as l
inner join transcripts as t using (source_no)
inner join known_sessions as s on s.native_session_id = t.session_id and s.native_agent_id is null
left join contents as c using (source_no, line_no, item_no)
where l.role in ('user', 'assistant');

insert into raw.events by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    case
        when role = 'user' and (is_subagent or regexp_matches(text, '^<(?:system|task|agent)[a-z_-]*>')) then 'user_injected'
        when role = 'user' then 'user_prompt'
        when has_call then 'tool_call'
        else 'assistant'
    end as event_type,
    md5('cursor:' || session_id || ':line:' || line_no)::uuid as uuid,
    false as is_fork,
    text_bytes,
from spoken;

-- The only time that a transcript has is its file's.
insert into raw.events by name
select l.source_no, min(l.line_no) as line_no, 1 as item_no, any_value(l.session_no) as session_no,
    any_value(t.modified_at) as occurred_at, 'meta' as event_type, false as is_fork,
from spoken as l
inner join transcripts as t using (source_no)
where t.modified_at is not null
group by l.source_no;

create or replace temp table spoken_calls as
select
    b.*,
    l.session_no,
    l.is_subagent,
    'cursor:' || l.session_id || ':' || coalesce(nullif(b.id, ''), 'line:' || l.line_no || ':' || (b.item_no & 65535)) as tool_call_id,
from staged_block as b
inner join spoken as l on l.source_no = b.source_no and l.line_no = b.line_no and l.item_no = b.item_no >> 16
where b.type = 'tool_use' and b.name is not null;

insert into raw.tool_uses by name
select
    c.source_no,
    c.line_no,
    c.item_no,
    c.session_no,
    c.tool_call_id,
    false as is_fork,
    c.is_subagent as is_sidechain,
    c.name as tool_name,
    coalesce(k.category, case when c.name ilike '%mcp%' then 'mcp' else 'other' end) as tool_category,
    c.name = 'AskQuestion' as is_question,
    c.input_bytes,
    c.input_hash,
    coalesce(c.file_path, c.target_file, c.path) as file_path,
from spoken_calls as c
left join (
    values
        ('Shell', 'shell'), ('AwaitShell', 'shell'), ('Await', 'shell'),
        ('Read', 'read'), ('ReadFile', 'read'), ('ReadLints', 'read'),
        ('Write', 'write'), ('Delete', 'write'),
        ('StrReplace', 'edit'), ('ApplyPatch', 'edit'), ('EditNotebook', 'edit'), ('Edit', 'edit'),
        ('Grep', 'search'), ('rg', 'search'), ('Glob', 'search'), ('LS', 'search'), ('SemanticSearch', 'search'),
        ('WebSearch', 'web'), ('WebFetch', 'web'),
        ('Task', 'task'), ('Subagent', 'task'),
        ('TodoWrite', 'plan'), ('CreatePlan', 'plan'), ('SwitchMode', 'plan'), ('AskQuestion', 'plan')
) as k (name, category) on k.name = c.name;

insert into raw.tool_commands by name
select source_no, line_no, item_no, masked(command) as command,
from spoken_calls
where command is not null;

-- Billed requests belong to no conversation.
insert into raw.usage by name
select
    l.source_no,
    l.line_no,
    l.item_no,
    s.session_no,
    l.billed_at as occurred_at,
    'record' as form,
    'cursor:billed:' || md5(
        concat_ws(
            ':', epoch_ms(l.billed_at), l.billed_user, l.billed_model, l.billed_input_tokens, l.billed_output_tokens,
            l.billed_read_tokens, l.billed_write_tokens
        )
    ) as response_id,
    false as is_fork,
    false as is_sidechain,
    nullif(nullif(l.billed_model, 'default'), 'auto') as model_raw,
    counted(l.billed_input_tokens) as uncached_input_tokens,
    counted(l.billed_read_tokens) as cache_read_tokens,
    counted(l.billed_write_tokens) as cache_write_5m_tokens,
    case when l.billed_write_tokens is not null then 0 end as cache_write_1h_tokens,
    counted(l.billed_output_tokens) as output_tokens,
    case when l.billed_cents > 0 then cast(l.billed_cents / 100 as decimal(18, 9)) end as reported_cost_usd,
from staged_line as l
inner join known_sessions as s on s.native_session_id = 'usage-export' and s.native_agent_id is null
where l.kind = 'billed' and coalesce(l.billed_output_tokens, l.billed_input_tokens, l.billed_read_tokens) is not null;
