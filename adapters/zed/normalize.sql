-- Staged threads and messages of Zed's database to the raw tables.
--
-- Reads staged_line, staged_request, staged_user_block, staged_block, staged_result, staged_segment, staged_old_use,
-- staged_old_result and batch_sources. The rules and where they come from: README.md beside this file.

create or replace temp table named_sessions as
select thread_id as native_session_id, null::varchar as native_agent_id from staged_line where thread_id is not null
union
select parent_id, null from staged_line where parent_id is not null;

-- @include register_sessions

create or replace temp table threads as
select
    l.*,
    s.session_no,
    p.session_no as parent_session_no,
    'zed:' || l.thread_id || ':' as prefix,
from staged_line as l
inner join known_sessions as s on s.native_session_id = l.thread_id and s.native_agent_id is null
left join known_sessions as p on p.native_session_id = nullif(l.parent_id, l.thread_id) and p.native_agent_id is null
where l.kind = 'thread';

insert into raw.session_headers by name
select
    source_no,
    line_no,
    session_no,
    case when parent_session_no is not null then 'subagent' else 'main' end as kind,
    parent_session_no,
    coalesce(folder, worktree) as cwd,
    git_branch,
    masked(git_remote) as git_remote,
    provider,
from threads;

-- A thread has the times of its first and its last saving; its messages have none.
insert into raw.events by name
select
    source_no,
    line_no,
    item_no + saving as item_no,
    session_no,
    case saving when 0 then least(created_at, updated_at) else updated_at end as occurred_at,
    'meta' as event_type,
    md5(prefix || 'saving:' || saving || coalesce(':' || epoch_us(occurred_at), ''))::uuid as uuid,
    false as is_fork,
from threads
cross join (values (0), (1)) as savings (saving);

create or replace temp table messages as
with contents as (
    select
        source_no, line_no, item_no >> 16 as item_no, sum(text_bytes)::bigint as text_bytes, null::bigint as thinking_bytes,
        false as has_call, false as has_thinking,
    from staged_user_block
    group by all
    union all
    select
        source_no, line_no, item_no >> 16, sum(text_bytes)::bigint, sum(thinking_bytes)::bigint, bool_or(id is not null),
        bool_or(thinking_bytes is not null or redacted is not null),
    from staged_block
    group by all
    union all
    select
        g.source_no, g.line_no, g.item_no >> 16, sum(g.text_bytes) filter (where g.type = 'text')::bigint,
        sum(g.text_bytes) filter (where g.type = 'thinking')::bigint, false, bool_or(g.type <> 'text'),
    from staged_segment as g
    group by all
),

old_calls as (
    select distinct source_no, line_no, true as has_old_call
    from staged_old_use
)

select
    l.source_no,
    l.line_no,
    l.item_no,
    t.session_no,
    t.prefix,
    t.parent_session_no is not null as is_subagent,
    case
        when l."user" is not null or l.role = 'user' then 'user'
        when l.agent is not null or l.role = 'assistant' then 'assistant'
        when l.compaction is not null then 'compaction'
        when l.word = 'Resume' then 'resume'
    end as speaker,
    t.prefix || coalesce(l.user_id, 'place:' || l.place) as message_id,
    c.text_bytes,
    c.thinking_bytes,
    coalesce(c.has_call, false) or coalesce(o.has_old_call, false) as has_call,
    c.has_thinking,
    l.role = 'user' and r.source_no is not null as has_result,
from staged_line as l
inner join threads as t on t.source_no = l.source_no and t.line_no >> 15 = l.line_no >> 15
left join contents as c on c.source_no = l.source_no and c.line_no = l.line_no and c.item_no = l.item_no
left join old_calls as o on o.source_no = l.source_no and o.line_no = l.line_no
left join (select distinct source_no, line_no from staged_old_result) as r on r.source_no = l.source_no and r.line_no = l.line_no
where l.kind = 'message';

