-- Staged lines and blocks of Claude Code transcripts to the raw tables.
--
-- Reads staged_line, staged_block, staged_iteration, staged_patch_line and batch_sources. The rules and where they
-- come from: README.md beside this file.

-- Transcripts are told apart by (session, agent). A line that names none belongs to the first that its file names, else
-- to the one the file is called after.
create or replace temp table named as
select source_no, session_id, agent_id, min(line_no) as line_no,
from staged_line
group by all;

create or replace temp table defaults as
with firsts as (
    select source_no, arg_min(session_id, line_no) as session_id, arg_min_null(agent_id, line_no) as agent_id,
    from named
    where session_id is not null
    group by source_no
),

-- Of what earlier loads read: a transcript that no line named has no kind.
known as (
    select
        h.source_no,
        arg_min(s.native_session_id, h.line_no) filter (where h.kind is not null) as session_id,
        arg_min_null(s.native_agent_id, h.line_no) filter (where h.kind is not null) as agent_id,
    from raw.session_headers as h
    inner join raw.sessions as s using (session_no)
    where h.source_no in (select source_no from batch_sources)
    group by h.source_no
)

select
    b.source_no,
    coalesce(
        k.session_id,
        f.session_id,
        -- Of folders of that name the one inside a session's own.
        nullif(regexp_extract(b.path, '^.*[\\/]([0-9a-fA-F-]{36})[\\/]subagents[\\/](?:[^\\/]+[\\/])*agent-[^\\/]+$', 1), ''),
        b.stem
    ) as session_id,
    coalesce(
        case when k.session_id is not null then k.agent_id else f.agent_id end,
        case when b.stem like 'agent-%' then b.stem[7:] end
    ) as agent_id,
    k.source_no is not null and k.session_id is null and f.session_id is not null as is_named_late,
from batch_sources as b
left join known as k using (source_no)
left join firsts as f using (source_no);

create or replace temp table spoken_of as
select
    n.source_no,
    n.session_id,
    n.agent_id,
    coalesce(n.session_id, d.session_id) as native_session_id,
    case when n.session_id is null then d.agent_id else n.agent_id end as native_agent_id,
from named as n
inner join defaults as d using (source_no);

-- What earlier loads stored of files that name a session only now, and whose it is: the subagents of progress lines are theirs.
create or replace temp table early_transcripts as
select
    t.source_no,
    t.session_no,
    d.session_id as native_session_id,
    case when h.session_no is not null then d.agent_id else s.native_agent_id end as native_agent_id,
from (
    select source_no, session_no
    from raw.session_headers
    where source_no in (select source_no from defaults where is_named_late)
    union
    select source_no, session_no
    from raw.usage
    where form = 'progress' and source_no in (select source_no from defaults where is_named_late)
) as t
inner join defaults as d using (source_no)
inner join raw.sessions as s using (session_no)
left join (select distinct source_no, session_no from raw.session_headers) as h
    on h.source_no = t.source_no and h.session_no = t.session_no;

insert into raw.sessions
with transcripts as (
    select native_session_id, native_agent_id from spoken_of
    union
    select native_session_id, null from spoken_of
    union
    select native_session_id, native_agent_id from early_transcripts
    union
    select native_session_id, null from early_transcripts
    union
    select s.native_session_id, l.progress_agent_id
    from staged_line as l
    inner join spoken_of as s
        on s.source_no = l.source_no
        and s.session_id is not distinct from l.session_id
        and s.agent_id is not distinct from l.agent_id
    where l.type = 'progress' and l.progress_agent_id is not null
    union
    select forked_from_session_id, null from staged_line where forked_from_session_id is not null
)

select
    (select coalesce(max(session_no), 0) from raw.sessions) + row_number() over (),
    'claude-code',
    native_session_id,
    native_agent_id,
from transcripts as t
where
    not exists (
        from raw.sessions as s
        where
            s.agent = 'claude-code'
            and s.native_session_id = t.native_session_id
            and s.native_agent_id is not distinct from t.native_agent_id
    );

