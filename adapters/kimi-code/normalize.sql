-- Staged lines of Kimi Code's wires to the raw tables.
--
-- Reads staged_line, staged_input_part and batch_sources. The rules and where they come from: README.md beside this file.

-- Whose wire a file is, its path tells: a session's folder, and in it a folder for each agent, the first called main.
create or replace temp table files as
with paths as (
    select *, replace(path, '\', '/') as place,
    from batch_sources
)

select
    source_no,
    case
        when regexp_matches(place, '[^/]/agents/[^/]+/wire\.jsonl$') then regexp_extract(place, '([^/]+)/agents/[^/]+/[^/]+$', 1)
        when stem = 'wire' then regexp_extract(place, '([^/]+)/[^/]+$', 1)
        else stem
    end as native_session_id,
    nullif(nullif(regexp_extract(place, '[^/]/agents/([^/]+)/wire\.jsonl$', 1), ''), 'main') as native_agent_id,
    context->>'$.cwd' as cwd,
    context->>'$.forked_from' as forked_from,
    nullif(context->>'$.parent_agent', 'main') as parent_agent,
from paths;

create or replace temp table named_sessions as
select native_session_id, native_agent_id from files
union
select native_session_id, null from files
union
select native_session_id, parent_agent from files
union
select forked_from, null from files where forked_from is not null;

-- @include register_sessions

create or replace temp table transcripts as
select
    f.*,
    s.session_no,
    case when f.native_agent_id is not null then p.session_no end as parent_session_no,
    o.session_no as forked_from_session_no,
from files as f
inner join known_sessions as s
    on s.native_session_id = f.native_session_id
    and s.native_agent_id is not distinct from f.native_agent_id
inner join known_sessions as p
    on p.native_session_id = f.native_session_id
    and p.native_agent_id is not distinct from f.parent_agent
left join known_sessions as o
    on o.native_session_id = f.forked_from
    and o.native_agent_id is null;

-- Times are milliseconds, in some versions seconds. What stands before the mark of a fork is the other session's.
create or replace temp view records as
with forks as (
    select source_no, max(line_no) as line_no,
    from staged_line
    where type = 'forked'
    group by source_no
)

select
    l.* exclude (stated_at),
    t.session_no,
    t.native_session_id,
    t.native_agent_id,
    t.forked_from is not null or coalesce(l.line_no < f.line_no, false) as is_fork,
    case
        when l.stated_at < timestamptz '2001-01-01 00:00:00+00' then of_seconds(l.stated_at)
        else coalesce(l.stated_at, case when l.type = 'metadata' then instant(l.created_ms::hugeint * 1000) end)
    end as occurred_at,
from staged_line as l
inner join transcripts as t using (source_no)
left join forks as f using (source_no);

insert into raw.session_headers by name
with stated as (
    select
        source_no,
        min(line_no) as line_no,
        arg_min(cwd, line_no) as cwd,
        arg_min(agent_version, line_no) as agent_version,
    from records
    group by source_no
)

select
    s.source_no,
    s.line_no,
    t.session_no,
    case
        when t.native_agent_id is not null then 'subagent'
        when t.forked_from is not null then 'fork'
        else 'main'
    end as kind,
    t.parent_session_no,
    case when t.native_agent_id is null then t.forked_from_session_no end as forked_from_session_no,
    false as is_replaying,
    coalesce(t.cwd, s.cwd) as cwd,
    s.agent_version,
from stated as s
inner join transcripts as t using (source_no);

-- Which model an alias stood for when a request was sent. A later load finds it here, with what the request was for.
insert into raw.turn_contexts by name
select
    source_no,
    line_no,
    session_no,
    occurred_at,
    concat_ws(' ', coalesce(request_kind, '-'), coalesce(provider, '-'), coalesce(model_alias, '-')) as native_turn_id,
    model as model_raw,
from records
where type = 'llm.request' and model is not null;

-- Each record is what one response used; the copy in a fork has the same time and figures.
create or replace temp table spent as
with keyed as (
    select
        *,
        'kimi-code:' || concat_ws(
            ':',
            coalesce(native_agent_id, 'main'),
            coalesce(epoch_us(occurred_at)::varchar, native_session_id || ':' || line_no),
            input_tokens, cache_read_tokens, cache_write_tokens, output_tokens
        ) as figures,
    from records
    where
        type = 'usage.record'
        and coalesce(input_tokens, cache_read_tokens, cache_write_tokens, output_tokens) is not null
),

-- Calls of one moment and with the same figures, which an earlier load may have met.
counted_before as (
    select source_no, split_part(response_id, '#', 1) as figures, count(*) as call_count,
    from raw.usage
    where source_no in (select source_no from keyed)
    group by all
),

requests as (
    select
        source_no,
        line_no,
        model_raw as model,
        split_part(native_turn_id, ' ', 1) as kind,
        nullif(split_part(native_turn_id, ' ', 2), '-') as provider,
        regexp_extract(native_turn_id, '^[^ ]+ [^ ]+ (.*)$', 1) as alias,
    from raw.turn_contexts
    where model_raw is not null and source_no in (select source_no from batch_sources)
)

select
    r.*,
    r.figures || coalesce('#' || nullif(r.call_number, 1), '') as response_id,
    coalesce(a.model, q.model, r.model) as model_raw,
    q.kind as sent_as,
    coalesce(a.provider, q.provider) as sent_to,
from (
    select
        k.*,
        coalesce(b.call_count, 0) + row_number() over (partition by k.source_no, k.figures order by k.line_no, k.item_no) as call_number,
    from keyed as k
    left join counted_before as b on b.source_no = k.source_no and b.figures = k.figures
) as r
asof left join requests as a on a.source_no = r.source_no and a.alias = r.model and r.line_no >= a.line_no
asof left join requests as q on q.source_no = r.source_no and r.line_no >= q.line_no;

insert into raw.events by name
with parts as (
    select source_no, line_no, item_no >> 16 as item_no, sum(text_bytes)::bigint as text_bytes,
    from staged_input_part
    group by all
)

select
    r.source_no,
    r.line_no,
    r.item_no,
    r.session_no,
    r.occurred_at,
    case r.type
        when 'turn.prompt' then case when is_human then 'user_prompt' else 'user_injected' end
        when 'turn.steer' then case when is_human then 'user_prompt' else 'user_injected' end
        when 'context.append_message' then case r.role when 'assistant' then 'assistant' else 'user_injected' end
        when 'context.append_loop_event' then case r.event
            when 'content.part' then case r.part_type when 'think' then 'reasoning' else 'assistant' end
            when 'tool.call' then 'tool_call'
            when 'tool.result' then 'tool_result'
            else 'meta'
        end
        when 'context.apply_compaction' then 'compaction'
        when 'context.undo' then 'rollback'
        when 'turn.cancel' then 'system'
        when 'context.clear' then 'system'
        else case
            when regexp_matches(r.type, '^(?:metadata|forked|config|llm|usage|permission|plan_mode|swarm_mode|goal|tools|mcp|full_compaction|micro_compaction)(?:\.|$)')
                then 'meta'
            else 'unknown'
        end
    end as event_type,
    -- A call's record is the call; of any other, what it says tells it from the next.
    md5(
        coalesce(
            s.response_id,
            concat_ws(
                ':', 'kimi-code', coalesce(r.native_agent_id, 'main'), r.type,
                coalesce(epoch_us(r.occurred_at)::varchar, r.native_session_id || ':' || r.line_no),
                r.event_hash, r.message_hash, r.input_hash
            )
        )
    )::uuid as uuid,
    r.is_fork,
    coalesce(p.text_bytes, r.part_text_bytes) as text_bytes,
    r.part_think_bytes as reasoning_bytes,
from (
    select
        *,
        native_agent_id is null
        and (
            coalesce(origin, 'user') = 'user'
            or (origin in ('skill_activation', 'plugin_command') and origin_trigger = 'user-slash')
            or (origin = 'shell_command' and origin_phase = 'input')
        ) as is_human,
    from records
) as r
left join parts as p using (source_no, line_no, item_no)
left join spent as s using (source_no, line_no, item_no);

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
    case when sent_to in ('kimi', 'moonshot') then 'moonshot' else sent_to end as provider,
    model_raw,
    counted(input_tokens) as uncached_input_tokens,
    counted(cache_read_tokens) as cache_read_tokens,
    counted(cache_write_tokens) as cache_write_5m_tokens,
    case when cache_write_tokens is not null then 0 end as cache_write_1h_tokens,
    counted(output_tokens) as output_tokens,
    -- Usage is written when a response is complete, whether or not its step comes to an end.
    'unknown' as stop_reason,
    case
        when sent_as = 'compaction' then 'compaction'
        when usage_scope = 'session' then 'side'
    end as purpose,
    'call' as granularity,
from spent;

-- A step ends after its tools have, perhaps in a later load, and repeats what its response used.
create or replace temp table ended as
with steps as (
    select
        source_no,
        line_no,
        counted(step_input_tokens) as input_tokens,
        counted(step_cache_read_tokens) as cache_read_tokens,
        counted(step_cache_write_tokens) as cache_write_tokens,
        counted(step_output_tokens) as output_tokens,
        finish_reason,
        first_token_ms,
        stream_ms,
    from records
    where event = 'step.end' and step_output_tokens is not null
)

select
    u.source_no,
    u.line_no,
    u.item_no,
    coalesce(s.finish_reason, 'unknown') as stop_reason,
    counted(s.first_token_ms + s.stream_ms) as duration_ms,
    counted(s.first_token_ms) as first_token_ms,
from raw.usage as u
asof inner join steps as s
    on s.source_no = u.source_no
    and s.input_tokens is not distinct from u.uncached_input_tokens
    and s.output_tokens is not distinct from u.output_tokens
    and s.cache_read_tokens is not distinct from u.cache_read_tokens
    and s.cache_write_tokens is not distinct from u.cache_write_5m_tokens
    and u.line_no <= s.line_no
where u.stop_reason = 'unknown' and u.first_token_ms is null and u.duration_ms is null;

update raw.usage
set stop_reason = name_without_secrets(e.stop_reason), duration_ms = e.duration_ms, first_token_ms = e.first_token_ms
from ended as e
where usage.source_no = e.source_no and usage.line_no = e.line_no and usage.item_no = e.item_no;

-- A step's usage is written before its tools are called.
insert into raw.tool_uses by name
select
    r.source_no,
    r.line_no,
    r.item_no,
    r.session_no,
    r.occurred_at,
    concat(
        'kimi-code:', r.call_id, '@', coalesce(r.native_agent_id, 'main'), '/',
        coalesce(epoch_us(r.occurred_at)::varchar, r.native_session_id || '/' || r.line_no)
    ) as tool_call_id,
    u.response_id,
    r.is_fork,
    false as is_sidechain,
    r.name as tool_name,
    case when r.name like 'mcp\_\_%' escape '\' then split_part(r.name, '__', 2) end as mcp_server,
    case when r.name like 'mcp\_\_%' escape '\' then 'mcp' else coalesce(k.category, 'other') end as tool_category,
    r.name in ('AskUserQuestion', 'ExitPlanMode') as is_question,
    r.args_bytes as input_bytes,
    r.args_hash as input_hash,
    coalesce(r.path, r.file_path) as file_path,
    case r.name when 'Edit' then r.new_count when 'Write' then r.content_count end as added_line_count,
    case r.name when 'Edit' then r.old_count when 'Write' then 0 end as removed_line_count,
from records as r
asof left join (
    select source_no, line_no, response_id,
    from raw.usage
    where source_no in (select source_no from batch_sources)
) as u on u.source_no = r.source_no and r.line_no >= u.line_no
left join (
    values
        ('Bash', 'shell'), ('Shell', 'shell'), ('PowerShell', 'shell'),
        ('Read', 'read'), ('ReadMediaFile', 'read'), ('ReadFile', 'read'),
        ('Write', 'write'), ('WriteFile', 'write'),
        ('Edit', 'edit'), ('StrReplaceFile', 'edit'), ('MultiEdit', 'edit'),
        ('Glob', 'search'), ('Grep', 'search'),
        ('WebSearch', 'web'), ('SearchWeb', 'web'), ('FetchURL', 'web'), ('WebFetch', 'web'),
        ('Agent', 'task'), ('AgentSwarm', 'task'), ('Task', 'task'), ('TaskList', 'task'), ('TaskOutput', 'task'), ('TaskStop', 'task'),
        ('TodoList', 'plan'), ('SetTodoList', 'plan'), ('EnterPlanMode', 'plan'), ('ExitPlanMode', 'plan'), ('AskUserQuestion', 'plan')
) as k (name, category) on k.name = r.name
where r.event = 'tool.call' and r.call_id is not null;

insert into raw.tool_commands by name
select source_no, line_no, item_no, masked(command) as command,
from records
where event = 'tool.call' and call_id is not null and command <> '';

-- A result belongs to the last call of its id before it, which an earlier load may have stored.
create or replace temp table returned as
with calls as (
    select
        source_no,
        line_no,
        tool_call_id,
        tool_category,
        file_path,
        added_line_count,
        removed_line_count,
        regexp_extract(tool_call_id, '^kimi-code:(.*)@[^@]*$', 1) as call_id,
    from raw.tool_uses
    where source_no in (select source_no from batch_sources)
),

answered as (
    select r.source_no, r.line_no, r.item_no, c.call_id, max(c.line_no) as call_line_no,
    from records as r
    inner join calls as c on c.source_no = r.source_no and c.call_id = r.call_id and c.line_no <= r.line_no
    where r.event = 'tool.result'
    group by all
)

select
    r.* exclude (file_path),
    c.tool_call_id as use_id,
    c.tool_category,
    c.file_path,
    c.added_line_count,
    c.removed_line_count,
    unwrapped(r.output_preview) as words,
    try_cast(nullif(regexp_extract(unwrapped(r.output_preview), '(?i)exit code:? (-?[0-9]+)', 1), '') as integer) as exit_code,
from answered as a
inner join records as r using (source_no, line_no, item_no)
inner join calls as c on c.source_no = a.source_no and c.call_id = a.call_id and c.line_no = a.call_line_no;

insert into raw.tool_results by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    use_id as tool_call_id,
    1 as evidence,
    case
        when is_error and regexp_matches(words, '(?i)rejected by (?:the )?user') then 'rejected'
        when is_error and regexp_matches(words, '(?i)interrupted|cancelled|canceled|aborted by') then 'interrupted'
        when is_error then 'failed'
        else 'ok'
    end as status,
    -- A result without the flag is one without an error.
    'flag' as status_source,
    case when is_error then exit_code end as exit_code,
    case
        when not coalesce(is_error, false) then null
        when regexp_matches(words, '(?i)rejected by (?:the )?user') then 'rejected'
        when regexp_matches(words, '(?i)interrupted|cancelled|canceled|aborted by') then 'interrupted'
        when exit_code is not null then 'exit_code'
        when regexp_matches(words, '(?i)timed? ?out|timeout') then 'timeout'
        when regexp_matches(words, '(?i)not found|does not exist|no such file') then 'not_found'
        when regexp_matches(words, '(?i)permission|not allowed|denied') then 'permission'
        when regexp_matches(words, '(?i)validat|pars(?:e|ing)|invalid') then 'invalid_call'
        else 'other'
    end as error_kind,
    counted(duration_ms) as duration_ms,
    output_bytes as result_bytes,
    output_hash as result_hash,
from returned;

insert into raw.tool_errors by name
select source_no, line_no, item_no, masked(words[:200]) as error_text,
from returned
where is_error and words <> '';

insert into raw.file_changes by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    use_id as tool_call_id,
    file_path,
    'edit' as operation,
    added_line_count,
    removed_line_count,
    'args' as evidence,
from returned
where tool_category in ('write', 'edit') and file_path is not null and not coalesce(is_error, false);

-- A request's second attempt tells of the first: that it failed, and no more.
insert into raw.api_errors by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    md5(concat_ws(':', 'kimi-code', coalesce(native_agent_id, 'main'), epoch_us(occurred_at), attempt))::uuid as uuid,
    'other' as error_kind,
    regexp_extract(attempt, '^([0-9]+)', 1)::integer - 1 as attempt_number,
    try_cast(nullif(regexp_extract(attempt, '^[0-9]+/([0-9]+)$', 1), '') as integer) as max_attempt_count,
    false as is_final,
from records
where type = 'llm.request' and regexp_matches(attempt, '^[0-9]{1,4}(?:/[0-9]{1,4})?$') and regexp_extract(attempt, '^([0-9]+)', 1)::integer > 1;

-- How a compaction began, for the load that finds its end.
insert into raw.turn_contexts by name
select source_no, line_no, session_no, occurred_at, concat_ws(' ', 'full_compaction.begin', compaction_source) as native_turn_id,
from records
where type = 'full_compaction.begin';

insert into raw.compactions by name
with begins as (
    select source_no, line_no, occurred_at, nullif(split_part(native_turn_id, ' ', 2), '') as compaction_source,
    from raw.turn_contexts
    where starts_with(native_turn_id, 'full_compaction.begin') and source_no in (select source_no from batch_sources)
)

select
    r.source_no,
    r.line_no,
    r.item_no,
    r.session_no,
    r.occurred_at,
    md5(concat_ws(':', 'kimi-code', coalesce(r.native_agent_id, 'main'), epoch_us(r.occurred_at), 'compaction'))::uuid as uuid,
    case when b.compaction_source in ('auto', 'manual') then b.compaction_source else 'unknown' end as trigger,
    counted(r.tokens_before) as before_tokens,
    counted(r.tokens_after) as after_tokens,
    case when r.occurred_at >= b.occurred_at then epoch_ms(r.occurred_at) - epoch_ms(b.occurred_at) end as duration_ms,
from records as r
asof left join begins as b on b.source_no = r.source_no and r.line_no >= b.line_no
where r.type = 'context.apply_compaction';
