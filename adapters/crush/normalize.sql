-- Messages and sessions of Crush to the raw tables.
--
-- Reads staged_record, staged_part and batch_sources. The rules and where they come from: README.md beside this file.

create or replace temp table named_sessions as
select session_id as native_session_id, null::varchar as native_agent_id
from staged_record
where session_id is not null
union
select parent_id, null
from staged_record
where parent_id is not null;

-- @include register_sessions

create or replace temp table records as
select
    r.*,
    k.session_no,
    p.session_no as parent_session_no,
from staged_record as r
inner join known_sessions as k on k.native_session_id = r.session_id and k.native_agent_id is null
left join known_sessions as p on p.native_session_id = r.parent_id and p.native_agent_id is null;

-- The data folder is in the project, unless the user moved it.
insert into raw.session_headers by name
select
    r.source_no,
    min(r.line_no) as line_no,
    r.session_no,
    case when any_value(r.parent_id) is null then 'main' else 'subagent' end as kind,
    any_value(r.parent_session_no) as parent_session_no,
    nullif(regexp_extract(any_value(b.path), '^(.+)[\\/]\.crush[\\/][^\\/]+$', 1), '') as cwd,
from records as r
inner join batch_sources as b using (source_no)
group by r.source_no, r.session_no;

create or replace temp table parts as
select
    p.source_no,
    p.line_no,
    p.item_no % 65536 + 1 as part_number,
    p.* exclude (source_no, line_no, item_no),
    r.session_no,
    r.session_id,
    r.parent_id,
    r.message_id,
    r.role,
    r.created_at,
    coalesce(to_timestamp(case when p.finished_s between 1 and 100000000000 then p.finished_s end), r.finished_at) as ended_at,
from staged_part as p
inner join records as r using (source_no, line_no);

insert into raw.events by name
with summed as (
    select
        source_no,
        line_no,
        sum(coalesce(text_bytes, content_bytes))::bigint as text_bytes,
        sum(thinking_bytes)::bigint as reasoning_bytes,
        bool_or(text_bytes > 0 and is_hidden is not true) as is_typed,
        bool_or(type in ('image_url', 'binary')) as has_file,
        bool_or(command is not null) as has_command,
        bool_or(finish = 'canceled') as is_interruption,
        max(ended_at) filter (where finish is not null) as ended_at,
    from parts
    group by source_no, line_no
)

select
    r.source_no,
    r.line_no,
    0 as item_no,
    r.session_no,
    case when r.role = 'assistant' then coalesce(s.ended_at, r.finished_at, r.created_at) else r.created_at end as occurred_at,
    case
        when r.is_summary then 'compaction'
        when r.role = 'user' and r.parent_id is null and (s.is_typed or s.has_file) then 'user_prompt'
        when r.role = 'user' and s.has_command then 'tool_call'
        when r.role = 'user' then 'user_injected'
        when r.role = 'assistant' then 'assistant'
        when r.role = 'tool' then 'tool_result'
        when r.role = 'system' then 'system'
        else 'unknown'
    end as event_type,
    md5('crush:' || r.message_id)::uuid as uuid,
    false as is_fork,
    s.text_bytes,
    s.reasoning_bytes,
    coalesce(s.is_interruption, false) as is_interruption,
from records as r
left join summed as s on s.source_no = r.source_no and s.line_no = r.line_no
where r.message_id is not null;

-- Only the cost adds up, and a child's is in its parent's: one row for each session that no other one started.
insert into raw.usage by name
select
    source_no,
    line_no,
    0 as item_no,
    session_no,
    session_created_at as occurred_at,
    'record' as form,
    'crush:' || session_id as response_id,
    false as is_fork,
    false as is_sidechain,
    session_provider as provider,
    session_model as model_raw,
    case when cost_usd > 0 then cost_usd end as reported_cost_usd,
    'session' as granularity,
    null as api_call_count,
from records
where message_id is null and parent_id is null and (cost_usd > 0 or answer_count > 0);

-- Calls of tools, and what a person ran in the shell from the prompt.
create or replace temp table tools as
select
    source_no,
    line_no,
    part_number,
    session_no,
    created_at,
    'crush:' || session_id || ':' || coalesce(nullif(call_id, ''), message_id || '-' || part_number) as tool_call_id,
    tool,
    input_bytes,
    input_hash,
    command,
    case when json_valid(input_text) then input_text::json end as input,
    regexp_extract(input_text, '"(?:file_path|path)"\s*:\s*"((?:[^"\\]|\\.)*)"', 1) as named_path,
    null::integer as exit_code,
from parts
where type = 'tool_call'
union all
select
    source_no,
    line_no,
    part_number,
    session_no,
    created_at,
    'crush:' || session_id || ':' || message_id || '-' || part_number,
    'bash',
    strlen(command),
    hash(command),
    command,
    null,
    null,
    exit_code::integer,
from parts
where type like 'shell%' and command is not null;

