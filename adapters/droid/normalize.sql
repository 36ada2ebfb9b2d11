-- Staged records of Droid sessions, with the sums in the settings beside them, to the raw tables.
--
-- Reads staged_line, staged_block and batch_sources. The rules and where they come from: README.md beside this file.

create or replace temp table transcripts as
select
    b.source_no,
    coalesce(known.native_session_id, s.session_id, b.stem) as session_id,
    coalesce(known.is_called, s.is_called, false) as is_called,
    coalesce(known.is_forked, s.is_forked, false) as is_forked,
    b.context,
from batch_sources as b
left join (
    select
        source_no,
        arg_min(id, line_no) as session_id,
        arg_min(caller_id is not null, line_no) as is_called,
        arg_min(parent_id is not null, line_no) as is_forked,
    from staged_line
    where type = 'session_start' and id is not null
    group by source_no
) as s using (source_no)
left join (
    select
        h.source_no,
        any_value(s.native_session_id) as native_session_id,
        nullif(bool_or(h.kind = 'subagent'), false) as is_called,
        nullif(bool_or(h.kind = 'fork'), false) as is_forked,
    from raw.session_headers as h
    inner join raw.sessions as s using (session_no)
    where h.source_no in (select source_no from batch_sources)
    group by h.source_no
) as known using (source_no)
where b.source_no in (select source_no from staged_line);

create or replace temp table named_sessions as
select session_id as native_session_id, null::varchar as native_agent_id,
from transcripts
union
select unnest([caller_id, parent_id]), null
from staged_line
where type = 'session_start';

-- @include register_sessions

create or replace temp table lines as
select l.*, t.session_id, t.is_called, t.is_forked, k.session_no,
from staged_line as l
inner join transcripts as t using (source_no)
inner join known_sessions as k on k.native_session_id = t.session_id and k.native_agent_id is null;

insert into raw.session_headers by name
with starts as (
    select
        source_no,
        session_no,
        min(line_no) as line_no,
        arg_min(caller_id, line_no) filter (where type = 'session_start') as caller_id,
        arg_min(parent_id, line_no) filter (where type = 'session_start') as parent_id,
        arg_min(cwd, line_no) filter (where cwd is not null) as cwd,
        arg_min(agent_version, line_no) filter (where agent_version is not null) as agent_version,
        bool_or(type = 'session_start') as is_stated,
    from lines
    group by source_no, session_no
)

select
    s.source_no,
    s.line_no,
    s.session_no,
    case when s.caller_id is not null then 'subagent' when s.parent_id is not null then 'fork' when s.is_stated then 'main' end as kind,
    c.session_no as parent_session_no,
    p.session_no as forked_from_session_no,
    false as is_replaying,
    s.cwd,
    s.agent_version,
    lower(t.context ->> 'provider') as provider,
from starts as s
inner join transcripts as t using (source_no)
left join known_sessions as c on c.native_session_id = s.caller_id and c.native_agent_id is null
left join known_sessions as p on p.native_session_id = s.parent_id and p.native_agent_id is null;

insert into raw.events by name
with contents as (
    select
        source_no,
        line_no,
        item_no >> 16 as item_no,
        bool_or(type = 'tool_use') as has_call,
        bool_or(type = 'tool_result') as has_result,
        bool_or(type = 'text') as has_text,
        sum(text_bytes)::bigint as text_bytes,
        sum(text_bytes) filter (where not starts_with(ltrim(text), '<system-'))::bigint as own_text_bytes,
        sum(thinking_bytes)::bigint as thinking_bytes,
    from staged_block
    group by all
)

select
    l.source_no,
    l.line_no,
    l.item_no,
    l.session_no,
    l.occurred_at,
    case
        when l.type = 'message' and l.role = 'user' then case
            when c.has_result then 'tool_result'
            when l.is_called or l.visibility is not null or l.hook is not null or coalesce(l.source, 'user') <> 'user' then 'user_injected'
            when c.own_text_bytes > 0 or (l.text <> '' and not starts_with(ltrim(l.text), '<system-')) then 'user_prompt'
            else 'user_injected'
        end
        when l.type = 'message' and l.role = 'assistant' then case
            when c.has_call then 'tool_call'
            when not c.has_text and c.thinking_bytes is not null then 'reasoning'
            else 'assistant'
        end
        when l.type = 'message' then 'system'
        when l.type = 'compaction_state' then 'compaction'
        when l.type = 'agent_turn_outcome' then 'system'
        when l.type in ('session_start', 'session_end', 'todo_state', 'session_settings') then 'meta'
        else 'unknown'
    end::raw.event_type as event_type,
    -- A fork repeats its parent's messages under their ids; ids of another form are not unique over sessions.
    case
        when regexp_full_match(l.id, '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}') and l.type = 'message' then l.id::uuid
        else md5(concat_ws(':', 'droid', l.session_id, l.type, coalesce(l.id, 'line-' || l.line_no)))::uuid
    end as uuid,
    l.is_forked as is_fork,
    coalesce(l.text_bytes, c.own_text_bytes, c.text_bytes) as text_bytes,
    c.thinking_bytes as reasoning_bytes,
