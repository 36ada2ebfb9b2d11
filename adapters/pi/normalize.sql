-- Staged entries of pi's format of sessions to the raw tables: of pi, of Oh My Pi and of OpenClaw.
--
-- Reads staged_line, staged_block and batch_sources. The rules and where they come from: README.md beside this file, and
-- those of the others.

-- The session that a path, a file's name or an id speaks of: `<time>_<id>.jsonl`, `<id>-topic-<n>.jsonl.reset.<time>`, `<id>`.
create or replace temp macro session_in(path) as nullif(
    regexp_replace(
        regexp_replace(
            regexp_extract(path, '([^/\\]+?)(?:\.jsonl(?:\.[^/\\]*)?)?$', 1),
            '^\d{4}-\d\d-\d\dT[0-9-]+Z?_',
            ''
        ),
        '-topic-[^/\\]*$',
        ''
    ),
    ''
);

create or replace temp macro added(a, b) as case when a is null then b when b is null then a else a + b end;

-- What each source says of each session in it. A file holds one, a database many.
create or replace temp table headers as
select
    source_no,
    stored_session_id,
    min(line_no) as first_line_no,
    arg_min(id, line_no) filter (where type = 'session') as header_id,
    arg_min(occurred_at, line_no) filter (where type = 'session') as header_at,
    arg_min(cwd, line_no) filter (where type = 'session') as cwd,
    arg_min(set_provider, line_no) filter (where type = 'session') as provider,
    arg_min(coalesce(parent_session, branched_from), line_no) filter (where type = 'session') as origin,
    max(stored_parent_id) as stored_parent_id,
    max(stored_fork_id) as stored_fork_id,
    bool_or(type = 'session_init') as is_spawned,
    coalesce(bool_or(type = 'session'), false) as has_header,
from staged_line
group by source_no, stored_session_id;

create or replace temp table named as
with known as (
    select h.source_no, arg_min(s.native_session_id, h.line_no) as native_session_id, arg_min(s.native_agent_id, h.line_no) as native_agent_id,
    from raw.session_headers as h
    inner join raw.sessions as s using (session_no)
    where h.source_no in (select source_no from batch_sources)
    group by h.source_no
),

placed as (
    select
        h.*,
        coalesce(
            h.stored_session_id,
            k.native_session_id,
            h.header_id,
            b.context ->> '$.session_id',
            session_in(b.path)
        ) as native_session_id,
        k.native_agent_id as known_agent_id,
        session_in(b.path) as name_in_path,
        -- What names a session started by another.
        coalesce(
            h.stored_parent_id,
            b.context ->> '$.parent_session_id',
            case when h.is_spawned and regexp_matches(h.origin, '\dZ_[^/\\]+$') then session_in(h.origin) end
        ) as parent_id,
        b.context ->> '$.channel' as channel,
        coalesce(h.is_spawned, false) or h.stored_parent_id is not null
        or (b.context ->> '$.parent_session_id') is not null or (b.context ->> '$.is_subagent') is not null as is_subagent,
    from headers as h
    inner join batch_sources as b using (source_no)
    left join known as k on k.source_no = h.source_no and h.stored_session_id is null
)

select
    source_no,
    stored_session_id,
    first_line_no,
    header_at,
    cwd,
    provider,
    channel,
    has_header,
    is_subagent,
    native_session_id,
    -- A subagent under its parent's id is told by the name of its file.
    coalesce(known_agent_id, case when parent_id = native_session_id then name_in_path end) as native_agent_id,
    parent_id,
    case when not is_subagent then nullif(coalesce(stored_fork_id, session_in(origin)), native_session_id) end as fork_id,
from placed;

create or replace temp table named_sessions as
select native_session_id, native_agent_id from named
union
select parent_id, null from named where parent_id is not null
union
select fork_id, null from named where fork_id is not null;

-- @include register_sessions

