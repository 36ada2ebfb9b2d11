-- Staged rows of Goose's database, and lines of its old files, to the raw tables.
--
-- Reads staged_line, staged_block, staged_result_text and batch_sources. The rules and where they come from: README.md beside
-- this file.

-- Seconds since 1970; some builds wrote milliseconds.
create or replace temp macro told_time(n) as case
    when n > 10000000000 then instant(n::hugeint * 1000)
    when n > 0 then instant(n::hugeint * 1000000)
end;
-- `2026-05-01 09:00:00`, in UTC.
create or replace temp macro utc_time(words) as try_cast(words as timestamp) at time zone 'UTC';

-- Whether what was read from and written to the cache is part of the input: providers differ, the total tells.
create or replace temp macro is_inclusive(input_tokens, output_tokens, total_tokens, read_tokens, write_tokens) as
    coalesce(read_tokens, 0) + coalesce(write_tokens, 0) <= input_tokens
    and total_tokens = input_tokens + coalesce(output_tokens, 0);

-- What the total has beyond input, output and cache was thought.
create or replace temp macro reasoned(input_tokens, output_tokens, total_tokens, read_tokens, write_tokens) as case
    when
        total_tokens > input_tokens + output_tokens
        and total_tokens - input_tokens - output_tokens > coalesce(read_tokens, 0) + coalesce(write_tokens, 0)
        then total_tokens - input_tokens - output_tokens
end;

create or replace temp table told as
select
    l.*,
    coalesce(l.session_id, b.stem) as native_session_id,
    b.form,
    coalesce(l.kind, case when l.role is not null then 'message' else 'session' end) as row_kind,
from staged_line as l
inner join batch_sources as b using (source_no);

create or replace temp table named_sessions as
select native_session_id, null::varchar as native_agent_id from told
union
select parent_id, null from told where parent_id is not null;

-- @include register_sessions

create or replace temp table rows_told as
select t.*, s.session_no, 'goose:' || t.native_session_id || ':' as prefix,
from told as t
inner join known_sessions as s on s.native_session_id = t.native_session_id and s.native_agent_id is null;

-- The database took in the old files when it was made.
insert into raw.session_headers by name
select
    r.source_no,
    r.line_no,
    r.session_no,
    case when r.session_type = 'sub_agent' or p.session_no is not null then 'subagent' else 'main' end as kind,
    p.session_no as parent_session_no,
    r.working_dir as cwd,
    nullif(r.provider, '') as provider,
    case r.form when 'database' then 1 else 0 end as rank,
from rows_told as r
left join known_sessions as p
    on p.native_session_id = nullif(r.parent_id, r.native_session_id) and p.native_agent_id is null
where r.row_kind = 'session'
union all by name
-- An old file without its first line, or what was added to one.
select r.source_no, min(r.line_no) as line_no, r.session_no, 0 as rank,
from rows_told as r
where r.form = 'jsonl'
group by r.source_no, r.session_no
having not bool_or(r.row_kind = 'session');

create or replace temp table subagents as
select session_no from raw.session_headers where kind = 'subagent' and session_no in (select session_no from rows_told);

create or replace temp table messages as
with contents as (
    select
        source_no,
        line_no,
        item_no >> 16 as item_no,
        sum(text_bytes)::bigint as text_bytes,
        sum(thinking_bytes)::bigint as thinking_bytes,
        bool_or(type in ('toolRequest', 'frontendToolRequest')) as has_call,
        bool_or(type = 'toolResponse') as has_result,
        bool_or(type in ('text', 'image')) as has_text,
        bool_or(type in ('thinking', 'redactedThinking')) as has_thinking,
    from staged_block
    group by all
)

select
    r.source_no,
    r.line_no,
    r.item_no,
    r.session_no,
    r.prefix,
    r.role,
    r.is_visible,
    told_time(r.created) as occurred_at,
    -- Messages are written anew, under other row numbers, when a conversation is compacted or edited.
    r.prefix || coalesce(r.message_id, r.role || ':' || coalesce(r.created, r.line_no) || ':' || r.content_hash) as message_id,
    r.session_no in (from subagents) as is_subagent,
    c.* exclude (source_no, line_no, item_no),
from rows_told as r
left join contents as c using (source_no, line_no, item_no)
where r.row_kind = 'message';

insert into raw.events by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    case
        when role = 'user' and has_result then 'tool_result'
        when role = 'user' and (is_subagent or is_visible = false or has_text is distinct from true) then 'user_injected'
        when role = 'user' then 'user_prompt'
        when role <> 'assistant' then 'unknown'
        when has_call then 'tool_call'
        when has_text then 'assistant'
        when has_thinking then 'reasoning'
        else 'system'
    end as event_type,
    md5(message_id)::uuid as uuid,
    false as is_fork,
    text_bytes,
    thinking_bytes as reasoning_bytes,