insert into raw.events by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    case
        when has_result and text_bytes is null then 'tool_result'
        when speaker = 'user' and is_subagent then 'user_injected'
        when speaker = 'user' then 'user_prompt'
        when speaker = 'compaction' then 'compaction'
        when speaker = 'resume' then 'system'
        when speaker is null then 'unknown'
        when has_call then 'tool_call'
        when coalesce(text_bytes, 0) = 0 and has_thinking then 'reasoning'
        else 'assistant'
    end as event_type,
    md5(message_id)::uuid as uuid,
    false as is_fork,
    text_bytes,
    thinking_bytes as reasoning_bytes,
from messages;

insert into raw.compactions by name
select source_no, line_no, item_no, session_no, md5(message_id)::uuid as uuid, 'unknown' as trigger,
from messages
where speaker = 'compaction';

-- Of each prompt the last request alone is kept; the thread's own sum has all of them, where it is kept at all.
insert into raw.usage by name
with requests as (
    select
        r.source_no, r.line_no, r.item_no, r.user_id,
        coalesce(counted(r.input_tokens), 0) as input_tokens,
        coalesce(counted(r.read_tokens), 0) as read_tokens,
        coalesce(counted(r.write_tokens), 0) as write_tokens,
        coalesce(counted(r.output_tokens), 0) as output_tokens,
    from staged_request as r
    where greatest(r.input_tokens, r.read_tokens, r.write_tokens, r.output_tokens) > 0
),

request_sums as (
    select source_no, line_no, sum(input_tokens + read_tokens + write_tokens + output_tokens) as total_tokens,
    from requests
    group by all
),

sums as (
    select
        t.*,
        coalesce(counted(t.sum_input_tokens), 0) + coalesce(counted(t.sum_read_tokens), 0)
        + coalesce(counted(t.sum_write_tokens), 0) + coalesce(counted(t.sum_output_tokens), 0)
        > coalesce(r.total_tokens, 0) as is_larger,
    from threads as t
    left join request_sums as r using (source_no, line_no)
)

select
    s.source_no,
    s.line_no,
    s.item_no,
    s.session_no,
    s.updated_at as occurred_at,
    'record' as form,
    s.prefix || 'cumulative' as response_id,
    false as is_fork,
    s.parent_session_no is not null as is_sidechain,
    s.provider,
    s.model as model_raw,
    coalesce(counted(s.sum_input_tokens), 0) as uncached_input_tokens,
    coalesce(counted(s.sum_read_tokens), 0) as cache_read_tokens,
    coalesce(counted(s.sum_write_tokens), 0) as cache_write_5m_tokens,
    0 as cache_write_1h_tokens,
    coalesce(counted(s.sum_output_tokens), 0) as output_tokens,
    'session' as granularity,
    null as api_call_count,
from sums as s
where s.is_larger
union all by name
select
    r.source_no,
    r.line_no,
    r.item_no + 2 as item_no,
    s.session_no,
    s.updated_at as occurred_at,
    'response' as form,
    s.prefix || r.user_id as response_id,
    false as is_fork,
    s.parent_session_no is not null as is_sidechain,
    s.provider,
    s.model as model_raw,
    r.input_tokens as uncached_input_tokens,
    r.read_tokens as cache_read_tokens,
    r.write_tokens as cache_write_5m_tokens,
    0 as cache_write_1h_tokens,
    r.output_tokens,
    'call' as granularity,
    1 as api_call_count,
from requests as r
inner join sums as s on s.source_no = r.source_no and s.line_no = r.line_no
where not s.is_larger;

create or replace temp table calls as
select c.*, m.session_no, m.is_subagent, m.prefix || c.id as tool_call_id,
from (
    select source_no, line_no, item_no, id, name, input_bytes, input_hash, command, path, source_path, mode from staged_block
    union all
    select source_no, line_no, item_no, id, name, input_bytes, input_hash, command, path, source_path, mode from staged_old_use
) as c
inner join messages as m on m.source_no = c.source_no and m.line_no = c.line_no and m.item_no = c.item_no >> 16
where c.id is not null;

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
    coalesce(k.category, 'other') as tool_category,
    c.input_bytes,
    c.input_hash,
    coalesce(c.path, c.source_path) as file_path,