create or replace temp table transcripts as
select n.*, s.session_no, p.session_no as parent_session_no, f.session_no as forked_from_session_no,
from named as n
inner join known_sessions as s
    on s.native_session_id = n.native_session_id and s.native_agent_id is not distinct from n.native_agent_id
left join known_sessions as p on p.native_session_id = n.parent_id and p.native_agent_id is null
left join known_sessions as f on f.native_session_id = n.fork_id and f.native_agent_id is null;

insert into raw.session_headers by name
select
    source_no,
    first_line_no as line_no,
    session_no,
    -- A portion without the header says nothing of it.
    case
        when is_subagent then 'subagent'
        when forked_from_session_no is not null then 'fork'
        when has_header then 'main'
    end as kind,
    parent_session_no,
    forked_from_session_no,
    cwd,
    channel as entrypoint,
    provider,
from transcripts;

-- An entry is known over files by what does not change when it is copied. pi's first logs had no ids, and gave each copy ids
-- of its own when they were brought up to date: there, times and content are the identity.
create or replace temp table lines as
with entries as (
    select
        l.* exclude (occurred_at),
        coalesce(l.occurred_at, l.message_at) as occurred_at,
        t.session_no,
        t.is_subagent,
        coalesce(l.occurred_at < t.header_at and t.forked_from_session_no is not null, false) as is_fork,
        concat_ws(
            '|',
            l.type,
            epoch_ms(l.occurred_at),
            epoch_ms(l.message_at),
            l.role,
            l.tool_call_id,
            l.custom_type,
            case
                when l.type = 'session' then l.id
                when getvariable('agent') = 'pi' then concat_ws('|', l.content_hash, l.summary_bytes)
                else l.id
            end,
            -- An entry without time or id is its own alone.
            case
                when coalesce(l.occurred_at, l.message_at) is null and l.id is null
                    then concat_ws('|', t.native_session_id, t.native_agent_id, l.line_no, l.item_no)
            end
        ) as identity,
    from staged_line as l
    inner join transcripts as t
        on t.source_no = l.source_no and t.stored_session_id is not distinct from l.stored_session_id
)

select
    *,
    md5(concat_ws('|', getvariable('agent'), identity))::uuid as uuid,
    -- Rows that OpenClaw writes in an assistant's name: what it sent itself, and copies of what was delivered.
    coalesce(provider = 'openclaw' or model in ('delivery-mirror', 'gateway-injected'), false) as is_mirror,
    getvariable('agent') || ':'
    || md5(concat_ws('|', identity, coalesce(provider, set_provider), coalesce(model, set_model), input_tokens, output_tokens, cache_read_tokens, cache_write_tokens)) as response_id,
from entries;