from messages;

-- One row of the ledger is one call. What was carried over from before there was a ledger is the sum of several.
insert into raw.usage by name
select
    r.source_no,
    r.line_no,
    r.item_no,
    r.session_no,
    told_time(r.created) as occurred_at,
    'response' as form,
    r.prefix || 'ledger:' || r.ledger_no as response_id,
    false as is_fork,
    r.session_no in (from subagents) as is_sidechain,
    nullif(r.provider, '') as provider,
    coalesce(nullif(r.model, ''), r.config_model) as model_raw,
    case
        when is_inclusive(r.input_tokens, r.output_tokens, r.total_tokens, r.read_tokens, r.write_tokens)
            then uncached(counted(r.input_tokens), counted(r.read_tokens), counted(r.write_tokens))
        else counted(r.input_tokens)
    end as uncached_input_tokens,
    counted(r.read_tokens) as cache_read_tokens,
    counted(r.write_tokens) as cache_write_5m_tokens,
    case when r.write_tokens is not null then 0 end as cache_write_1h_tokens,
    counted(r.output_tokens) + coalesce(r.reasoning_tokens, 0) as output_tokens,
    r.reasoning_tokens,
    case when r.cost_usd > 0 then r.cost_usd end as reported_cost_usd,
    case when r.is_compaction = 1 then 'compaction' end as purpose,
    case when r.cost_source = 'carried_forward' then 'session' else 'call' end as granularity,
    case when r.cost_source is distinct from 'carried_forward' then 1 end as api_call_count,
from (
    select *, reasoned(input_tokens, output_tokens, total_tokens, read_tokens, write_tokens) as reasoning_tokens,
    from rows_told
) as r
where r.row_kind = 'ledger' and coalesce(r.input_tokens, r.output_tokens) is not null;

insert into raw.compactions by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    told_time(created) as occurred_at,
    md5(prefix || 'ledger:' || ledger_no)::uuid as uuid,
    'unknown' as trigger,
from rows_told
where row_kind = 'ledger' and is_compaction = 1;

insert into raw.events by name
select source_no, line_no, item_no, session_no, told_time(created) as occurred_at,
    case when is_compaction = 1 then 'compaction' else 'meta' end as event_type,
    md5(prefix || 'ledger:' || ledger_no)::uuid as uuid, false as is_fork,
from rows_told
where row_kind = 'ledger';

-- Without a ledger there are sums of the session; `input_tokens` beside them is of the last call alone.
insert into raw.usage by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    utc_time(updated_at) as occurred_at,
    'record' as form,
    prefix || 'accumulated' as response_id,
    false as is_fork,
    session_no in (from subagents) as is_sidechain,
    nullif(provider, '') as provider,
    config_model as model_raw,
    case
        when is_inclusive(sum_input_tokens, sum_output_tokens, sum_total_tokens, sum_read_tokens, sum_write_tokens)
            then uncached(counted(sum_input_tokens), counted(sum_read_tokens), counted(sum_write_tokens))
        else counted(sum_input_tokens)
    end as uncached_input_tokens,
    counted(sum_read_tokens) as cache_read_tokens,
    counted(sum_write_tokens) as cache_write_5m_tokens,
    case when sum_write_tokens is not null then 0 end as cache_write_1h_tokens,
    counted(sum_output_tokens) + coalesce(sum_reasoning_tokens, 0) as output_tokens,
    sum_reasoning_tokens as reasoning_tokens,
    case when sum_cost_usd > 0 then sum_cost_usd end as reported_cost_usd,
    'session' as granularity,
    null as api_call_count,
from (
    select *, reasoned(sum_input_tokens, sum_output_tokens, sum_total_tokens, sum_read_tokens, sum_write_tokens) as sum_reasoning_tokens,
    from rows_told
)
where row_kind = 'session' and coalesce(ledger_count, 0) = 0 and (sum_input_tokens > 0 or sum_output_tokens > 0);

