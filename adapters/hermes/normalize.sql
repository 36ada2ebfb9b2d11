-- Staged records of Hermes Agent's databases, transcripts and snapshots to the raw tables.
--
-- Reads staged_line, staged_account, staged_call, staged_change and batch_sources. The rules and where they come from:
-- README.md beside this file.

create or replace temp table named_sessions as
select distinct session_id as native_session_id, null::varchar as native_agent_id
from staged_line
where session_id is not null
union
select distinct parent_id, null
from staged_line
where parent_id is not null;

-- @include register_sessions

create or replace temp table records as
select
    l.*,
    s.session_no,
    -- A message that repeats another one goes by the name of the first.
    l.origin <> l.session_id || '/' || l.line_no as is_copy,
from staged_line as l
inner join known_sessions as s on s.native_session_id = l.session_id;

-- Of a session in several sources the database counts, then the transcript.
insert into raw.session_headers by name
with firsts as (
    select source_no, session_no, min(line_no) as line_no,
    from records
    group by all
),

settings as (
    from records
    where kind = 'session'
    qualify row_number() over (partition by source_no, session_no order by line_no) = 1
)

select
    f.source_no,
    coalesce(r.line_no, f.line_no) as line_no,
    f.session_no,
    coalesce(r.link, 'main') as kind,
    case when r.link = 'subagent' then p.session_no end as parent_session_no,
    -- A continuation has turns of its own: it is no part of what it continues.
    case when r.link in ('fork', 'continuation') then p.session_no end as forked_from_session_no,
    false as is_replaying,
    r.cwd,
    r.git_branch,
    r.platform as entrypoint,
    r.provider,
    case b.form when 'state' then 2 when 'transcript' then 1 else 0 end as rank,
from firsts as f
inner join batch_sources as b using (source_no)
left join settings as r using (source_no, session_no)
left join known_sessions as p on p.native_session_id = r.parent_id;

insert into raw.events by name
with platforms as (
    select
        source_no,
        session_no,
        bool_or(link = 'subagent' or platform in ('cron', 'subagent')) as is_automatic,
    from records
    where kind = 'session'
    group by all
),

calling as (
    select distinct source_no, line_no, item_no >> 16 as item_no
    from staged_call
)

select
    r.source_no,
    r.line_no,
    r.item_no,
    r.session_no,
    r.occurred_at,
    case r.role
        when 'user' then
            case
                when r.note = 'summary' then 'compaction'
                when r.note is not null or p.is_automatic then 'user_injected'
                else 'user_prompt'
            end
        when 'assistant' then
            case
                when r.note = 'summary' then 'compaction'
                when c.line_no is not null then 'tool_call'
                when r.text_bytes > 0 then 'assistant'
                when r.reasoning_bytes > 0 then 'reasoning'
                else 'assistant'
            end
        when 'tool' then 'tool_result'
        when 'system' then 'system'
        else 'unknown'
    end as event_type,
    md5('hermes:' || r.origin)::uuid as uuid,
    r.is_copy as is_fork,
    r.text_bytes,
    r.reasoning_bytes,
from records as r
left join platforms as p using (source_no, session_no)
left join calling as c using (source_no, line_no, item_no)
where r.kind = 'message'
union all
select
    source_no, line_no, 0, session_no, occurred_at, 'meta', md5('hermes:' || session_id || ':started')::uuid, false, null, null,
from records
where kind = 'session'
union all
select
    source_no, line_no, 1, session_no, ended_at, 'meta', md5('hermes:' || session_id || ':ended')::uuid, false, null, null,
from records
where kind = 'session' and ended_at >= occurred_at;

-- One row for each model and task of a session: what single calls used is not kept.
-- @only-with staged_account
insert into raw.usage by name
select
    r.source_no,
    r.line_no,
    a.item_no,
    r.session_no,
    a.occurred_at,
    'record' as form,
    concat_ws(':', 'hermes', r.session_id, coalesce(a.model, ''), coalesce(a.provider, ''), a.route, coalesce(a.task, '')) as response_id,
    false as is_fork,
    false as is_sidechain,
    a.provider,
    a.model as model_raw,
    counted(a.input_tokens) as uncached_input_tokens,
    counted(a.cache_read_tokens) as cache_read_tokens,
    counted(a.cache_write_tokens) as cache_write_5m_tokens,
    case when a.cache_write_tokens is not null then 0 end as cache_write_1h_tokens,
    counted(a.output_tokens) as output_tokens,
    counted(a.reasoning_tokens) as reasoning_tokens,
    case when a.cost_usd > 0 then a.cost_usd end as reported_cost_usd,
    a.task as purpose,
    'session' as granularity,
    case when a.call_count > 0 then a.call_count end as api_call_count,
from staged_account as a
inner join records as r on r.source_no = a.source_no and r.line_no = a.line_no and r.item_no = a.item_no >> 16
where
    coalesce(a.call_count, 0) + coalesce(a.input_tokens, 0) + coalesce(a.cache_read_tokens, 0)
    + coalesce(a.cache_write_tokens, 0) + coalesce(a.output_tokens, 0) > 0;

create or replace temp table calls as
select
    c.* exclude (item_no),
    c.item_no,
    r.session_no,
    r.occurred_at,
    r.is_copy,
    concat('hermes:', r.origin, ':', coalesce(c.id, (c.item_no & 65535)::varchar)) as tool_call_id,
    'hermes:' || r.session_id as response_id,
    case
        when c.name like 'mcp\_\_%' escape '\' then split_part(c.name, '__', 2)
        when c.name like 'mcp\_%' escape '\' then split_part(c.name, '_', 2)
    end as mcp_server,
