-- Staged records of Cline, Roo Code and Kilo Code to the raw tables.
--
-- Reads staged_line, staged_block, staged_change and batch_sources. The rules and where they come from: README.md beside this
-- file. What differs between the three is decided by the variable `agent`.

-- A source is one task, or one session of the command line.
create or replace temp table tasks as
with stated as (
    select
        source_no,
        min(line_no) as line_no,
        any_value(session) as session_id,
        any_value(agent) as agent,
        arg_min(cwd, line_no) filter (where cwd is not null) as cwd,
        arg_min(provider, line_no) filter (where provider is not null) as provider,
    from staged_line
    group by source_no
),

neighbours as (
    select
        *,
        context ->> 'session_id' as session_id,
        context ->> 'folder' as folder,
        context ->> 'parent_id' as parent_id,
        context ->> 'cwd' as cwd,
        context ->> 'provider' as provider,
        context ->> 'entrypoint' as entrypoint,
    from batch_sources
),

named as (
    select
        b.source_no,
        b.form,
        s.line_no,
        coalesce(s.session_id, b.session_id, b.stem) as native_session_id,
        s.agent in ('subagent', 'teammate') as is_spawned,
        -- A subagent that bears its root's name is told from it by the name of its file.
        s.agent in ('subagent', 'teammate') and s.session_id = b.folder as is_unnamed,
        b.session_id as file_id,
        b.folder,
        b.parent_id,
        coalesce(b.cwd, s.cwd) as cwd,
        coalesce(s.provider, b.provider) as provider,
        b.entrypoint,
    from neighbours as b
    inner join stated as s using (source_no)
)

select
    source_no,
    form,
    line_no,
    native_session_id,
    case when is_unnamed then file_id end as native_agent_id,
    case when is_spawned then folder else parent_id end as parent_id,
    coalesce(is_spawned, false) or parent_id is not null as is_subagent,
    cwd,
    provider,
    entrypoint,
from named;

create or replace temp table named_sessions as
select native_session_id, native_agent_id from tasks
union
select parent_id, null::varchar from tasks where parent_id is not null;

-- @include register_sessions

create or replace temp table transcripts as
select
    t.*,
    s.session_no,
    case when p.session_no <> s.session_no then p.session_no end as parent_session_no,
    getvariable('agent') || ':' || t.native_session_id || coalesce(':' || t.native_agent_id, '') || ':' as prefix,
from tasks as t
inner join known_sessions as s
    on s.native_session_id = t.native_session_id
    and s.native_agent_id is not distinct from t.native_agent_id
left join known_sessions as p on p.native_session_id = t.parent_id and p.native_agent_id is null;

insert into raw.session_headers by name
select
    source_no,
    line_no,
    session_no,
    case when coalesce(is_subagent, false) then 'subagent' else 'main' end as kind,
    parent_session_no,
    cwd,
    entrypoint,
    provider,
    -- What a task shows holds its usage; its conversation at most sums of it; its metadata none.
    case form when 'metadata' then 0 when 'conversation' then 1 else 2 end as rank,
from transcripts;

-- Messages that a task shows, those apart that were still being written. A message is known by its time, and by its number among
-- those of its kind that have the same.
create or replace temp table shown as
with numbered as (
    select
        l.*,
        t.session_no,
        t.prefix,
        t.is_subagent,
        row_number() over (partition by l.source_no, l.ts, l.type, l.name order by l.line_no) as copy_number,
    from staged_line as l
    inner join transcripts as t using (source_no)
    where l.kind = 'ui' and not coalesce(l.is_partial, false)
),

timed as (
    select
        *,
        coalesce(ts, line_no) || case when ts is not null and copy_number > 1 then ':' || copy_number else '' end as moment,
    from numbered
)

select
    *,
    lead(line_no) over (partition by source_no order by line_no) as next_line_no,
    max(case when name = 'api_req_started' then line_no end) over sofar as request_line_no,
    last_value(case when name = 'api_req_started' then moment end ignore nulls) over sofar as request_moment,
from timed
window sofar as (partition by source_no order by line_no rows unbounded preceding);