from calls as c
left join (
    values
        ('terminal', 'shell'), ('bash', 'shell'),
        ('read_file', 'read'), ('open', 'read'), ('diagnostics', 'read'), ('symbol_info', 'read'),
        ('write_file', 'write'), ('create_file', 'write'), ('create_directory', 'write'), ('delete_path', 'write'),
        ('move_path', 'write'), ('copy_path', 'write'), ('save_file', 'write'), ('restore_file_from_disk', 'write'),
        ('edit_file', 'edit'), ('streaming_edit_file', 'edit'), ('find_replace_file', 'edit'), ('rename', 'edit'), ('code_action', 'edit'),
        ('grep', 'search'), ('regex_search', 'search'), ('find_path', 'search'), ('path_search', 'search'), ('list_directory', 'search'),
        ('code_symbols', 'search'), ('contents', 'search'),
        ('fetch', 'web'), ('web_search', 'web'),
        ('spawn_agent', 'task'), ('subagent', 'task'),
        ('update_plan', 'plan'), ('thinking', 'plan')
) as k (name, category) on k.name = c.name;

insert into raw.tool_commands by name
select source_no, line_no, item_no, masked(command) as command,
from calls
where name in ('terminal', 'bash') and command is not null;

create or replace temp table endings as
select
    r.*,
    m.session_no,
    m.prefix || r.id as tool_call_id,
    ltrim(coalesce(nullif(regexp_extract(r.content_preview, '"Text"\s*:\s*"((?:[^"\\]|\\.)*)', 1), ''), r.content_text, r.content_preview)) as words,
from (
    select source_no, line_no, item_no, id, is_error, content_bytes, content_hash, content_preview, content_text from staged_result
    union all
    select source_no, line_no, item_no, id, is_error, content_bytes, content_hash, content_preview, content_text from staged_old_result
) as r
inner join messages as m on m.source_no = r.source_no and m.line_no = r.line_no and m.item_no = r.item_no >> 16
where r.id is not null and r.is_error is not null;

insert into raw.tool_results by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    tool_call_id,
    1 as evidence,
    case
        when not is_error then 'ok'
        when regexp_matches(words, '(?i)permission to run tool denied|denied by (?:the )?user') then 'rejected'
        when regexp_matches(words, '(?i)^tool cancell?ed') then 'interrupted'
        else 'failed'
    end as status,
    'flag' as status_source,
    case
        when not is_error then null
        when regexp_matches(words, '(?i)permission to run tool denied|denied by (?:the )?user') then 'rejected'
        when regexp_matches(words, '(?i)^tool cancell?ed') then 'interrupted'
        when regexp_matches(words, '(?i)timed? ?out') then 'timeout'
        when regexp_matches(words, '(?i)not found|does not exist|no such file') then 'not_found'
        else 'other'
    end as error_kind,
    content_bytes as result_bytes,
    content_hash as result_hash,
from endings;

insert into raw.tool_errors by name
select source_no, line_no, item_no, masked(words[:200]) as error_text,
from endings
where is_error and words <> '';

insert into raw.file_changes by name
select
    c.source_no,
    c.line_no,
    c.item_no,
    c.session_no,
    c.tool_call_id,
    coalesce(c.path, c.source_path) as file_path,
    case
        when c.name = 'delete_path' then 'delete'
        when c.name = 'move_path' then 'rename'
        when c.name = 'create_file' or c.mode = 'create' then 'create'
        else 'edit'
    end as operation,
    'args' as evidence,
from calls as c
semi join (from endings where not is_error) as e on e.tool_call_id = c.tool_call_id
where
    c.name in ('edit_file', 'streaming_edit_file', 'write_file', 'create_file', 'find_replace_file', 'delete_path', 'move_path')
    and coalesce(c.path, c.source_path) is not null;