create or replace temp table transcripts as
select
    t.source_no,
    t.session_id,
    t.agent_id,
    s.session_no,
    p.session_no as main_session_no,
from spoken_of as t
inner join raw.sessions as s
    on s.agent = 'claude-code'
    and s.native_session_id = t.native_session_id
    and s.native_agent_id is not distinct from t.native_agent_id
inner join raw.sessions as p
    on p.agent = 'claude-code'
    and p.native_session_id = t.native_session_id
    and p.native_agent_id is null;

-- What earlier loads stored under the file's name, since no line had named a session yet, is that of the first named.
create or replace temp table named_late as
select
    e.source_no,
    e.session_no as earlier_session_no,
    s.session_no,
    nullif(m.session_no, s.session_no) as parent_session_no,
from early_transcripts as e
inner join raw.sessions as s
    on s.agent = 'claude-code'
    and s.native_session_id = e.native_session_id
    and s.native_agent_id is not distinct from e.native_agent_id
inner join raw.sessions as m
    on m.agent = 'claude-code'
    and m.native_session_id = e.native_session_id
    and m.native_agent_id is null;

insert into touched_sessions select earlier_session_no from named_late;

update changed_sources set is_whole = true where source_no in (select source_no from named_late);

update raw.session_headers as h set session_no = n.session_no, parent_session_no = n.parent_session_no
from named_late as n where n.source_no = h.source_no and n.earlier_session_no = h.session_no;
update raw.events as e set session_no = n.session_no
from named_late as n where n.source_no = e.source_no and n.earlier_session_no = e.session_no;
update raw.usage as u set session_no = n.session_no
from named_late as n where n.source_no = u.source_no and n.earlier_session_no = u.session_no;
update raw.tool_uses as u set session_no = n.session_no
from named_late as n where n.source_no = u.source_no and n.earlier_session_no = u.session_no;
update raw.tool_results as r set session_no = n.session_no
from named_late as n where n.source_no = r.source_no and n.earlier_session_no = r.session_no;
update raw.file_changes as c set session_no = n.session_no
from named_late as n where n.source_no = c.source_no and n.earlier_session_no = c.session_no;
update raw.api_errors as e set session_no = n.session_no
from named_late as n where n.source_no = e.source_no and n.earlier_session_no = e.session_no;
update raw.compactions as c set session_no = n.session_no
from named_late as n where n.source_no = c.source_no and n.earlier_session_no = c.session_no;

create or replace temp view lines as
select
    l.* exclude (uuid, is_sidechain),
    t.session_no,
    t.main_session_no,
    -- A record that says it was copied is known by the original's identity.
    coalesce(l.forked_from_uuid, l.uuid) as uuid,
    coalesce(l.is_sidechain, false) as is_sidechain,
    l.forked_from_uuid is not null or l.session_kind is not null as is_fork,
    'claude-code:' || coalesce(l.message_id, coalesce(l.forked_from_uuid, l.uuid)::varchar) as response_id,
from staged_line as l
inner join transcripts as t
    on t.source_no = l.source_no
    and t.session_id is not distinct from l.session_id
    and t.agent_id is not distinct from l.agent_id;

-- Each setting of a transcript is that of its first line that states it.
insert into raw.session_headers
with spans as (
    select
        source_no,
        session_no,
        any_value(main_session_no) as main_session_no,
        min(line_no) as line_no,
        bool_or(session_id is not null) as is_named,
        arg_min(forked_from_session_id, place) as forked_from_session_id,
        arg_min(cwd, place) as cwd,
        arg_min(git_branch, place) as git_branch,
        arg_min(agent_version, place) as agent_version,
        arg_min(entrypoint, place) as entrypoint,
    from (select *, line_no::bigint * 4294967296 + item_no as place from lines)
    group by source_no, session_no
)