insert into raw.events by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    case
        -- What a task was given first is typed by a person, unless another task gave it.
        when name = 'task' or (line_no = 1 and name = 'text') then if(coalesce(is_subagent, false), 'user_injected', 'user_prompt')
        when name in ('user_feedback', 'user_feedback_diff') then 'user_prompt'
        when name is null and role = 'user' then 'user_prompt'
        when name is null and role = 'assistant' then 'assistant'
        when name in ('text', 'plan_mode_respond', 'act_mode_respond', 'followup', 'plan_completion_result') then 'assistant'
        when type = 'say' and name = 'completion_result' then 'assistant'
        when name = 'reasoning' then 'reasoning'
        when name in ('tool', 'command', 'use_mcp_server', 'browser_action', 'browser_action_launch', 'use_subagents', 'new_task')
            then 'tool_call'
        when name in ('command_output', 'mcp_server_response', 'browser_action_result', 'subtask_result', 'codebase_search_result')
            then 'tool_result'
        when name in ('condense_context', 'sliding_window_truncation') then 'compaction'
        when name in ('api_req_failed', 'api_req_retried', 'api_req_retry_delayed', 'error_retry') then 'api_error'
        when name in ('error', 'diff_error', 'clineignore_error', 'rooignore_error', 'mistake_limit_reached', 'condense_context_error')
            then 'system'
        when name is null then 'unknown'
        else 'meta'
    end as event_type,
    md5(prefix || concat_ws(':', coalesce(ts, line_no), type, name, copy_number))::uuid as uuid,
    false as is_fork,
    case when name in ('reasoning') then null else words_bytes end as text_bytes,
    case when name = 'reasoning' then words_bytes else reasoning_bytes end as reasoning_bytes,
    coalesce(name = 'api_req_started' and cancel_reason = 'user_cancelled', false) as is_interruption,
from shown;

-- What a message states of usage. A request's own message is written again when it ends, and an old version's end is a message
-- of its own; what was taken out of the list, and what subagents used, stand there as sums.
create or replace temp table stated_usage as
select
    *,
    prefix
    || case
        when name = 'api_req_started' then moment
        when name = 'api_req_finished' then coalesce(request_moment, moment)
        else name || ':' || moment
    end as response_id,
    name in ('deleted_api_reqs', 'subagent_usage') as is_sum,
    counted(tokens_in) as input_tokens,
    counted(cache_reads) as read_tokens,
    counted(cache_writes) as written_tokens,
    coalesce(counted(cache_reads), 0) + coalesce(counted(cache_writes), 0) as cached_tokens,
from shown
where
    name in ('api_req_started', 'api_req_finished', 'deleted_api_reqs', 'subagent_usage')
    and (
        coalesce(tokens_in, 0) > 0 or coalesce(tokens_out, 0) > 0 or coalesce(cache_reads, 0) > 0
        or coalesce(cache_writes, 0) > 0 or coalesce(cost, 0) > 0
    );

insert into raw.usage by name
with models as (
    select source_no, case when count(distinct model) = 1 then any_value(model) end as only_model,
    from stated_usage
    where not is_sum
    group by source_no
)

select
    u.source_no,
    u.line_no,
    u.item_no,
    u.session_no,
    u.occurred_at,
    'response' as form,
    u.response_id,
    false as is_fork,
    false as is_sidechain,
    u.provider,
    case when u.is_sum then m.only_model else u.model end as model_raw,
    case
        when u.cached_tokens > u.input_tokens then u.input_tokens
        when getvariable('agent') <> 'cline' or u.provider in ('openai', 'openai-native', 'litellm')
            then u.input_tokens - u.cached_tokens
        else u.input_tokens
    end as uncached_input_tokens,
    u.read_tokens as cache_read_tokens,
    u.written_tokens as cache_write_5m_tokens,
    case when u.written_tokens is not null then 0 end as cache_write_1h_tokens,
    counted(u.tokens_out) as output_tokens,
    case u.cancel_reason when 'user_cancelled' then 'aborted' when 'streaming_failed' then 'error' else u.cancel_reason end as stop_reason,
    nullif(u.cost, 0) as reported_cost_usd,
    case u.name when 'subagent_usage' then 'subagent' end as purpose,
    case when u.is_sum then 'session' else 'call' end as granularity,
    case when u.is_sum then null else 1 end as api_call_count,
from stated_usage as u
left join models as m using (source_no)
union all by name
-- A condensed context: of the call that made it only the cost is told.
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    'response' as form,
    prefix || 'condense:' || moment as response_id,
    false as is_fork,
    false as is_sidechain,
    provider,
    model as model_raw,
    condense_cost as reported_cost_usd,
    'compaction' as purpose,
    'call' as granularity,
    1 as api_call_count,
from shown
where condense_cost > 0;