from lines as l
left join contents as c using (source_no, line_no, item_no);

-- The sums of a session stand at its last record with a time, wherever the last load ended.
delete from raw.usage where source_no in (select source_no from transcripts);

insert into raw.usage by name
with sums as (
    select
        source_no,
        session_id,
        counted((context ->> 'inputTokens')::bigint) as input_tokens,
        counted((context ->> 'cacheReadTokens')::bigint) as cache_read_tokens,
        counted((context ->> 'cacheCreationTokens')::bigint) as cache_write_tokens,
        counted((context ->> 'outputTokens')::bigint) as output_tokens,
        counted((context ->> 'thinkingTokens')::bigint) as thinking_tokens,
        context ->> 'model' as model,
        context ->> 'provider' as provider,
    from transcripts
),

ends as (
    select
        source_no,
        max(occurred_at) filter (where event_type <> 'meta') as occurred_at,
        coalesce(max(line_no) filter (where occurred_at is not null and event_type <> 'meta'), max(line_no)) as line_no,
    from raw.events
    where source_no in (select source_no from transcripts)
    group by source_no
)

select
    s.source_no,
    e.line_no,
    0 as item_no,
    k.session_no,
    e.occurred_at,
    'record'::raw.usage_form as form,
    'droid:' || s.session_id || ':total' as response_id,
    false as is_fork,
    false as is_sidechain,
    lower(s.provider) as provider,
    s.model as model_raw,
    s.input_tokens as uncached_input_tokens,
    s.cache_read_tokens,
    s.cache_write_tokens as cache_write_5m_tokens,
    case when s.cache_write_tokens is not null then 0 end as cache_write_1h_tokens,
    s.output_tokens + coalesce(s.thinking_tokens, 0) as output_tokens,
    s.thinking_tokens as reasoning_tokens,
    'session'::raw.granularity as granularity,
    null::bigint as api_call_count,
from sums as s
inner join ends as e using (source_no)
inner join known_sessions as k on k.native_session_id = s.session_id and k.native_agent_id is null
where
    coalesce(s.input_tokens, 0) + coalesce(s.cache_read_tokens, 0) + coalesce(s.cache_write_tokens, 0)
    + coalesce(s.output_tokens, 0) + coalesce(s.thinking_tokens, 0) > 0;

-- Ids that providers make are unique everywhere, short ones within a session; a fork repeats its parent's.
create or replace temp macro call_key(session_id, id) as case when length(id) >= 20 then 'droid:' || id else 'droid:' || session_id || ':' || id end;

create or replace temp table calls as
select
    b.* exclude (type),
    l.session_no,
    l.occurred_at,
    l.is_forked,
    call_key(l.session_id, b.id) as tool_call_id,
    l.session_id,
    regexp_extract_all(b.patch, '(?m)^\*\*\* (?:Add|Update|Delete) File: (.+?)\s*$', 1) as patched,
from staged_block as b
inner join lines as l on l.source_no = b.source_no and l.line_no = b.line_no and l.item_no = b.item_no >> 16
where b.type = 'tool_use' and b.id is not null and l.role = 'assistant';

insert into raw.tool_uses by name
select
    c.source_no,
    c.line_no,
    c.item_no,
    c.session_no,
    c.occurred_at,
    c.tool_call_id,
    -- The session's sums are no answer to any one of them.
    'droid:' || c.session_id || ':none' as response_id,
    c.is_forked as is_fork,
    false as is_sidechain,
    c.name as tool_name,
    case
        when c.name like 'mcp\_\_%' escape '\' then split_part(c.name, '__', 2)
        when contains(c.name, '___') then split_part(c.name, '___', 1)
    end as mcp_server,
    case when c.name like 'mcp\_\_%' escape '\' or contains(c.name, '___') then 'mcp' else coalesce(k.category, 'other') end as tool_category,
    c.name in ('AskUser', 'ExitSpecMode', 'ProposeMission') as is_question,
    c.input_bytes,
    c.input_hash,
    coalesce(c.file_path, c.path, c.directory_path, c.patched[1]) as file_path,
    case
        when k.category = 'edit' and coalesce(c.new_count, c.new_string_count) is not null then coalesce(c.new_count, c.new_string_count)
        when k.category = 'write' then c.content_count
        when len(c.patched) = 1 then c.patch_added_count
    end as added_line_count,
    case
        when k.category = 'edit' and coalesce(c.new_count, c.new_string_count) is not null then coalesce(c.old_count, c.old_string_count, 0)
        when k.category = 'write' then 0
        when len(c.patched) = 1 then c.patch_removed_count
    end as removed_line_count,