insert into raw.tool_uses by name
select
    t.source_no,
    t.line_no,
    t.part_number * 2 - 1 as item_no,
    t.session_no,
    t.created_at as occurred_at,
    t.tool_call_id,
    false as is_fork,
    false as is_sidechain,
    t.tool as tool_name,
    case when t.tool like 'mcp\_%' escape '\' then nullif(split_part(t.tool, '_', 2), '') end as mcp_server,
    coalesce(c.category, case when t.tool like 'mcp\_%' escape '\' then 'mcp' end, 'other') as tool_category,
    t.input_bytes,
    t.input_hash,
    coalesce(t.input ->> '$.file_path', t.input ->> '$.path', nullif(t.named_path, '')) as file_path,
from tools as t
left join (
    values
    ('bash', 'shell'), ('job_output', 'shell'), ('job_kill', 'shell'), ('view', 'read'), ('read', 'read'), ('write', 'write'),
    ('edit', 'edit'), ('multiedit', 'edit'), ('patch', 'edit'), ('glob', 'search'), ('grep', 'search'), ('ls', 'search'),
    ('sourcegraph', 'search'), ('lsp_references', 'search'), ('lsp_diagnostics', 'search'), ('diagnostics', 'search'),
    ('fetch', 'web'), ('agentic_fetch', 'web'), ('web_fetch', 'web'), ('web_search', 'web'), ('download', 'web'),
    ('agent', 'task'), ('todos', 'plan')
) as c(tool, category) on c.tool = t.tool;

insert into raw.tool_commands by name
select source_no, line_no, part_number * 2 - 1 as item_no, masked(coalesce(command, input ->> '$.command')[:1000]) as command,
from tools
where coalesce(command, input ->> '$.command') <> '';

-- Results are messages of their own. A command's exit code stands at the end of what it printed.
create or replace temp table results as
with read_results as (
    select
        source_no,
        line_no,
        part_number,
        session_no,
        created_at,
        'crush:' || session_id || ':' || result_of as tool_call_id,
        tool,
        coalesce(is_error, false) as is_error,
        content_bytes,
        content_hash,
        coalesce(content_preview, '') as words,
        case
            when tool = 'bash' then
                try_cast(nullif(regexp_extract(coalesce(content_tail, content_preview), 'Exit code:? ([0-9]+)\s*(?:<cwd>[^<]*</cwd>\s*)?$', 1), '') as integer)
        end as exit_code,
        try_cast(nullif(regexp_extract(metadata, '"additions":([0-9]+)', 1), '') as bigint) as added_line_count,
        try_cast(nullif(regexp_extract(metadata, '"removals":([0-9]+)', 1), '') as bigint) as removed_line_count,
        try_cast(nullif(regexp_extract(metadata, '"start_time":([0-9]+)', 1), '') as bigint) as started_ms,
        try_cast(nullif(regexp_extract(metadata, '"end_time":([0-9]+)', 1), '') as bigint) as ended_ms,
    from parts
    where type = 'tool_result' and result_of is not null
    union all
    select source_no, line_no, part_number, session_no, created_at, 'crush:' || session_id || ':' || message_id || '-' || part_number,
        'bash', false, output_bytes, output_hash, '', exit_code, null, null, null, null,
    from parts
    where type like 'shell%' and command is not null
)

select
    *,
    case
        when is_error and regexp_matches(words, '(?i)user denied permission|permission denied by (?:the )?user') then 'rejected'
        when is_error and regexp_matches(words, '(?i)^\s*(?:tool (?:call|execution) )?(?:was )?(?:cancel|abort|interrupt)') then 'interrupted'
        when is_error or exit_code <> 0 then 'failed'
        else 'ok'
    end as ending,
from read_results;

insert into raw.tool_results by name
select
    source_no,
    line_no,
    part_number * 2 as item_no,
    session_no,
    created_at as occurred_at,
    tool_call_id,
    1 as evidence,
    ending as status,
    case
        when ending in ('rejected', 'interrupted') then 'text'
        when exit_code is not null and not is_error then 'exit_code'
        else 'flag'
    end as status_source,
    exit_code,
    case
        when ending in ('rejected', 'interrupted') then ending
        when ending = 'ok' then null
        when exit_code <> 0 then 'exit_code'
        when regexp_matches(words, '(?i)timed? ?out') then 'timeout'
        else 'other'
    end as error_kind,
    case when ended_ms >= started_ms and started_ms > 100000000000 then ended_ms - started_ms end as duration_ms,
    content_bytes as result_bytes,
    content_hash as result_hash,
from results;

insert into raw.tool_errors by name
select source_no, line_no, part_number * 2 as item_no, masked(words[:200]) as error_text,
from results
where ending <> 'ok' and words <> '';

-- What an edit changed stands with its result, the file with the call.
insert into raw.file_changes by name
select
    r.source_no,
    r.line_no,
    r.part_number * 2 as item_no,
    r.session_no,
    r.created_at as occurred_at,
    r.tool_call_id,
    u.file_path,
    'edit' as operation,
    r.added_line_count,
    r.removed_line_count,
    'diff' as evidence,
from results as r
inner join (
    select tool_call_id, any_value(file_path) as file_path,
    from raw.tool_uses
    where tool_call_id in (select tool_call_id from results) and file_path is not null
    group by tool_call_id
) as u on u.tool_call_id = r.tool_call_id
where r.ending = 'ok' and r.added_line_count is not null;

insert into raw.api_errors by name
select
    source_no,
    line_no,
    part_number * 2 - 1 as item_no,
    session_no,
    coalesce(ended_at, created_at) as occurred_at,
    md5('crush:' || message_id || ':' || part_number)::uuid as uuid,
    case when finish = 'content_filter' then 'content_filter'
        else api_error_kind(
            try_cast(nullif(regexp_extract(coalesce(finish_details, '') || ' ' || coalesce(finish_message, ''), '\b([45][0-9][0-9])\b', 1), '') as integer),
            coalesce(finish_message, '') || ' ' || coalesce(finish_details, '')
        ) end as error_kind,
    try_cast(nullif(regexp_extract(coalesce(finish_details, '') || ' ' || coalesce(finish_message, ''), '\b([45][0-9][0-9])\b', 1), '') as integer) as http_status,
    finish as code,
    true as is_final,
from parts
where finish in ('error', 'content_filter');

insert into raw.compactions by name
select
    source_no,
    line_no,
    0 as item_no,
    session_no,
    coalesce(finished_at, created_at) as occurred_at,
    md5('crush:' || message_id)::uuid as uuid,
    'unknown' as trigger,
from records
where is_summary;