insert into raw.compactions by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    md5(prefix || 'compaction:' || moment)::uuid as uuid,
    case when name = 'sliding_window_truncation' or tool = 'summarizeTask' then 'auto' else 'unknown' end as trigger,
    counted(before_tokens) as before_tokens,
    counted(after_tokens) as after_tokens,
from shown
where
    (name in ('condense_context', 'sliding_window_truncation') and type = 'say')
    or (name = 'tool' and tool = 'summarizeTask')
    or (name = 'condense' and type = 'ask');

create or replace temp table shown_errors as
select
    *,
    coalesce(failed_message, retry_message, words, cancel_reason) as message,
    try_cast(
        nullif(regexp_extract(coalesce(failed_message, retry_message, words), '(?:^|status:? ?|code["'']?:? ?|\[)\b([45][0-9][0-9])\b', 1), '')
        as integer
    ) as http_status,
from shown
where
    name in ('api_req_failed', 'api_req_retry_delayed', 'error_retry')
    or (name = 'api_req_started' and cancel_reason in ('streaming_failed', 'retries_exhausted'));

insert into raw.api_errors by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    md5(prefix || 'error:' || concat_ws(':', coalesce(ts, line_no), name, copy_number))::uuid as uuid,
    api_error_kind(http_status, coalesce(message, '')) as error_kind,
    http_status,
    attempt as attempt_number,
    max_attempts as max_attempt_count,
    delay_seconds * 1000 as retry_wait_ms,
    name = 'api_req_failed' or cancel_reason is not null as is_final,
from shown_errors;

-- What a task asked its tools to do. Calls bear no ids: the time at which they are shown tells them apart.
create or replace temp table shown_calls as
select
    *,
    prefix || 'tool:' || concat_ws(':', coalesce(ts, line_no), type, name, copy_number) as tool_call_id,
    case name
        when 'tool' then coalesce(tool, 'tool')
        when 'command' then 'execute_command'
        when 'use_mcp_server' then coalesce(mcp_tool, mcp_kind, 'use_mcp_tool')
        else name
    end as tool_name,
from shown
where
    name in ('tool', 'command', 'use_mcp_server', 'browser_action', 'browser_action_launch', 'use_subagents')
    or (name = 'new_task' and type = 'ask');

insert into raw.tool_uses by name
select
    c.source_no,
    c.line_no,
    c.item_no,
    c.session_no,
    c.occurred_at,
    c.tool_call_id,
    c.prefix || c.request_moment as response_id,
    false as is_fork,
    false as is_sidechain,
    c.tool_name,
    c.mcp_server,
    case when c.name = 'use_mcp_server' then 'mcp' else coalesce(k.category, 'other') end as tool_category,
    coalesce(c.data_bytes, c.words_bytes) as input_bytes,
    coalesce(c.data_hash, c.words_digest_hash) as input_hash,
    c.path as file_path,
    c.added_line_count,
    c.removed_line_count,
from shown_calls as c
left join (
    values
        ('execute_command', 'shell'), ('readCommandOutput', 'shell'),
        ('readFile', 'read'), ('fetchInstructions', 'read'), ('useSkill', 'read'), ('skill', 'read'),
        ('newFileCreated', 'write'),
        ('editedExistingFile', 'edit'), ('appliedDiff', 'edit'), ('insertContent', 'edit'), ('searchAndReplace', 'edit'),
        ('fileDeleted', 'edit'), ('deleteFile', 'edit'),
        ('listFilesTopLevel', 'search'), ('listFilesRecursive', 'search'), ('listCodeDefinitionNames', 'search'),
        ('searchFiles', 'search'), ('codebaseSearch', 'search'),
        ('webFetch', 'web'), ('webSearch', 'web'), ('browser_action', 'web'), ('browser_action_launch', 'web'),
        ('newTask', 'task'), ('new_task', 'task'), ('use_subagents', 'task'), ('finishTask', 'task'),
        ('updateTodoList', 'plan'), ('switchMode', 'plan')
) as k (name, category) on k.name = c.tool_name;

insert into raw.tool_commands by name
select source_no, line_no, item_no, masked(regexp_replace(words, 'REQ_APP$', '')) as command,
from shown_calls
where name = 'command' and words <> '';

