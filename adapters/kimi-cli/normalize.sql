-- Staged lines of Kimi CLI's wires, and of its context files, to the raw tables.
--
-- Reads staged_line, staged_input_part, staged_display, staged_content_part, staged_call and batch_sources. The rules and
-- where they come from: README.md beside this file.

create or replace temp macro line_count(words) as case
    when words is null then null
    when words = '' then 0
    else len(string_split(rtrim(words, chr(10)), chr(10)))
end;

-- Lines of what an edit takes out or puts in: one edit, or a list of them.
create or replace temp macro edited_count(input, side) as list_sum(
    list_transform(
        case json_type(input, '$.edit') when 'ARRAY' then from_json(input->'$.edit', '["JSON"]') else [input->'$.edit'] end,
        lambda edit: line_count(json_extract_string(edit, side))
    )
)::bigint;

-- Whose log a file is, its path tells: a session's folder, and in it a folder for each subagent.
create or replace temp table files as
with paths as (
    select *, replace(path, '\', '/') as place,
    from batch_sources
)

select
    source_no,
    form,
    case
        when regexp_matches(place, '[^/]/subagents/[^/]+/(?:wire|context)\.jsonl$')
            then regexp_extract(place, '([^/]+)/subagents/[^/]+/[^/]+$', 1)
        when regexp_matches(place, '[^/]/(?:wire|context)\.jsonl$') then regexp_extract(place, '([^/]+)/[^/]+$', 1)
        else stem
    end as native_session_id,
    nullif(regexp_extract(place, '[^/]/subagents/([^/]+)/(?:wire|context)\.jsonl$', 1), '') as native_agent_id,
    context->>'$.model' as model,
    context->>'$.provider' as provider,
    context->>'$.cwd' as cwd,
    coalesce((context->'$.is_fork')::boolean, false) as is_fork,
from paths;

-- What a session says, and what its subagents say inside it: the one with the agent's own words, the other repeated.
create or replace temp table messages as
with stated as (
    select
        * exclude (stated_at),
        of_seconds(stated_at) as occurred_at,
    from staged_line
    where kind is not null
),

own as (
    select
        l.source_no, l.line_no, l.item_no, f.native_session_id, f.native_agent_id, false as is_nested,
        l.occurred_at, l.message_hash, l.kind, l.part_type, l.text_bytes, l.think_bytes, l.call_id, l.name,
        l.arguments, l.arguments_part, l.tool_call_id, l.is_error, l.output_bytes, l.output_hash, l.output_preview,
        l.result_message, l.message_id, l.input_tokens, l.cache_read_tokens, l.cache_write_tokens, l.output_tokens,
        f.is_fork, f.model, f.provider,
    from stated as l
    inner join files as f using (source_no)
),

nested as (
    select
        l.source_no, l.line_no, l.item_no, f.native_session_id,
        coalesce(l.agent_id, l.parent_tool_call_id, l.task_tool_call_id) as native_agent_id, true as is_nested,
        l.occurred_at, l.message_hash, l.nested_kind as kind, l.nested_part_type as part_type,
        l.nested_text_bytes as text_bytes, l.nested_think_bytes as think_bytes, l.nested_call_id as call_id,
        l.nested_name as name, l.nested_arguments as arguments, l.nested_arguments_part as arguments_part,
        l.nested_tool_call_id as tool_call_id, l.nested_is_error as is_error, l.nested_output_bytes as output_bytes,
        l.nested_output_hash as output_hash, l.nested_output_preview as output_preview,
        l.nested_result_message as result_message, l.nested_message_id as message_id,
        l.nested_input_tokens as input_tokens, l.nested_cache_read_tokens as cache_read_tokens,
        l.nested_cache_write_tokens as cache_write_tokens, l.nested_output_tokens as output_tokens,
        f.is_fork, f.model, f.provider,
    from stated as l
    inner join files as f using (source_no)
    where
        l.kind = 'SubagentEvent'
        and coalesce(l.agent_id, l.parent_tool_call_id, l.task_tool_call_id) is not null
)

from own
union all
from nested;

create or replace temp table named_sessions as
select native_session_id, native_agent_id from files
union
select native_session_id, null from files
union
select native_session_id, native_agent_id from messages;

-- @include register_sessions

create or replace temp view said as
select m.*, s.session_no,
from messages as m
inner join known_sessions as s
    on s.native_session_id = m.native_session_id
    and s.native_agent_id is not distinct from m.native_agent_id;

create or replace temp table transcripts as
select f.*, s.session_no, m.session_no as main_session_no,
from files as f
inner join known_sessions as s
    on s.native_session_id = f.native_session_id
    and s.native_agent_id is not distinct from f.native_agent_id
inner join known_sessions as m
    on m.native_session_id = f.native_session_id
    and m.native_agent_id is null;

-- A context file tells a session only where there is no wire, or one without messages.
insert into raw.session_headers by name
select
    t.source_no,
    min(l.line_no) as line_no,
    any_value(t.session_no) as session_no,
    any_value(case when t.native_agent_id is not null then 'subagent' when t.is_fork then 'fork' else 'main' end) as kind,
    any_value(nullif(t.main_session_no, t.session_no)) as parent_session_no,
    false as is_replaying,
    any_value(t.cwd) as cwd,
    any_value(t.provider) as provider,
    any_value(case t.form when 'wire' then 1 else 0 end) as rank,
from transcripts as t
inner join staged_line as l using (source_no)
where t.form = 'context' or l.kind is not null
group by t.source_no;

-- A fork's lines are its parent's, with the parent's times.
insert into raw.events by name
with parts as (
    select source_no, line_no, item_no >> 16 as item_no, sum(text_bytes)::bigint as text_bytes,
    from staged_input_part
    group by all
)

select
    m.source_no,
    m.line_no,
    m.item_no,
    m.session_no,
    m.occurred_at,
    case m.kind
        when 'TurnBegin' then case when m.native_agent_id is null then 'user_prompt' else 'user_injected' end
        when 'SteerInput' then case when m.native_agent_id is null then 'user_prompt' else 'user_injected' end
        when 'ContentPart' then case m.part_type when 'think' then 'reasoning' else 'assistant' end
        when 'ToolCall' then 'tool_call'
        when 'ToolCallRequest' then 'meta'
        when 'ToolCallPart' then 'meta'
        when 'ToolResult' then 'tool_result'
        when 'StepRetry' then 'api_error'
        when 'StepInterrupted' then 'system'
        when 'CompactionBegin' then 'compaction'
        when 'SubagentEvent' then 'progress'
        when 'Notification' then 'user_injected'
        when 'ApprovalRequest' then 'system'
        when 'ApprovalResponse' then 'system'
        when 'ApprovalRequestResolved' then 'system'
        when 'QuestionRequest' then 'system'
        when 'PlanDisplay' then 'system'
        when 'HookTriggered' then 'system'
        when 'HookResolved' then 'system'
        when 'BtwBegin' then 'system'
        when 'BtwEnd' then 'system'
        when 'TurnEnd' then 'meta'
        when 'StepBegin' then 'meta'
        when 'CompactionEnd' then 'meta'
        when 'StatusUpdate' then 'meta'
        when 'MCPLoadingBegin' then 'meta'
        when 'MCPLoadingEnd' then 'meta'
        else 'unknown'
    end as event_type,
    md5(
        concat_ws(
            ':', 'kimi-cli', coalesce(m.native_agent_id, ''), coalesce(epoch_us(m.occurred_at)::varchar, m.native_session_id || m.line_no),
            m.message_hash
        )
    )::uuid as uuid,
    m.is_fork,
    coalesce(l.user_input_bytes, p.text_bytes, m.text_bytes) as text_bytes,
    m.think_bytes as reasoning_bytes,
from said as m
inner join staged_line as l using (source_no, line_no, item_no)
left join parts as p using (source_no, line_no, item_no)
where not m.is_nested;

-- One call a status that states tokens, by the provider's own id; Ollama's are of three digits and come again.
create or replace temp table spent as
select
    *,
    'kimi-cli:' || case
        when message_id is not null and not regexp_matches(message_id, '^chatcmpl-[0-9]{1,3}$') then message_id
        else concat_ws(
            ':',
            message_id,
            case
                when native_agent_id is not null then native_agent_id
                when occurred_at is not null then epoch_us(occurred_at)::varchar
                else native_session_id || ':' || line_no
            end,
            input_tokens, cache_read_tokens, cache_write_tokens, output_tokens
        )
    end as response_id,
from said
where
    kind = 'StatusUpdate'
    and coalesce(input_tokens, cache_read_tokens, cache_write_tokens, output_tokens) is not null;

insert into raw.usage by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    case when is_nested then 'progress' else 'record' end as form,
    response_id,
    is_fork,
    is_nested as is_sidechain,
    provider,
    model as model_raw,
    counted(input_tokens) as uncached_input_tokens,
    counted(cache_read_tokens) as cache_read_tokens,
    counted(cache_write_tokens) as cache_write_5m_tokens,
    case when cache_write_tokens is not null then 0 end as cache_write_1h_tokens,
    counted(output_tokens) as output_tokens,
    -- A status is written when a response is complete.
    case when is_nested then 'unknown' end as stop_reason,
    'call' as granularity,
from spent;

-- A call's arguments may go on in the lines after it.
create or replace temp table uses as
with streams as (
    select
        source_no, line_no, item_no, session_no, native_session_id, native_agent_id, is_nested, is_fork, occurred_at,
        call_id, name, arguments, arguments_part,
        count(*) filter (where kind = 'ToolCall') over (
            partition by source_no, native_agent_id order by line_no, item_no
        ) as call_number,
        kind,
    from said
    where kind in ('ToolCall', 'ToolCallPart')
),

calls as (
    select
        source_no,
        native_agent_id,
        call_number,
        min(line_no) filter (where kind = 'ToolCall') as line_no,
        string_agg(coalesce(arguments, arguments_part), '' order by line_no, item_no) as arguments,
    from streams
    where call_number > 0
    group by all
)

select
    s.source_no, s.line_no, s.item_no, s.session_no, s.native_agent_id, s.is_nested, s.is_fork, s.occurred_at, s.call_id, s.name,
    c.arguments,
    case when json_valid(c.arguments) then c.arguments::json end as input,
    concat(
        'kimi-cli:', s.call_id, '@',
        coalesce(s.native_agent_id, epoch_us(s.occurred_at)::varchar, s.native_session_id || '/' || s.line_no)
    ) as tool_call_id,
from streams as s
inner join calls as c
    on c.source_no = s.source_no
    and c.native_agent_id is not distinct from s.native_agent_id
    and c.call_number = s.call_number
where s.kind = 'ToolCall' and s.call_id is not null;

insert into raw.tool_uses by name
select
    u.source_no,
    u.line_no,
    u.item_no,
    u.session_no,
    u.occurred_at,
    u.tool_call_id,
    -- Inside its parent's wire a subagent's call is not of the parent's next response.
    case when u.is_nested then coalesce(r.response_id, 'kimi-cli:unknown') end as response_id,
    u.is_fork,
    u.is_nested as is_sidechain,
    u.name as tool_name,
    coalesce(k.category, 'other') as tool_category,
    u.name in ('AskUserQuestion', 'ExitPlanMode') as is_question,
    strlen(u.arguments) as input_bytes,
    hash(u.arguments) as input_hash,
    coalesce(u.input->>'$.path', u.input->>'$.file_path') as file_path,
    case u.name
        when 'WriteFile' then line_count(u.input->>'$.content')
        when 'StrReplaceFile' then edited_count(u.input, 'new')
    end as added_line_count,
    case u.name
        when 'WriteFile' then 0
        when 'StrReplaceFile' then edited_count(u.input, 'old')
    end as removed_line_count,
from uses as u
asof left join (
    select source_no, native_agent_id as agent, line_no, response_id,
    from spent
    where is_nested
) as r
    on r.source_no = u.source_no and r.agent = u.native_agent_id and u.line_no <= r.line_no
left join (
    values
        ('Shell', 'shell'), ('Bash', 'shell'), ('CMD', 'shell'), ('PowerShell', 'shell'),
        ('ReadFile', 'read'), ('ReadMediaFile', 'read'),
        ('WriteFile', 'write'),
        ('StrReplaceFile', 'edit'), ('PatchFile', 'edit'),
        ('Glob', 'search'), ('Grep', 'search'),
        ('SearchWeb', 'web'), ('FetchURL', 'web'),
        ('Agent', 'task'), ('Task', 'task'), ('CreateSubagent', 'task'), ('TaskList', 'task'), ('TaskOutput', 'task'),
        ('TaskStop', 'task'),
        ('SetTodoList', 'plan'), ('TodoList', 'plan'), ('EnterPlanMode', 'plan'), ('ExitPlanMode', 'plan'),
        ('AskUserQuestion', 'plan')
) as k (name, category) on k.name = u.name;

insert into raw.tool_commands by name
select source_no, line_no, item_no, masked(command[:1000]) as command,
from (
    select
        source_no,
        line_no,
        item_no,
        -- Of arguments that are cut off or broken, what there is of the command.
        coalesce(input->>'$.command', regexp_extract(arguments, '"command"\s*:\s*"((?:[^"\\]|\\.)*)', 1)) as command,
    from uses
    where name in ('Shell', 'Bash', 'CMD', 'PowerShell')
)
where command <> '';

-- A result belongs to the last call of its id before it, which an earlier load may have stored.
create or replace temp table returned as
with calls as (
    select
        source_no,
        line_no,
        is_sidechain,
        session_no,
        tool_call_id,
        tool_name,
        tool_category,
        file_path,
        added_line_count,
        removed_line_count,
        regexp_extract(tool_call_id, '^kimi-cli:(.*)@[^@]*$', 1) as call_id,
    from raw.tool_uses
    where source_no in (select source_no from batch_sources)
),

answered as (
    select
        m.source_no,
        m.line_no,
        m.item_no,
        m.is_nested,
        arg_max(c, c.line_no) as call,
    from said as m
    inner join calls as c
        on c.source_no = m.source_no
        and c.session_no = m.session_no
        and c.call_id = m.tool_call_id
        and c.line_no <= m.line_no
    where m.kind = 'ToolResult'
    group by all
)

select
    m.*,
    a.call.tool_call_id as use_id,
    a.call.tool_category,
    a.call.file_path,
    a.call.added_line_count,
    a.call.removed_line_count,
    try_cast(nullif(regexp_extract(m.result_message, 'exit code: (-?[0-9]+)', 1), '') as integer) as exit_code,
    regexp_matches(m.result_message, '(?i)rejected by (?:the )?user') as is_rejected,
from answered as a
inner join said as m using (source_no, line_no, item_no, is_nested);

insert into raw.tool_results by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    use_id as tool_call_id,
    case when is_nested then 2 else 1 end as evidence,
    case
        when is_error and is_rejected then 'rejected'
        when is_error and regexp_matches(result_message, '(?i)interrupted|cancelled|canceled') then 'interrupted'
        when is_error then 'failed'
        else 'ok'
    end as status,
    case when is_error is null then 'inferred' else 'flag' end as status_source,
    exit_code,
    case
        when not coalesce(is_error, false) then null
        when is_rejected then 'rejected'
        when regexp_matches(result_message, '(?i)interrupted|cancelled|canceled') then 'interrupted'
        when exit_code is not null then 'exit_code'
        when regexp_matches(result_message, '(?i)timed? ?out|timeout') then 'timeout'
        when regexp_matches(result_message, '(?i)not found|does not exist|no such file') then 'not_found'
        when regexp_matches(result_message, '(?i)permission|not allowed|denied|outside the work') then 'permission'
        when regexp_matches(result_message, '(?i)validat|pars(?:e|ing)|invalid') then 'invalid_call'
        else 'other'
    end as error_kind,
    output_bytes as result_bytes,
    output_hash as result_hash,
from returned;

insert into raw.tool_errors by name
select source_no, line_no, item_no, masked(words[:200]) as error_text,
from (
    select *, coalesce(nullif(result_message, ''), unwrapped(output_preview)) as words,
    from returned
    where is_error
)
where words <> '';

insert into raw.file_changes by name
with shown as (
    select source_no, line_no, item_no >> 16 as item_no, bool_and(old_text_bytes = 0) as is_new,
    from staged_display
    where type = 'diff'
    group by all
)

select
    r.source_no,
    r.line_no,
    r.item_no,
    r.session_no,
    r.occurred_at,
    r.use_id as tool_call_id,
    r.file_path,
    case when r.tool_category = 'write' and s.is_new then 'create' else 'edit' end as operation,
    r.added_line_count,
    r.removed_line_count,
    'args' as evidence,
from returned as r
left join shown as s using (source_no, line_no, item_no)
where
    r.tool_category in ('write', 'edit')
    and r.file_path is not null
    and not coalesce(r.is_error, false)
    and not r.is_nested;

insert into raw.api_errors by name
select
    m.source_no,
    m.line_no,
    m.item_no,
    m.session_no,
    m.occurred_at,
    md5(concat_ws(':', 'kimi-cli', epoch_us(m.occurred_at), m.message_hash))::uuid as uuid,
    api_error_kind(l.status_code, regexp_replace(coalesce(l.error_type, ''), '([a-z])([A-Z])', '\1_\2', 'g')) as error_kind,
    small(l.status_code) as http_status,
    l.error_type as code,
    small(l.next_attempt) - 1 as attempt_number,
    small(l.max_attempts) as max_attempt_count,
    try_cast(round(l.wait_s * 1000) as bigint) as retry_wait_ms,
    false as is_final,
from said as m
inner join staged_line as l using (source_no, line_no, item_no)
where m.kind = 'StepRetry' and not m.is_nested;

insert into raw.compactions by name
with sizes as (
    select source_no, line_no, counted(context_tokens) as context_tokens,
    from staged_line
    where context_tokens is not null
),

ends as (
    select source_no, line_no, occurred_at,
    from said
    where kind = 'CompactionEnd' and not is_nested
)

select
    m.source_no,
    m.line_no,
    m.item_no,
    m.session_no,
    m.occurred_at,
    md5(concat_ws(':', 'kimi-cli', epoch_us(m.occurred_at), m.message_hash))::uuid as uuid,
    'unknown' as trigger,
    b.context_tokens as before_tokens,
    a.context_tokens as after_tokens,
    epoch_ms(e.occurred_at) - epoch_ms(m.occurred_at) as duration_ms,
from said as m
asof left join sizes as b on b.source_no = m.source_no and m.line_no >= b.line_no
asof left join sizes as a on a.source_no = m.source_no and m.line_no <= a.line_no
asof left join ends as e on e.source_no = m.source_no and m.line_no <= e.line_no
where m.kind = 'CompactionBegin' and not m.is_nested;

-- A compaction that an earlier load saw begin.
update raw.compactions set after_tokens = coalesce(after_tokens, e.context_tokens), duration_ms = coalesce(duration_ms, e.ended_ms)
from (
    select
        c.source_no,
        c.line_no,
        c.item_no,
        counted(a.context_tokens) as context_tokens,
        epoch_ms(e.occurred_at) - epoch_ms(c.occurred_at) as ended_ms,
    from raw.compactions as c
    asof left join (select source_no, line_no, context_tokens from staged_line where context_tokens is not null) as a
        on a.source_no = c.source_no and c.line_no <= a.line_no
    asof left join (select source_no, line_no, occurred_at from said where kind = 'CompactionEnd' and not is_nested) as e
        on e.source_no = c.source_no and c.line_no <= e.line_no
    where c.source_no in (select source_no from batch_sources) and (c.after_tokens is null or c.duration_ms is null)
) as e
where compactions.source_no = e.source_no and compactions.line_no = e.line_no and compactions.item_no = e.item_no;

-- Messages of a context file: without times, and without what they cost.
create or replace temp table remembered as
with parts as (
    select
        source_no,
        line_no,
        item_no >> 16 as item_no,
        sum(text_bytes)::bigint as text_bytes,
        sum(think_bytes)::bigint as think_bytes,
        arg_min(text, item_no) filter (where text is not null) as text,
    from staged_content_part
    group by all
)

select
    l.source_no,
    l.line_no,
    l.item_no,
    t.session_no,
    t.native_session_id,
    t.native_agent_id,
    l.role,
    l.context_call_id,
    coalesce(l.content_bytes, p.text_bytes) as text_bytes,
    p.think_bytes,
    coalesce(l.content, p.text) as text,
from staged_line as l
inner join transcripts as t using (source_no)
left join parts as p using (source_no, line_no, item_no)
where l.kind is null and l.role is not null;

insert into raw.events by name
select
    r.source_no,
    r.line_no,
    r.item_no,
    r.session_no,
    case
        when r.role = 'user' then
            case
                when r.native_agent_id is not null or ltrim(r.text) like '<system%' then 'user_injected'
                else 'user_prompt'
            end
        when r.role = 'assistant' then case when c.source_no is not null then 'tool_call' else 'assistant' end
        when r.role = 'tool' then 'tool_result'
        else 'meta'
    end as event_type,
    -- Without times a line of the session is known by its number, as long as it says the same.
    md5(
        concat_ws(
            ':', 'kimi-cli', r.native_session_id, coalesce(r.native_agent_id, ''), r.line_no, r.item_no, r.role, r.context_call_id,
            r.text_bytes, r.think_bytes, r.text
        )
    )::uuid as uuid,
    false as is_fork,
    r.text_bytes,
    r.think_bytes as reasoning_bytes,
from remembered as r
left join (select distinct source_no, line_no, item_no >> 16 as item_no from staged_call) as c
    using (source_no, line_no, item_no);

-- @only-with staged_call
insert into raw.tool_uses by name
select
    c.source_no,
    c.line_no,
    c.item_no,
    r.session_no,
    concat('kimi-cli:', c.id, '@', coalesce(r.native_agent_id, r.native_session_id)) as tool_call_id,
    false as is_fork,
    false as is_sidechain,
    c.name as tool_name,
    case
        when c.name in ('Shell', 'Bash', 'CMD', 'PowerShell') then 'shell'
        when c.name = 'ReadFile' then 'read'
        when c.name = 'WriteFile' then 'write'
        when c.name in ('StrReplaceFile', 'PatchFile') then 'edit'
        when c.name in ('Glob', 'Grep') then 'search'
        when c.name in ('SearchWeb', 'FetchURL') then 'web'
        when c.name in ('Agent', 'Task') then 'task'
        else 'other'
    end as tool_category,
    c.name in ('AskUserQuestion', 'ExitPlanMode') as is_question,
    strlen(c.arguments) as input_bytes,
    hash(c.arguments) as input_hash,
from staged_call as c
inner join remembered as r on r.source_no = c.source_no and r.line_no = c.line_no and r.item_no = c.item_no >> 16
where c.id is not null;

insert into raw.tool_results by name
select
    r.source_no,
    r.line_no,
    r.item_no,
    r.session_no,
    concat('kimi-cli:', r.context_call_id, '@', coalesce(r.native_agent_id, r.native_session_id)) as tool_call_id,
    3 as evidence,
    -- A failure is told to the model in these words.
    case
        when not regexp_matches(r.text, '^\s*<system>\s*ERROR') then 'ok'
        when contains(r.text, 'rejected by the user') then 'rejected'
        else 'failed'
    end as status,
    case when regexp_matches(r.text, '^\s*<system>\s*ERROR') then 'text' else 'inferred' end as status_source,
    try_cast(nullif(regexp_extract(r.text, 'exit code: (-?[0-9]+)', 1), '') as integer) as exit_code,
    r.text_bytes as result_bytes,
from remembered as r
where r.role = 'tool' and r.context_call_id is not null;