select
    s.source_no,
    s.line_no,
    s.session_no,
    case
        when not s.is_named then null
        when s.session_no <> s.main_session_no then 'subagent'
        when s.forked_from_session_id is not null then 'fork'
        else 'main'
    end,
    nullif(s.main_session_no, s.session_no),
    f.session_no,
    false,
    s.cwd,
    s.git_branch,
    null,
    s.agent_version,
    s.entrypoint,
    'anthropic',
    0,
from spans as s
left join raw.sessions as f
    on f.agent = 'claude-code'
    and f.native_session_id = s.forked_from_session_id
    and f.native_agent_id is null;

insert into raw.events
with contents as (
    select
        source_no,
        line_no,
        item_no >> 16 as item_no,
        bool_or(type = 'tool_use') as has_call,
        bool_or(type = 'tool_result') as has_result,
        bool_or(type = 'text') as has_text,
        sum(text_bytes)::bigint as text_bytes,
        sum(thinking_bytes)::bigint as thinking_bytes,
        bool_or(type = 'redacted_thinking' or (type = 'thinking' and thinking_bytes = 0)) as has_withheld_reasoning,
        arg_min(text, item_no) as text,
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
        when l.type = 'user' and c.has_result then 'tool_result'
        when l.type = 'user' then case
            when
                l.is_meta
                or l.is_compact_summary
                or l.is_sidechain
                or regexp_matches(
                    coalesce(l.content, c.text),
                    '^\s*(?:<local-command-|<command-name>|<task-notification>|<system-reminder>|<bash-|\[Request interrupted by user)'
                )
                then 'user_injected'
            else 'user_prompt'
        end
        when l.type = 'assistant' then case
            when l.is_api_error then 'api_error'
            when l.model = '<synthetic>' then 'system'
            when c.has_call then 'tool_call'
            when c.has_text or l.content is not null then 'assistant'
            when c.thinking_bytes is not null then 'reasoning'
            else 'assistant'
        end
        when l.type = 'system' then case l.subtype
            when 'compact_boundary' then 'compaction'
            when 'api_error' then 'api_error'
            else 'system'
        end
        when l.type = 'progress' then 'progress'
        when l.type = 'attachment' and l.attachment_type = 'queued_command' then
            case when ltrim(l.attachment) like '<%' then 'user_injected' else 'user_prompt' end
        when l.type = 'attachment' then 'user_injected'
        when l.type in ('summary', 'ai-title', 'custom-title', 'agent-name') then 'title'
        when
            l.type in (
                'file-history-snapshot', 'attribution-snapshot', 'queue-operation', 'tag', 'pr-link', 'mode',
                'permission-mode', 'last-prompt', 'worktree-state', 'content-replacement', 'started', 'result'
            )
            then 'meta'
        else 'unknown'
    end,
    l.uuid,
    l.is_fork,
    coalesce(l.content_bytes, c.text_bytes, l.attachment_bytes),
    c.thinking_bytes,
    l.type = 'user' and coalesce(starts_with(coalesce(l.content, c.text), '[Request interrupted by user'), false),
    coalesce(c.has_withheld_reasoning, false),
from lines as l
left join contents as c using (source_no, line_no, item_no);

insert into raw.usage
select
    l.source_no,
    l.line_no,
    l.item_no,
    l.session_no,
    l.occurred_at,
    'response',
    l.response_id,
    l.request_key,
    l.is_fork,
    l.is_sidechain,
    null,
    'anthropic',
    l.model,
    counted(l.input_tokens),
    counted(l.cache_read_tokens),
    written_5m(l.cache_write_5m_tokens, l.cache_write_1h_tokens, l.cache_write_tokens),
    written_1h(l.cache_write_5m_tokens, l.cache_write_1h_tokens, l.cache_write_tokens),
    counted(l.output_tokens),
    counted(l.thinking_tokens),
    counted(l.web_search_count),
    l.service_tier,
    l.speed,
    l.inference_geo,
    l.stop_reason,
    l.reported_cost_usd,
    counted(l.duration_ms),
    null,
    'call',
    1,
    null,
    null,
    null,
from lines as l
where
    l.type = 'assistant'
    and l.is_api_error is distinct from true
    and l.model is distinct from '<synthetic>'
    and (l.output_tokens is not null or l.input_tokens is not null);

-- Work inside one response that its totals leave out: an advisor's own model, a compaction.
-- @only-with staged_iteration
insert into raw.usage
select
    l.source_no,
    l.line_no,
    i.item_no,
    l.session_no,
    l.occurred_at,
    'response',
    l.response_id || ':iter:' || i.type || ':' || (i.item_no & 65535),
    l.request_key,
    l.is_fork,
    l.is_sidechain,
    null,
    'anthropic',
    coalesce(i.model, l.model),
    counted(i.input_tokens),
    counted(i.cache_read_tokens),
    written_5m(i.cache_write_5m_tokens, i.cache_write_1h_tokens, i.cache_write_tokens),
    written_1h(i.cache_write_5m_tokens, i.cache_write_1h_tokens, i.cache_write_tokens),
    counted(i.output_tokens),
    counted(i.thinking_tokens),
    counted(i.web_search_count),
    l.service_tier,
    l.speed,
    l.inference_geo,
    l.stop_reason,
    null,
    null,
    case i.type when 'advisor_message' then 'advisor' else 'compaction' end,
    'call',
    1,
    null,
    null,
    null,
from staged_iteration as i
inner join lines as l on l.source_no = i.source_no and l.line_no = i.line_no and l.item_no = i.item_no >> 16
where i.type in ('advisor_message', 'compaction') and l.type = 'assistant';

-- A subagent's messages inside the main transcript's progress lines: trusted only where nothing else tells of them.
insert into raw.usage
select
    l.source_no,
    l.line_no,
    l.item_no,
    a.session_no,
    coalesce(l.nested_occurred_at, l.occurred_at),
    'progress',
    'claude-code:' || l.nested_message_id,
    l.nested_request_key,
    l.is_fork,
    true,
    null,
    'anthropic',
    l.nested_model,
    counted(l.nested_input_tokens),
    counted(l.nested_cache_read_tokens),
    written_5m(l.nested_cache_write_5m_tokens, l.nested_cache_write_1h_tokens, l.nested_cache_write_tokens),
    written_1h(l.nested_cache_write_5m_tokens, l.nested_cache_write_1h_tokens, l.nested_cache_write_tokens),
    counted(l.nested_output_tokens),
    counted(l.nested_thinking_tokens),
    counted(l.nested_web_search_count),
    l.nested_service_tier,
    l.nested_speed,
    l.nested_inference_geo,
    l.nested_stop_reason,
    null,
    null,
    null,
    'call',
    1,
    null,
    null,
    null,
from lines as l
inner join raw.sessions as m on m.session_no = l.session_no
inner join raw.sessions as a
    on a.agent = 'claude-code'
    and a.native_session_id = m.native_session_id
    and a.native_agent_id is not distinct from coalesce(l.progress_agent_id, m.native_agent_id)
where
    l.type = 'progress'
    and l.nested_type = 'assistant'
    and l.nested_message_id is not null
    and l.nested_model is distinct from '<synthetic>'
    and (l.nested_output_tokens is not null or l.nested_input_tokens is not null);

insert into raw.tool_uses
select
    k.source_no,
    k.line_no,
    b.item_no,
    k.session_no,
    k.occurred_at,
    'claude-code:' || b.id,
    k.response_id,
    k.is_fork,
    k.is_sidechain,
    b.name,
    case when b.name like 'mcp\_\_%' escape '\' then split_part(b.name, '__', 2) end,
    case
        when b.name like 'mcp\_\_%' escape '\' then 'mcp'
        else coalesce(c.category, 'other')
    end,
    b.input_bytes,
    b.input_hash,
    coalesce(b.input_file_path, b.input_notebook_path, b.input_path),
    case when b.name in ('Edit', 'MultiEdit') then b.input_new_count when b.name = 'Write' then b.input_content_count end,
    case when b.name in ('Edit', 'MultiEdit') then b.input_old_count when b.name = 'Write' then 0 end,
    coalesce(b.input_is_background, false),
    b.name in ('AskUserQuestion', 'ExitPlanMode'),
from staged_block as b
inner join lines as k on k.source_no = b.source_no and k.line_no = b.line_no and k.item_no = b.item_no >> 16
left join (
    values
        ('Bash', 'shell'), ('BashOutput', 'shell'), ('KillShell', 'shell'), ('KillBash', 'shell'), ('PowerShell', 'shell'),
        ('Read', 'read'), ('NotebookRead', 'read'), ('ReadMcpResourceTool', 'read'),
        ('Write', 'write'),
        ('Edit', 'edit'), ('MultiEdit', 'edit'), ('NotebookEdit', 'edit'),
        ('Glob', 'search'), ('Grep', 'search'), ('LS', 'search'), ('ToolSearch', 'search'), ('LSP', 'search'),
        ('WebFetch', 'web'), ('WebSearch', 'web'),
        ('Task', 'task'), ('Agent', 'task'), ('TaskOutput', 'task'), ('AgentOutputTool', 'task'), ('TaskStop', 'task'), ('Workflow', 'task'),
        ('TodoWrite', 'plan'), ('TodoRead', 'plan'), ('ExitPlanMode', 'plan'), ('EnterPlanMode', 'plan'), ('TaskCreate', 'plan'),
        ('TaskUpdate', 'plan'), ('TaskList', 'plan'), ('TaskGet', 'plan'), ('AskUserQuestion', 'plan')
) as c (name, category) on c.name = b.name
where b.type in ('tool_use', 'server_tool_use') and b.id is not null and k.type = 'assistant';

insert into raw.tool_commands
select b.source_no, b.line_no, b.item_no, masked(b.input_command),
from staged_block as b
where b.type = 'tool_use' and b.id is not null and b.input_command is not null;

insert into raw.tool_results
with results as (
    select
        source_no,
        line_no,
        item_no,
        tool_use_id,
        is_error,
        content_bytes,
        content_hash,
        case when is_error then unwrapped(content_preview) end as content_preview,
        is_error and regexp_matches(
            unwrapped(content_preview),
            'doesn''t want to (?:proceed|take this action)|(?i:tool use was rejected)'
        ) as is_declined,
        -- The agent's own permissions said no, or nobody was there to ask.
        is_error and regexp_matches(
            unwrapped(content_preview),
            '^(?:<tool_use_error>)?(?:Error: )?(?:Claude requested permissions? to |This command requires approval|This Bash command contains multiple operations|Permission to (?:use|read|edit|write) |Permission for this action has been denied|[^\n]+ was blocked\. For security, Claude Code |File is in a (?:file|directory) that is denied by your permission settings)'
        ) as is_denied,
        case when is_error then try_cast(regexp_extract(unwrapped(content_preview), '^(?:Error: )?Exit code (-?[0-9]+)', 1) as integer) end as exit_code,
    from staged_block
    where type = 'tool_result' and tool_use_id is not null
),

extras as (
    select source_no, line_no, item_no as record_no, is_result_interrupted, result_duration_ms, result_total_duration_ms,
    from staged_line
    where is_result_interrupted or result_duration_ms is not null or result_total_duration_ms is not null
),

-- The structured result beside a message belongs to its block where there is only one.
single as (
    select e.*,
    from extras as e
    inner join results as r
        on r.source_no = e.source_no and r.line_no = e.line_no and r.item_no >> 16 = e.record_no
    group by all
    having count(*) = 1
)

select
    k.source_no,
    k.line_no,
    r.item_no,
    k.session_no,
    k.occurred_at,
    'claude-code:' || r.tool_use_id,
    1,
    case
        when r.is_declined or r.is_denied then 'rejected'
        when r.is_error and contains(r.content_preview, '[Request interrupted by user') then 'interrupted'
        when r.is_error then 'failed'
        when s.is_result_interrupted then 'interrupted'
        else 'ok'
    end,
    'flag',
    r.exit_code,
    case
        when not r.is_error or r.is_error is null then null
        when r.is_declined then 'rejected'
        when r.is_denied then 'permission'
        when contains(r.content_preview, '[Request interrupted by user') then 'interrupted'
        when r.exit_code is not null then 'exit_code'
        when contains(r.content_preview, 'InputValidationError') then 'invalid_call'
        when regexp_matches(r.content_preview, '(?i)timed? ?out') then 'timeout'
        when regexp_matches(r.content_preview, '(?i)no such file|does not exist|not found') then 'not_found'
        when regexp_matches(r.content_preview, '(?i)permission|not allowed|denied') then 'permission'
        when contains(r.content_preview, '<tool_use_error>') then 'invalid_call'
        else 'other'
    end,
    counted(coalesce(s.result_duration_ms, s.result_total_duration_ms)),
    r.content_bytes,
    r.content_hash,
from results as r
inner join lines as k on k.source_no = r.source_no and k.line_no = r.line_no and k.item_no = r.item_no >> 16
left join single as s on s.source_no = k.source_no and s.line_no = k.line_no and s.record_no = k.item_no;

insert into raw.tool_errors
select source_no, line_no, item_no, masked(unwrapped(content_preview)),
from staged_block
where type = 'tool_result' and is_error and content_preview is not null and tool_use_id is not null;

insert into raw.file_changes
with changed as (
    select source_no, line_no, item_no, session_no, occurred_at, result_file_path, result_type, result_content_count,
    from lines
    where result_file_path is not null
),

patches as (
    select
        source_no,
        line_no,
        item_no >> 16 as item_no,
        count(*) filter (where mark = '+') as added_line_count,
        count(*) filter (where mark = '-') as removed_line_count,
    from staged_patch_line
    group by all
),

results as (
    select b.source_no, b.line_no, b.item_no >> 16 as item_no, any_value(b.tool_use_id) as tool_use_id,
    from staged_block as b
    inner join changed as c on c.source_no = b.source_no and c.line_no = b.line_no and c.item_no = b.item_no >> 16
    where b.type = 'tool_result'
    group by all
)

select
    c.source_no,
    c.line_no,
    c.item_no,
    c.session_no,
    c.occurred_at,
    'claude-code:' || r.tool_use_id,
    c.result_file_path,
    case when c.result_type = 'create' then 'create' else 'edit' end,
    case when c.result_type = 'create' then c.result_content_count else p.added_line_count end,
    case when c.result_type = 'create' then 0 else p.removed_line_count end,
    'patch',
from changed as c
left join patches as p using (source_no, line_no, item_no)
left join results as r using (source_no, line_no, item_no)
where c.result_type in ('create', 'update') or p.source_no is not null;

insert into raw.api_errors
select
    l.source_no,
    l.line_no,
    l.item_no,
    l.session_no,
    l.occurred_at,
    l.uuid,
    api_error_kind(coalesce(l.error_status, l.api_error_status), coalesce(l.error, l.error_code, '')),
    coalesce(l.error_status, l.api_error_status),
    coalesce(l.error, l.error_code),
    l.retry_attempt,
    l.max_retries,
    counted(round(l.retry_in_ms)::bigint),
    l.type = 'assistant',
from lines as l
where (l.type = 'assistant' and l.is_api_error) or (l.type = 'system' and l.subtype = 'api_error');

insert into raw.compactions
select
    l.source_no,
    l.line_no,
    l.item_no,
    l.session_no,
    l.occurred_at,
    l.uuid,
    coalesce(l.compact_trigger, 'unknown'),
    counted(l.compact_before_tokens),
    counted(l.compact_after_tokens),
    counted(l.compact_duration_ms),
from lines as l
where l.type = 'system' and l.subtype = 'compact_boundary';