from calls as c
left join (
    values
        ('Execute', 'shell'), ('KillProcess', 'shell'),
        ('Read', 'read'), ('ViewFile', 'read'),
        ('Create', 'write'), ('Write', 'write'),
        ('Edit', 'edit'), ('MultiEdit', 'edit'), ('ApplyPatch', 'edit'),
        ('Grep', 'search'), ('Glob', 'search'), ('LS', 'search'), ('ToolSearch', 'search'),
        ('WebSearch', 'web'), ('FetchUrl', 'web'),
        ('Task', 'task'), ('TaskOutput', 'task'), ('TaskStop', 'task'),
        ('TodoWrite', 'plan'), ('ExitSpecMode', 'plan'), ('ProposeMission', 'plan'), ('AskUser', 'plan')
) as k (name, category) on k.name = c.name;

insert into raw.tool_commands by name
select source_no, line_no, item_no, masked(command) as command,
from calls
where command is not null;

create or replace temp table endings as
with results as (
    select
        b.source_no,
        b.line_no,
        b.item_no,
        l.session_no,
        l.occurred_at,
        call_key(l.session_id, b.tool_use_id) as tool_call_id,
        b.is_error,
        b.result_bytes,
        b.result_hash,
        unwrapped(b.result_preview) as words,
        coalesce(
            try_cast(regexp_extract(unwrapped(b.result_preview), '^Error: Command failed \(exit code: (-?[0-9]+)\)', 1) as integer),
            try_cast(regexp_extract(coalesce(b.result_tail, b.result_preview), '\[Process exited with code (-?[0-9]+)\]\W*$', 1) as integer)
        ) as exit_code,
    from staged_block as b
    inner join lines as l on l.source_no = b.source_no and l.line_no = b.line_no and l.item_no = b.item_no >> 16
    where b.type = 'tool_result' and b.tool_use_id is not null
)

select
    *,
    case
        when is_error is distinct from false and regexp_matches(words, '(?i)^.{0,60}(?:reject|declined|denied by)') then 'rejected'
        when is_error is distinct from false and regexp_matches(words, '(?i)^.{0,60}(?:cancell?ed|interrupted|aborted) by (?:the )?user') then 'interrupted'
        when is_error then 'failed'
        when exit_code <> 0 then 'failed'
        when is_error is null and starts_with(words, 'Error:') then 'failed'
        else 'ok'
    end as status,
    case
        when is_error then 'flag'
        when exit_code is not null then 'exit_code'
        when is_error is not null then 'flag'
        when starts_with(words, 'Error:') then 'text'
        else 'inferred'
    end as status_source,
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
    status::raw.tool_status as status,
    status_source::raw.status_source as status_source,
    exit_code,
    case
        when status = 'ok' then null
        when status in ('rejected', 'interrupted') then status
        when exit_code <> 0 then 'exit_code'
        when regexp_matches(words, '(?i)timed? ?out') then 'timeout'
        when regexp_matches(words, '(?i)no such file|does not exist|not found') then 'not_found'
        when regexp_matches(words, '(?i)permission|not allowed|denied') then 'permission'
        when regexp_matches(words, '(?i)invalid|missing required|validation') then 'invalid_call'
        else 'other'
    end as error_kind,
    result_bytes,
    result_hash,
from endings;

insert into raw.tool_errors by name
select source_no, line_no, item_no, masked(words[:200]) as error_text,
from endings
where status <> 'ok' and words <> '';

-- An edit that came back without an error did what it was asked to.
insert into raw.file_changes by name
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
)

select
    e.source_no,
    e.line_no,
    e.item_no,
    e.session_no,
    e.occurred_at,
    e.tool_call_id,
    u.file_path,
    case when u.tool_category = 'write' then 'create' else 'edit' end as operation,
    u.added_line_count,
    u.removed_line_count,
    'args' as evidence,
from endings as e
inner join uses as u using (tool_call_id)
where e.status = 'ok' and u.tool_category in ('edit', 'write') and u.file_path is not null;

insert into raw.compactions by name
select source_no, line_no, item_no, session_no, occurred_at, 'unknown' as trigger,
from lines
where type = 'compaction_state';