insert into raw.events by name
with contents as (
    select
        source_no,
        line_no,
        item_no >> 16 as item_no,
        bool_or(type = 'toolCall') as has_call,
        bool_or(type = 'text') as has_text,
        sum(text_bytes)::bigint as text_bytes,
        sum(thinking_bytes)::bigint as thinking_bytes,
        arg_min(text, item_no) filter (where type = 'text') as text,
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
        when l.type = 'message' then case l.role
            when 'user' then
                case
                    when
                        l.is_subagent
                        or l.is_synthetic
                        or l.attribution = 'agent'
                        or l.provenance in ('inter_session', 'internal_system')
                        or (
                            getvariable('agent') = 'openclaw'
                            and regexp_matches(
                                coalesce(c.text, l.content_preview),
                                '^\s*(?:A new session was started via|Read HEARTBEAT\.md|\[cron:|\[Subagent )'
                            )
                        )
                        then 'user_injected'
                    else 'user_prompt'
                end
            when 'assistant' then
                case
                    when l.is_mirror then 'system'
                    when l.stop_reason = 'error' then 'api_error'
                    when c.has_call then 'tool_call'
                    when c.has_text or l.content_kind = 1 then 'assistant'
                    when c.thinking_bytes is not null then 'reasoning'
                    else 'assistant'
                end
            when 'toolResult' then 'tool_result'
            when 'bashExecution' then 'user_injected'
            when 'custom' then 'user_injected'
            when 'hookMessage' then 'user_injected'
            when 'system' then 'system'
            when 'developer' then 'user_injected'
            when 'branchSummary' then 'system'
            when 'compactionSummary' then 'system'
            else 'unknown'
        end
        when l.type = 'compaction' then 'compaction'
        when l.type = 'custom_message' then 'user_injected'
        when l.type in ('title', 'title_change', 'session_info') then 'title'
        when l.type in ('branch_summary', 'reset', 'reset_boundary', 'ttsr_injection') then 'system'
        when
            l.type in (
                'session', 'model_change', 'thinking_level_change', 'custom', 'label', 'model_usage', 'session_init',
                'service_tier_change', 'mode_change', 'credential_pin', 'archive', 'context_transform', 'ephemeral', 'leaf'
            )
            then 'meta'
        else 'unknown'
    end as event_type,
    l.uuid,
    l.is_fork,
    case
        when l.type = 'message' then coalesce(case when l.content_kind = 1 then l.content_bytes else c.text_bytes end, l.output_bytes)
        when l.type = 'custom_message' then l.injected_bytes
    end as text_bytes,
    c.thinking_bytes as reasoning_bytes,
from lines as l
left join contents as c using (source_no, line_no, item_no);

insert into raw.usage by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    'response' as form,
    response_id,
    is_fork,
    false as is_sidechain,
    provider,
    coalesce(response_model, model) as model_raw,
    added(counted(input_tokens), counted(orchestration_input_tokens)) as uncached_input_tokens,
    added(
        -- Some providers leave the cache out; where the total leaves no room for it, there was none.
        coalesce(
            counted(cache_read_tokens),
            case when total_tokens = input_tokens + output_tokens + coalesce(cache_write_tokens, 0) then 0 end
        ),
        counted(orchestration_cache_read_tokens)
    ) as cache_read_tokens,
    written_5m(
        coalesce(
            ttl_5m_tokens,
            greatest(cache_write_tokens - coalesce(ttl_1h_tokens, cache_write_1h_tokens), 0)
        ),
        coalesce(ttl_1h_tokens, cache_write_1h_tokens),
        coalesce(cache_write_tokens, case when total_tokens = input_tokens + output_tokens + coalesce(cache_read_tokens, 0) then 0 end)
    ) as cache_write_5m_tokens,
    written_1h(
        ttl_5m_tokens,
        coalesce(ttl_1h_tokens, cache_write_1h_tokens),
        coalesce(cache_write_tokens, case when total_tokens = input_tokens + output_tokens + coalesce(cache_read_tokens, 0) then 0 end)
    ) as cache_write_1h_tokens,
    added(counted(output_tokens), counted(orchestration_output_tokens)) as output_tokens,
    counted(coalesce(reasoning, reasoning_tokens)) as reasoning_tokens,
    counted(web_search_count) as web_search_count,
    stop_reason,
    -- Zero is what a subscription and an unknown model cost.
    case when cost_usd > 0 then cost_usd end as reported_cost_usd,
    -- The message is made when the request begins and stored when the answer is complete.
    coalesce(
        counted(round(duration_ms)::bigint),
        case when occurred_at > message_at and occurred_at < message_at + interval 1 hour then epoch_ms(occurred_at) - epoch_ms(message_at) end
    ) as duration_ms,
    counted(round(first_token_ms)::bigint) as first_token_ms,
from lines
where type = 'message' and role = 'assistant' and usage = 3 and not is_mirror;

-- Calls beside the conversation: titles and the like, which name their model, and summaries, which do not: they are made by
-- the model that answers.
insert into raw.usage by name
with side_calls as (
    select
        l.*,
        case when l.type = 'model_usage' then coalesce(l.purpose, 'side') else l.type end as side_purpose,
    from lines as l
    where l.type in ('model_usage', 'compaction', 'branch_summary') and l.side_usage = 3
),

models as (
    select source_no, session_no, line_no, provider, model_raw,
    from raw.usage
    where source_no in (select source_no from batch_sources) and purpose is null and model_raw is not null
)

select
    c.source_no,
    c.line_no,
    c.item_no,
    c.session_no,
    c.occurred_at,
    'response' as form,
    c.response_id,
    c.is_fork,
    false as is_sidechain,
    case when c.type = 'model_usage' then c.set_provider else m.provider end as provider,
    case when c.type = 'model_usage' then c.set_model else m.model_raw end as model_raw,
    added(counted(c.side_input_tokens), counted(c.side_orchestration_input_tokens)) as uncached_input_tokens,
    added(counted(c.side_cache_read_tokens), counted(c.side_orchestration_cache_read_tokens)) as cache_read_tokens,
    written_5m(
        coalesce(
            c.side_ttl_5m_tokens,
            greatest(c.side_cache_write_tokens - coalesce(c.side_ttl_1h_tokens, c.side_cache_write_1h_tokens), 0)
        ),
        coalesce(c.side_ttl_1h_tokens, c.side_cache_write_1h_tokens),
        c.side_cache_write_tokens
    ) as cache_write_5m_tokens,
    written_1h(
        c.side_ttl_5m_tokens,
        coalesce(c.side_ttl_1h_tokens, c.side_cache_write_1h_tokens),
        c.side_cache_write_tokens
    ) as cache_write_1h_tokens,
    added(counted(c.side_output_tokens), counted(c.side_orchestration_output_tokens)) as output_tokens,
    counted(coalesce(c.side_reasoning, c.side_reasoning_tokens)) as reasoning_tokens,
    counted(c.side_web_search_count) as web_search_count,
    coalesce(c.set_stop_reason, 'stop') as stop_reason,
    case when c.side_cost_usd > 0 then c.side_cost_usd end as reported_cost_usd,
    c.side_purpose as purpose,
from side_calls as c
asof left join models as m
    on m.source_no = c.source_no and m.session_no = c.session_no and c.line_no >= m.line_no;

-- What a tool used itself, of which no model is told. Oh My Pi's tools repeat what their subagents' own files tell.
insert into raw.usage by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    'response' as form,
    response_id,
    is_fork,
    false as is_sidechain,
    counted(input_tokens) as uncached_input_tokens,
    counted(cache_read_tokens) as cache_read_tokens,
    greatest(counted(cache_write_tokens) - coalesce(counted(cache_write_1h_tokens), 0), 0) as cache_write_5m_tokens,
    case when cache_write_tokens is not null then coalesce(counted(cache_write_1h_tokens), 0) end as cache_write_1h_tokens,
    counted(output_tokens) as output_tokens,
    counted(reasoning) as reasoning_tokens,
    'stop' as stop_reason,
    case when cost_usd > 0 then cost_usd end as reported_cost_usd,
    'tool' as purpose,
    'session' as granularity,
    null as api_call_count,
from lines
where type = 'message' and role = 'toolResult' and usage = 3 and getvariable('agent') <> 'omp';

-- @only-with staged_block
insert into raw.tool_uses by name
select
    l.source_no,
    l.line_no,
    b.item_no,
    l.session_no,
    l.occurred_at,
    -- Ids of calls are the provider's, and unique within a response at most.
    l.response_id || ':' || coalesce(b.id, 'block-' || (b.item_no & 65535)) as tool_call_id,
    l.response_id,
    l.is_fork,
    false as is_sidechain,
    b.name as tool_name,
    case
        when b.name like 'mcp\_\_%\_\_%' escape '\' then split_part(b.name, '__', 2)
        when b.name like 'mcp\_%' escape '\' then nullif(regexp_extract(b.name, '^mcp__?([^_]+)_', 1), '')
        when contains(b.name, '__') then split_part(b.name, '__', 1)
    end as mcp_server,
    case
        when b.name like 'mcp\_%' escape '\' or contains(b.name, '__') then 'mcp'
        else coalesce(c.category, 'other')
    end as tool_category,
    b.name in ('ask', 'exit_plan_mode') as is_question,
    b.input_bytes,
    b.input_hash,
    coalesce(b.input_path, b.input_file_path) as file_path,
    case when b.name = 'edit' then b.input_new_count when b.name = 'write' then b.input_content_count end as added_line_count,
    case when b.name = 'edit' then b.input_old_count end as removed_line_count,
from staged_block as b
inner join lines as l on l.source_no = b.source_no and l.line_no = b.line_no and l.item_no = b.item_no >> 16
left join (
    values
        ('bash', 'shell'), ('exec', 'shell'), ('process', 'shell'), ('ssh', 'shell'), ('python', 'shell'), ('eval', 'shell'),
        ('read', 'read'), ('inspect_image', 'read'), ('image', 'read'), ('pdf', 'read'), ('memory_get', 'read'),
        ('write', 'write'),
        ('edit', 'edit'), ('apply_patch', 'edit'), ('ast_edit', 'edit'), ('notebook', 'edit'),
        ('grep', 'search'), ('find', 'search'), ('glob', 'search'), ('ls', 'search'), ('search', 'search'), ('lsp', 'search'),
        ('ast_grep', 'search'), ('memory_search', 'search'), ('search_tool_bm25', 'search'),
        ('web_search', 'web'), ('web_fetch', 'web'), ('fetch', 'web'), ('browser', 'web'),
        ('task', 'task'), ('subagent', 'task'), ('subagents', 'task'), ('sessions_spawn', 'task'), ('sessions_send', 'task'),
        ('sessions_list', 'task'), ('sessions_history', 'task'), ('session_status', 'task'), ('agents_list', 'task'),
        ('todo', 'plan'), ('todo_write', 'plan'), ('ask', 'plan'), ('exit_plan_mode', 'plan'), ('update_plan', 'plan')
) as c (name, category) on c.name = b.name
where b.type = 'toolCall' and l.type = 'message' and l.role = 'assistant';

-- @only-with staged_block
insert into raw.tool_commands by name
select b.source_no, b.line_no, b.item_no, masked(b.input_command) as command,
from staged_block as b
inner join lines as l on l.source_no = b.source_no and l.line_no = b.line_no and l.item_no = b.item_no >> 16
where b.type = 'toolCall' and b.input_command <> '' and l.type = 'message' and l.role = 'assistant';

-- A result names its call by the provider's id: the last such call before it in the same transcript.
create or replace temp table results as
with uses as (
    select
        source_no,
        session_no,
        line_no,
        tool_call_id,
        file_path,
        added_line_count,
        -- Behind the agent and the response's hash.
        substr(tool_call_id, strlen(getvariable('agent')) + 35) as call_id,
    from raw.tool_uses
    where source_no in (select source_no from batch_sources)
),

texts as (
    select
        l.*,
        unwrapped(l.content_preview) as head,
        case
            when l.is_error and l.tool_name in ('bash', 'exec', 'process')
                then try_cast(nullif(regexp_extract(l.content_tail, 'Command exited with code (-?[0-9]+)', 1), '') as integer)
        end as told_exit_code,
    from lines as l
    where l.type = 'message' and l.role = 'toolResult' and l.tool_call_id is not null
),

matched as (
    select
        r.*,
        coalesce(u.tool_call_id, getvariable('agent') || ':' || r.session_no || ':' || r.tool_call_id) as global_call_id,
        u.file_path,
        u.added_line_count,
        coalesce(r.exit_code, r.told_exit_code) as any_exit_code,
        r.is_error and (
            regexp_matches(r.head, '^(?:Skipped due to queued|Operation aborted|Tool execution was aborted)')
            or regexp_matches(r.content_tail, '(?:Command|Operation|Request)(?: was)? aborted\.?"?\s*\}?\s*\]?$')
        ) as is_interrupted,
        r.is_error and regexp_matches(r.head, '(?i)^(?:tool execution was blocked|exec denied|exec approval denied)') as is_rejected,
    from texts as r
    asof left join uses as u
        on u.source_no = r.source_no and u.session_no = r.session_no and u.call_id = r.tool_call_id and r.line_no >= u.line_no
)

select
    *,
    case
        when is_rejected then 'rejected'
        when is_interrupted then 'interrupted'
        when is_error then 'failed'
        when tool_name in ('bash', 'exec', 'process') and any_exit_code <> 0 then 'failed'
        else 'ok'
    end as status,
from matched;

insert into raw.tool_results by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    global_call_id as tool_call_id,
    1 as evidence,
    status,
    case
        when is_error is not true and status = 'failed' then 'exit_code'
        when is_error is null then 'inferred'
        else 'flag'
    end as status_source,
    any_exit_code as exit_code,
    case
        when status = 'ok' then null
        when status in ('rejected', 'interrupted') then status
        when any_exit_code <> 0 then 'exit_code'
        when regexp_matches(head, '(?i)timed? ?out') then 'timeout'
        when regexp_matches(head, '(?i)no such file|does not exist|not found|ENOENT') then 'not_found'
        when regexp_matches(head, '(?i)permission|not allowed|denied|EACCES') then 'permission'
        when regexp_matches(head, '(?i)^validation failed|invalid arguments|could not find the exact text|no changes made|must (?:be unique|match exactly)') then 'invalid_call'
        else 'other'
    end as error_kind,
    counted(round(tool_duration_ms)::bigint) as duration_ms,
    content_bytes as result_bytes,
    content_hash as result_hash,
from results;

insert into raw.tool_errors by name
select source_no, line_no, item_no, masked(head[:200]) as error_text,
from results
where status <> 'ok' and head <> '';

-- An edit comes back with its diff, lines numbered behind their mark. That a write made the file is not told: it wrote all of it.
insert into raw.file_changes by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    global_call_id as tool_call_id,
    file_path,
    case when tool_name = 'write' then 'create' else 'edit' end as operation,
    case when tool_name = 'write' then added_line_count else change_added_count end as added_line_count,
    case when tool_name = 'write' then null else change_removed_count end as removed_line_count,
    case when tool_name = 'write' then 'args' else 'diff' end as evidence,
from results
where status = 'ok' and file_path is not null and (tool_name = 'write' or change_added_count is not null);

insert into raw.api_errors by name
with failed as (
    select
        *,
        coalesce(error, set_error, '') as words,
        -- A message begins with the status, or names it.
        coalesce(
            error_status,
            try_cast(
                nullif(
                    regexp_extract(coalesce(error, set_error), '(?:^|status(?: code)?[":= ]+)([45][0-9][0-9])\b', 1),
                    ''
                ) as integer
            )
        ) as http_status,
    from lines
    where
        (type = 'message' and role = 'assistant' and stop_reason = 'error' and not is_mirror)
        or (type = 'model_usage' and set_stop_reason = 'error')
)

select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    uuid,
    api_error_kind(http_status, words) as error_kind,
    http_status,
    nullif(regexp_extract(words, '"type"\s*:\s*"([a-z_]*error)"\s*,\s*"message"', 1), '') as code,
    true as is_final,
from failed;

insert into raw.compactions by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    uuid,
    'unknown' as trigger,
    counted(before_tokens) as before_tokens,
    counted(after_tokens) as after_tokens,
from lines
where type = 'compaction';