-- How a call ended: what came after it and before the next call of a tool or of the model.
create or replace temp table shown_ends as
with answers as (
    select s.*, c.tool_call_id, c.line_no as call_line_no,
    from (
        from shown
        where name in (
            'error', 'diff_error', 'clineignore_error', 'rooignore_error', 'command_permission_denied', 'command_output',
            'mcp_server_response', 'browser_action_result', 'subtask_result', 'codebase_search_result'
        )
    ) as s
    asof inner join (select source_no, line_no, request_line_no, tool_call_id from shown_calls) as c
        on c.source_no = s.source_no and s.line_no > c.line_no
    where s.request_line_no is not distinct from c.request_line_no
),

failures as (
    select
        tool_call_id,
        min(line_no) as line_no,
        arg_min(occurred_at, line_no) as occurred_at,
        arg_min(name, line_no) as name,
        arg_min(words, line_no) as words,
    from answers
    where
        name in ('diff_error', 'clineignore_error', 'rooignore_error', 'command_permission_denied')
        or (name = 'error' and regexp_matches(words, '^(?:Error\b|Failed\b|Tool )'))
    group by tool_call_id
),

outputs as (
    select
        tool_call_id,
        max(line_no) as line_no,
        max(occurred_at) as occurred_at,
        sum(words_bytes)::bigint as result_bytes,
        case when count(*) = 1 then any_value(words_digest_hash) end as result_hash,
    from answers
    where name in ('command_output', 'mcp_server_response', 'browser_action_result', 'subtask_result', 'codebase_search_result')
    group by tool_call_id
)

select
    c.source_no,
    coalesce(f.line_no, o.line_no, c.line_no) as line_no,
    c.item_no,
    c.session_no,
    coalesce(f.occurred_at, o.occurred_at) as occurred_at,
    c.tool_call_id,
    case
        when c.decision = 'deny' or f.name in ('clineignore_error', 'rooignore_error', 'command_permission_denied') then 'rejected'
        when f.tool_call_id is not null then 'failed'
        else 'ok'
    end as status,
    case
        when c.decision = 'deny' then 'flag'
        when f.tool_call_id is not null then 'text'
        else 'inferred'
    end as status_source,
    f.words as error_text,
    o.result_bytes,
    o.result_hash,
from shown_calls as c
left join failures as f using (tool_call_id)
left join outputs as o using (tool_call_id)
where
    c.decision = 'deny' or f.tool_call_id is not null or o.tool_call_id is not null
    -- A task that asked a person and shows nothing further still waits.
    or c.type = 'say'
    or c.next_line_no is not null;

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
    status_source,
    case
        when status = 'rejected' then 'rejected'
        when status <> 'failed' then null
        when regexp_matches(error_text, '(?i)timed? ?out') then 'timeout'
        when regexp_matches(error_text, '(?i)no such file|ENOENT|not found|does not exist') then 'not_found'
        when regexp_matches(error_text, '(?i)permission|EACCES|denied') then 'permission'
        else 'other'
    end as error_kind,
    result_bytes,
    result_hash,
from shown_ends;

insert into raw.tool_errors by name
select source_no, line_no, item_no, masked(error_text[:200]) as error_text,
from shown_ends
where status in ('failed', 'rejected') and error_text <> '';

insert into raw.file_changes by name
select
    c.source_no,
    c.line_no,
    c.item_no,
    c.session_no,
    c.occurred_at,
    c.tool_call_id,
    c.path as file_path,
    case c.tool
        when 'newFileCreated' then 'create'
        when 'fileDeleted' then 'delete'
        when 'deleteFile' then 'delete'
        else 'edit'
    end as operation,
    c.added_line_count,
    c.removed_line_count,
    coalesce(c.change_evidence, 'args') as evidence,
from shown_calls as c
inner join shown_ends as e on e.tool_call_id = c.tool_call_id and e.status = 'ok'
where
    c.path is not null
    and c.tool in (
        'newFileCreated', 'editedExistingFile', 'appliedDiff', 'insertContent', 'searchAndReplace', 'fileDeleted', 'deleteFile'
    );

-- Conversations with the model: of a task whose shown messages are not at hand, and of sessions.
create or replace temp table messages as
select
    l.*,
    t.session_no,
    t.prefix,
    t.form,
    coalesce(t.is_subagent, false) as is_subagent,
    -- A message keeps its id in sessions that go on from a copy; a task's has none.
    case when l.id is not null and l.ts is not null then getvariable('agent') || ':message:' || l.id || ':' || l.ts
        else t.prefix || 'message:' || coalesce(l.ts, l.line_no)
    end as message_id,
from staged_line as l
inner join transcripts as t using (source_no)
where l.kind = 'message';