from staged_call as c
inner join records as r on r.source_no = c.source_no and r.line_no = c.line_no and r.item_no = c.item_no >> 16;

insert into raw.tool_uses by name
select
    c.source_no,
    c.line_no,
    c.item_no,
    c.session_no,
    c.occurred_at,
    c.tool_call_id,
    -- The account of a whole session is no response: a call belongs to none.
    c.response_id,
    c.is_copy as is_fork,
    false as is_sidechain,
    c.name as tool_name,
    c.mcp_server,
    case
        when c.mcp_server is not null then 'mcp'
        when c.name like 'browser\_%' escape '\' then 'web'
        else coalesce(k.category, 'other')
    end as tool_category,
    c.mcp_server is null and c.name = 'clarify' as is_question,
    c.input_bytes,
    c.input_hash,
    c.path as file_path,
    case c.name when 'write_file' then c.content_count when 'patch' then c.new_count end as added_line_count,
    case c.name when 'write_file' then 0 when 'patch' then c.old_count end as removed_line_count,
from calls as c
left join (
    values
        ('terminal', 'shell'), ('process', 'shell'), ('execute_code', 'shell'),
        ('read_file', 'read'), ('vision_analyze', 'read'),
        ('write_file', 'write'),
        ('patch', 'edit'), ('skill_manage', 'edit'),
        ('search_files', 'search'), ('session_search', 'search'), ('tool_search', 'search'),
        ('web_search', 'web'), ('web_extract', 'web'), ('web_crawl', 'web'),
        ('delegate_task', 'task'), ('mixture_of_agents', 'task'),
        ('todo', 'plan'), ('clarify', 'plan'), ('kanban', 'plan')
) as k (name, category) on k.name = c.name;

insert into raw.tool_commands by name
select source_no, line_no, item_no, masked(command) as command,
from calls
where name in ('terminal', 'process') and command <> '';

-- A result belongs to the last call of its id before it: some models count theirs anew.
create or replace temp table returned as
with answered as (
    select r.source_no, r.line_no, r.item_no, arg_max(c.rowid, (c.line_no, c.item_no)) as call_no,
    from records as r
    inner join calls as c
        on c.source_no = r.source_no
        and c.session_no = r.session_no
        and c.id = r.call_id
        and c.line_no < r.line_no
    where r.role = 'tool'
    group by all
)

select
    r.*,
    c.tool_call_id as use_id,
    c.name,
    c.path as use_path,
    c.content_count,
    c.new_count,
    c.old_count,
from answered as a
inner join records as r using (source_no, line_no, item_no)
inner join calls as c on c.rowid = a.call_no;

insert into raw.tool_results by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    use_id as tool_call_id,
    1 as evidence,
    status,
    status_source,
    exit_code,
    case
        when status = 'ok' then null
        when status in ('rejected', 'interrupted') then status
        when exit_code = 124 or regexp_matches(error, '(?i)timed? ?out') then 'timeout'
        when exit_code <> 0 then 'exit_code'
        when regexp_matches(error, '(?i)not found|does not exist|no such file') then 'not_found'
        when regexp_matches(error, '(?i)permission|not allowed|denied') then 'permission'
        when regexp_matches(error, '(?i)invalid|unknown tool|required') then 'invalid_call'
        else 'other'
    end as error_kind,
    text_bytes as result_bytes,
    text_hash as result_hash,
from returned;

insert into raw.tool_errors by name
select source_no, line_no, item_no, masked(error[:200]) as error_text,
from returned
where status <> 'ok' and error <> '';

insert into raw.file_changes by name
select
    r.source_no,
    r.line_no,
    c.item_no,
    r.session_no,
    r.occurred_at,
    r.use_id as tool_call_id,
    c.path as file_path,
    c.operation,
    c.diff_added_count as added_line_count,
    c.diff_removed_count as removed_line_count,
    'diff' as evidence,
from staged_change as c
inner join returned as r on r.source_no = c.source_no and r.line_no = c.line_no and r.item_no = c.item_no >> 16
where not r.is_copy
union all
select
    source_no, line_no, item_no, session_no, occurred_at, use_id, use_path, 'edit',
    case name when 'write_file' then content_count else new_count end,
    case name when 'write_file' then 0 else old_count end,
    'args',
from returned as r
where
    name in ('write_file', 'patch')
    and status = 'ok'
    and use_path is not null
    and not is_copy
    and not exists (from staged_change as c where c.source_no = r.source_no and c.line_no = r.line_no);

-- A compaction ends its session, and the next one goes on; in newer versions the session goes on with a summary.
insert into raw.compactions by name
with inside as (
    select distinct source_no, session_no
    from records
    where is_compacted
)

select
    r.source_no, r.line_no, r.item_no, r.session_no, r.ended_at as occurred_at,
    md5('hermes:' || r.session_id || ':compaction')::uuid as uuid, 'unknown' as trigger,
from records as r
where r.kind = 'session' and r.end_reason = 'compression'
union all
select
    r.source_no, r.line_no, r.item_no, r.session_no, r.occurred_at, md5('hermes:' || r.origin)::uuid, 'unknown',
from records as r
semi join inside as i on i.source_no = r.source_no and i.session_no = r.session_no
where r.note = 'summary' and not r.is_copy;