create or replace temp table calls as
select
    b.*,
    m.session_no,
    m.occurred_at,
    m.is_subagent,
    m.prefix || b.id as tool_call_id,
    coalesce(b.extension, case when b.name like '%\_\_%' escape '\' then split_part(b.name, '__', 1) end) as server,
    case when b.name like '%\_\_%' escape '\' then split_part(b.name, '__', 2) else b.name end as tool,
from staged_block as b
inner join messages as m on m.source_no = b.source_no and m.line_no = b.line_no and m.item_no = b.item_no >> 16
where b.id is not null;

insert into raw.tool_uses by name
select
    c.source_no,
    c.line_no,
    c.item_no,
    c.session_no,
    c.occurred_at,
    c.tool_call_id,
    false as is_fork,
    c.is_subagent as is_sidechain,
    c.name as tool_name,
    case when k.category is null then c.server end as mcp_server,
    coalesce(k.category, case when c.server is not null then 'mcp' else 'other' end) as tool_category,
    c.arguments_bytes as input_bytes,
    c.arguments_hash as input_hash,
    coalesce(c.path, c.file_path) as file_path,
    coalesce(c.new_count, c.new_str_count, case when c.tool = 'write' then c.written_count end, c.old_written_count) as added_line_count,
    coalesce(c.old_count, c.old_str_count) as removed_line_count,
from calls as c
left join (
    values
        ('shell', 'shell'), ('bash', 'shell'),
        ('read', 'read'), ('read_file', 'read'), ('list_resources', 'read'), ('read_resource', 'read'), ('read_image', 'read'),
        ('write', 'write'), ('write_file', 'write'),
        ('edit', 'edit'), ('text_editor', 'edit'), ('edit_file', 'edit'),
        ('tree', 'search'), ('analyze', 'search'), ('grep', 'search'), ('glob', 'search'), ('search', 'search'), ('list_windows', 'search'),
        ('web_scrape', 'web'), ('web_search', 'web'),
        ('delegate', 'task'), ('subagent', 'task'), ('dynamic_task__create_task', 'task'), ('create_task', 'task'), ('execute_task', 'task'),
        ('todo_write', 'plan'), ('todo_read', 'plan'), ('final_output', 'other')
) as k (name, category)
    on k.name = c.tool
    and (c.server is null or c.server in ('developer', 'todo', 'platform', 'subagent', 'summon', 'dynamic_task', 'computercontroller'))
where c.type in ('toolRequest', 'frontendToolRequest') and coalesce(c.name, c.call_error) is not null;

insert into raw.tool_commands by name
select source_no, line_no, item_no, masked(command) as command,
from calls
where type in ('toolRequest', 'frontendToolRequest') and tool in ('shell', 'bash') and command is not null;

create or replace temp table endings as
with texts as (
    select source_no, line_no, item_no >> 16 as item_no, arg_min(text, item_no) as text,
    from staged_result_text
    group by all
)

select
    c.*,
    case
        when c.type = 'toolRequest' or c.result_status = 'error' or c.is_error or c.exit_code <> 0 then 'failed'
        else 'ok'
    end as status,
    coalesce(c.call_error, c.result_error, t.text, c.result_preview) as error_text,
from calls as c
left join texts as t on t.source_no = c.source_no and t.line_no = c.line_no and t.item_no = c.item_no >> 16
where c.type = 'toolResponse' or (c.type = 'toolRequest' and c.call_status = 'error');

insert into raw.tool_results by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    -- A request that could not be read failed in the message that made it: nothing ran.
    case type when 'toolResponse' then occurred_at end as occurred_at,
    tool_call_id,
    case type when 'toolResponse' then 1 else 2 end as evidence,
    case
        when status = 'failed' and regexp_matches(error_text, '(?i)user has declined|declined to run|denied by user') then 'rejected'
        when status = 'failed' and regexp_matches(error_text, '(?i)interrupted by the user|cancel+ed') then 'interrupted'
        else status
    end as status,
    'flag' as status_source,
    exit_code,
    case
        when status = 'ok' then null
        when type = 'toolRequest' then 'invalid_call'
        when regexp_matches(error_text, '(?i)timed? ?out') then 'timeout'
        when regexp_matches(error_text, '(?i)no such file|does not exist|not found') then 'not_found'
        when exit_code <> 0 then 'exit_code'
        else 'other'
    end as error_kind,
    result_bytes,
    result_hash,
from endings;

insert into raw.tool_errors by name
select source_no, line_no, item_no, masked(error_text[:200]) as error_text,
from endings
where status = 'failed' and error_text <> '';

-- A file changed when its call ended well; the call may be of an earlier load.
insert into raw.file_changes by name
select
    e.source_no,
    e.line_no,
    e.item_no,
    e.session_no,
    e.occurred_at,
    e.tool_call_id,
    u.file_path,
    'edit' as operation,
    u.added_line_count,
    u.removed_line_count,
    'args' as evidence,
from endings as e
inner join (
    select distinct on (tool_call_id) tool_call_id, tool_category, tool_name, file_path, added_line_count, removed_line_count,
    from raw.tool_uses
    where session_no in (select session_no from endings)
) as u using (tool_call_id)
where
    e.status = 'ok'
    and e.type = 'toolResponse'
    and u.tool_category in ('write', 'edit')
    and u.file_path is not null
    and coalesce(u.added_line_count, u.removed_line_count) is not null
    and not exists (from raw.file_changes as f where f.session_no = e.session_no and f.tool_call_id = e.tool_call_id)
qualify row_number() over (partition by e.tool_call_id order by e.source_no, e.line_no) = 1;