create or replace temp table parts as
select
    b.*,
    m.session_no,
    m.prefix,
    m.message_id,
    m.role,
    m.occurred_at,
    -- Long ids are the provider's and never come twice; short ones count within a session.
    case when length(b.id) >= 16 then getvariable('agent') || ':tool:' else m.prefix || 'tool:' end || b.id as tool_call_id,
from staged_block as b
inner join messages as m on m.source_no = b.source_no and m.line_no = b.line_no and m.item_no = b.item_no >> 16;

insert into raw.events by name
with sums as (
    select
        source_no,
        line_no,
        bool_or(type = 'prompt') as is_prompt,
        bool_or(type = 'tool_result') as is_result,
        bool_or(type = 'tool_use') as is_call,
        bool_or(type = 'text') as has_words,
        bool_or(type = 'reasoning') as has_reasoning,
        bool_or(type = 'withheld') as is_withheld,
        sum(words_bytes) filter (where type in ('text', 'prompt'))::bigint as text_bytes,
        sum(words_bytes) filter (where type = 'prompt')::bigint as prompt_bytes,
        sum(words_bytes) filter (where type = 'reasoning')::bigint as reasoning_bytes,
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
        when m.role = 'user' and s.is_prompt then if(m.is_subagent, 'user_injected', 'user_prompt')
        when m.role = 'user' and s.is_result then 'tool_result'
        when m.role = 'user' then 'user_injected'
        when m.role = 'assistant' and s.is_call and not s.has_words then 'tool_call'
        when m.role = 'assistant' and s.has_reasoning and not s.has_words then 'reasoning'
        when m.role = 'assistant' then 'assistant'
        else 'unknown'
    end as event_type,
    md5(m.message_id || ':' || m.role)::uuid as uuid,
    false as is_fork,
    coalesce(s.prompt_bytes, s.text_bytes) as text_bytes,
    s.reasoning_bytes,
    coalesce(s.is_withheld, false) as has_withheld_reasoning,
from messages as m
left join sums as s using (source_no, line_no)
union all by name
select
    l.source_no,
    l.line_no,
    l.item_no,
    t.session_no,
    l.occurred_at,
    'meta' as event_type,
    md5(t.prefix || concat_ws(':', 'model', l.ts, l.model))::uuid as uuid,
    false as is_fork,
from staged_line as l
inner join transcripts as t using (source_no)
where l.kind = 'model';

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
    provider,
    model as model_raw,
    -- A session's input includes what was read from and written to a cache; a task's is as what it shows,
    -- and tells both as one sum.
    case
        when provider in ('openai', 'openai-native', 'litellm') and usage_cached_tokens <= usage_prompt_tokens
            then counted(usage_prompt_tokens) - counted(usage_cached_tokens)
        when usage_prompt_tokens is not null then counted(usage_prompt_tokens)
        when coalesce(usage_read_tokens, 0) + coalesce(usage_write_tokens, 0) > usage_input_tokens then counted(usage_input_tokens)
        else uncached(counted(usage_input_tokens), counted(usage_read_tokens), counted(usage_write_tokens))
    end as uncached_input_tokens,
    counted(coalesce(usage_read_tokens, usage_cached_tokens)) as cache_read_tokens,
    case when usage_cached_tokens = 0 then 0 else counted(usage_write_tokens) end as cache_write_5m_tokens,
    case when usage_cached_tokens = 0 or usage_write_tokens is not null then 0 end as cache_write_1h_tokens,
    counted(coalesce(usage_output_tokens, usage_completion_tokens)) as output_tokens,
    nullif(usage_cost, 0) as reported_cost_usd,
    case when usage_cached_tokens > 0 then 'estimate' else 'call' end as granularity,
from messages
where
    coalesce(usage_input_tokens, 0) + coalesce(usage_prompt_tokens, 0) + coalesce(usage_output_tokens, 0)
    + coalesce(usage_completion_tokens, 0) > 0
    or usage_cost > 0;

-- @only-with staged_block
insert into raw.tool_uses by name
select
    p.source_no,
    p.line_no,
    p.item_no,
    p.session_no,
    p.occurred_at,
    p.tool_call_id,
    p.message_id as response_id,
    false as is_fork,
    false as is_sidechain,
    coalesce(p.mcp_tool, p.name) as tool_name,
    coalesce(p.mcp_server, nullif(regexp_extract(p.name, '^(.+?)__', 1), '')) as mcp_server,
    case
        when p.name in ('use_mcp_tool', 'access_mcp_resource') then 'mcp'
        when k.category is not null then k.category
        when p.name like '%\_\_%' escape '\' then 'mcp'
        else 'other'
    end as tool_category,
    p.name in ('ask_followup_question', 'ask_question', 'plan_mode_respond', 'attempt_completion') as is_question,
    p.input_bytes,
    p.input_hash,
    p.path as file_path,
from parts as p
left join (
    values
        ('execute_command', 'shell'), ('run_commands', 'shell'),
        ('read_file', 'read'), ('read_files', 'read'), ('fetch_instructions', 'read'), ('use_skill', 'read'), ('skills', 'read'),
        ('write_to_file', 'write'),
        ('replace_in_file', 'edit'), ('apply_diff', 'edit'), ('apply_patch', 'edit'), ('editor', 'edit'), ('insert_content', 'edit'),
        ('search_and_replace', 'edit'), ('edit_file', 'edit'),
        ('search_files', 'search'), ('list_files', 'search'), ('list_code_definition_names', 'search'),
        ('codebase_search', 'search'), ('search_codebase', 'search'),
        ('web_fetch', 'web'), ('web_search', 'web'), ('browser_action', 'web'), ('fetch_web_content', 'web'),
        ('new_task', 'task'), ('use_subagents', 'task'), ('spawn_agent', 'task'),
        ('update_todo_list', 'plan'), ('switch_mode', 'plan'), ('plan_mode_respond', 'plan'), ('ask_followup_question', 'plan'),
        ('ask_question', 'plan')
) as k (name, category) on k.name = p.name
where p.type = 'tool_use' and p.id <> '';

-- @only-with staged_block
insert into raw.tool_commands by name
select source_no, line_no, item_no, masked(command) as command,
from parts
where type = 'tool_use' and name in ('execute_command', 'run_commands') and command <> '';

-- @only-with staged_block
create or replace temp table ends as
with told as (
    select
        p.*,
        -- What follows `Output:` is the command's own.
        try_cast(nullif(regexp_extract(split_part(p.output_preview, 'Output:', 1), '(?i)exit code:? (-?[0-9]+)', 1), '') as integer) as exit_code,
        regexp_matches(p.output_preview, '^\s*(?:The user denied this operation|\{"status":"denied")') as is_denied,
        regexp_matches(
            p.output_preview,
            '^\s*(?:The tool execution failed|Error\b|<error>|\[ERROR\]|\{"status":"error"|Tool .{0,80} (?:failed|is not))'
        ) as is_failure,
    from parts as p
    where p.type = 'tool_result' and p.id <> ''
)

select
    *,
    case
        when is_denied then 'rejected'
        when coalesce(is_error, false) or is_failure or exit_code <> 0 then 'failed'
        else 'ok'
    end as status,
    case
        when is_denied then 'text'
        when is_error is not null then 'flag'
        when exit_code is not null then 'exit_code'
        when is_failure then 'text'
        else 'inferred'
    end as status_source,
from told;

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
    status,
    status_source,
    exit_code,
    case
        when status = 'rejected' then 'rejected'
        when status <> 'failed' then null
        when exit_code <> 0 then 'exit_code'
        when regexp_matches(output_preview, '(?i)timed? ?out') then 'timeout'
        when regexp_matches(output_preview, '(?i)no such file|ENOENT|not found|does not exist') then 'not_found'
        when regexp_matches(output_preview, '(?i)permission|EACCES|denied') then 'permission'
        when regexp_matches(output_preview, '(?i)missing value|required param|invalid') then 'invalid_call'
        else 'other'
    end as error_kind,
    output_bytes as result_bytes,
    output_hash as result_hash,
from ends;

-- @only-with staged_block
insert into raw.tool_errors by name
select source_no, line_no, item_no, masked(output_preview[:200]) as error_text,
from ends
where status in ('failed', 'rejected') and output_preview <> '';

-- @only-with staged_change
insert into raw.file_changes by name
select
    c.source_no,
    c.line_no,
    c.item_no,
    p.session_no,
    p.occurred_at,
    p.tool_call_id,
    c.path as file_path,
    c.operation,
    c.added_line_count,
    c.removed_line_count,
    c.evidence,
from staged_change as c
inner join parts as p
    on p.source_no = c.source_no
    and p.line_no = c.line_no
    and p.item_no = ((c.item_no >> 16) << 16) + c.block_no
where
    p.type = 'tool_use'
    and exists (from ends as e where e.tool_call_id = p.tool_call_id and e.status = 'ok');
