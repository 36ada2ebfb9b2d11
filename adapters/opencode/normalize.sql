-- Messages of OpenCode, with their parts, to the raw tables.
--
-- Reads staged_record, staged_part, staged_content and batch_sources. The rules and where they come from: README.md
-- beside this file.

create or replace temp view records as
select
    r.source_no,
    r.line_no,
    r.kind,
    coalesce(r.given_session_id, r.info_session_id, r.old_session_id, r.session_id) as native_session_id,
    coalesce(r.id, r.given_message_id) as message_id,
    r.session_id as told_id,
    r.parent_id,
    r.project_id,
    nullif(r.directory, '') as directory,
    nullif(r.version, '') as version,
    r.title_preview as title,
    r.fork_id,
    r.session_created_at,
    case when r.id is not null then coalesce(r.role, r.type) end as role,
    r.type,
    r.parent_message_id,
    coalesce(r.created_at, r.old_created_at) as created_at,
    coalesce(r.completed_at, r.old_completed_at) as completed_at,
    coalesce(r.model_id, r.model_ref_id, r.old_model_id) as model_raw,
    coalesce(r.provider_id, r.model_ref_provider, r.old_provider_id) as provider,
    r.agent_name,
    coalesce(r.cwd, r.old_cwd) as cwd,
    coalesce(r.is_summary, false) as is_summary,
    r.finish,
    coalesce(r.cost_usd, r.old_cost_usd) as cost_usd,
    r.total_tokens,
    coalesce(r.input_tokens, r.old_input_tokens) as input_tokens,
    coalesce(r.output_tokens, r.old_output_tokens) as output_tokens,
    coalesce(r.reasoning_tokens, r.old_reasoning_tokens) as reasoning_tokens,
    coalesce(r.cache_read_tokens, r.old_cache_read_tokens) as cache_read_tokens,
    coalesce(r.cache_write_tokens, r.old_cache_write_tokens) as cache_write_tokens,
    coalesce(r.error_name, r.error_type) as error_name,
    r.error_status,
    coalesce(r.error_words, r.error_message) as error_words,
    r.text_bytes,
    r.text_hash,
    r.call_id,
    r.shell_command,
    r.output_bytes,
    r.output_hash,
    r.reason,
from staged_record as r
where
    r.kind is distinct from 'other'
    and coalesce(r.given_session_id, r.info_session_id, r.old_session_id, r.session_id) is not null;

-- What a source says of each session. A database says it beside every message, a file once.
create or replace temp table told as
select
    source_no,
    native_session_id,
    min(line_no) as line_no,
    any_value(parent_id) as parent_id,
    any_value(project_id) as project_id,
    arg_min(coalesce(directory, cwd), line_no) as cwd,
    any_value(version) as version,
    any_value(title) as title,
    any_value(fork_id) as fork_id,
    min(session_created_at) as created_at,
    bool_or(told_id is not null) as is_told,
    coalesce(any_value(fork_id) is not null or any_value(regexp_matches(title, '\(fork #[0-9]+\)$')), false) as is_fork,
from records
group by source_no, native_session_id;

create or replace temp table named_sessions as
select native_session_id, null::varchar as native_agent_id from told
union
select parent_id, null from told where parent_id is not null
union
select fork_id, null from told where fork_id is not null;

-- @include register_sessions

-- Of which product and channel a database or a tree is; a file that was renamed does not say.
create or replace temp table entrypoints as
select
    source_no,
    coalesce(
        nullif(regexp_extract(path, '[\\/](kilo|mimocode)[\\/][^\\/]+\.(?:db|sqlite3?)$', 1), ''),
        nullif(regexp_extract(path, '[\\/]((?:opencode|kilo|mimocode)[a-z0-9_-]*)\.(?:db|sqlite3?)$', 1), ''),
        nullif(regexp_extract(path, '^.*[\\/](opencode|kilo|mimocode)[\\/](?:storage|project)[\\/]', 1), '')
    ) as entrypoint,
from batch_sources;

-- Parts of both layouts, numbered within their message.
create or replace temp table parts as
select
    p.source_no,
    p.line_no,
    row_number() over part_order as part_number,
    p.id as part_id,
    p.stored_at,
    p.type,
    p.text_bytes,
    p.text_hash,
    coalesce(p.is_synthetic, false) as is_synthetic,
    p.started_at,
    p.ended_at,
    p.reason,
    p.cost_usd,
    p.total_tokens,
    p.input_tokens,
    p.output_tokens,
    p.reasoning_tokens,
    p.cache_read_tokens,
    p.cache_write_tokens,
    p.call_id,
    p.tool,
    p.status,
    p.input_bytes,
    p.input_hash,
    p.command,
    coalesce(p.file_path, p.old_file_path, p.folder_path) as file_path,
    p.content_count,
    p.patch_text,
    p.output_bytes,
    p.output_hash,
    p.output_preview,
    p.error,
    p.exit_code,
    p.changed_path,
    coalesce(p.added_line_count, p.diff_added_count) as added_line_count,
    coalesce(p.removed_line_count, p.diff_removed_count) as removed_line_count,
    p.is_overwriting,
    p.called_at,
    p.returned_at,
    p.is_auto,
    p.attempt_number,
    p.error_name,
    p.error_status,
    p.error_words,
    p.tried_at,
    -- The step that a part belongs to ends with the next step-finish.
    1 + coalesce(
        count(*) filter (where p.type = 'step-finish') over (part_order rows between unbounded preceding and 1 preceding), 0
    ) as step_number,
from staged_part as p
window part_order as (partition by p.source_no, p.line_no order by p.id, p.item_no);

-- @only-with staged_content
insert into parts by name
select
    c.source_no,
    c.line_no,
    row_number() over (partition by c.source_no, c.line_no order by c.item_no) as part_number,
    c.id as part_id,
    c.type,
    c.text_bytes,
    c.text_hash,
    false as is_synthetic,
    c.id as call_id,
    c.tool,
    c.status,
    c.input_bytes,
    c.input_hash,
    c.command,
    coalesce(c.file_path, c.old_file_path, c.folder_path) as file_path,
    c.content_count,
    c.patch_text,
    c.output_bytes,
    c.output_hash,
    c.output_preview,
    c.error,
    c.exit_code,
    c.changed_path,
    coalesce(c.added_line_count, c.diff_added_count) as added_line_count,
    coalesce(c.removed_line_count, c.diff_removed_count) as removed_line_count,
    c.is_overwriting,
    coalesce(c.ran_at, c.created_at) as called_at,
    case when c.status in ('completed', 'error') then c.completed_at end as returned_at,
    1 as step_number,
from staged_content as c;

-- Messages under a key that a copy in a forked session, which has other ids, shares with its original. Of sessions in
-- one database that share a message, the older one had it first.
create or replace temp table messages as
with summed as (
    select
        source_no,
        line_no,
        sum(text_bytes) filter (where type = 'text')::bigint as text_bytes,
        sum(text_bytes) filter (where type = 'reasoning')::bigint as reasoning_bytes,
        bit_xor(text_hash) filter (where type = 'text' and not is_synthetic) as text_hash,
        count(*) filter (where type = 'text') as text_count,
        count(*) filter (where (type = 'text' and not is_synthetic) or type in ('file', 'subtask')) as typed_count,
        bool_or(type = 'compaction') as is_compaction,
        arg_min([input_tokens, output_tokens, reasoning_tokens, cache_read_tokens, cache_write_tokens], part_number)
            filter (where type = 'step-finish') as step_tokens,
        arg_min(cost_usd, part_number) filter (where type = 'step-finish') as step_cost_usd,
        min(started_at) filter (where type in ('text', 'reasoning')) as first_text_at,
        bool_or(type = 'tool') as has_tools,
        coalesce(bool_or(type = 'reasoning' and text_bytes = 0), false) as has_withheld_reasoning,
        max(step_number) filter (where type = 'step-finish') as step_count,
    from parts
    group by source_no, line_no
),

keyed as (
    select
        r.*,
        s.* exclude (source_no, line_no, text_bytes, text_hash),
        coalesce(s.text_bytes, r.text_bytes) as message_bytes,
        t.is_fork or coalesce(
            -- An id begins with the time at which it was made, modulo 2^36 ms: that of a copy is later than the message.
            (
                (try_cast('0x' || regexp_extract(r.message_id, '^msg_([0-9a-f]{12})[0-9A-Za-z]{14}$', 1) as bigint) >> 12)
                - epoch_ms(r.created_at) % 68719476736 + 68719476736
            ) % 68719476736 between 5000 and 34359738368,
            false
        ) as is_fork,
        t.parent_id is not null as is_of_subagent,
        t.created_at as session_began_at,
        k.session_no,
        coalesce(case when t.parent_id is null then t.project_id end, r.native_session_id) as scope,
        md5(
            concat_ws(
                '|',
                coalesce(case when t.parent_id is null then t.project_id end, r.native_session_id),
                r.role,
                coalesce(epoch_ms(r.created_at)::varchar, r.message_id, ''),
                coalesce(r.model_raw, ''),
                coalesce(
                    s.step_tokens,
                    [r.input_tokens, r.output_tokens, r.reasoning_tokens, r.cache_read_tokens, r.cache_write_tokens]
                )::varchar,
                coalesce(s.step_cost_usd, r.cost_usd, 0)::varchar,
                coalesce(s.text_hash, r.text_hash, 0)::varchar
            )
        ) as copy_key,
    from records as r
    inner join told as t using (source_no, native_session_id)
    inner join known_sessions as k on k.native_session_id = r.native_session_id and k.native_agent_id is null
    left join summed as s on s.source_no = r.source_no and s.line_no = r.line_no
    where r.role is not null
)

select
    * exclude (is_fork),
    is_fork or coalesce(
        session_began_at > min(session_began_at) over (partition by source_no, message_key), false
    ) as is_fork,
from (
    select
        *,
        copy_key || ':' || row_number() over (
            partition by source_no, session_no, copy_key order by message_id, line_no
        ) as message_key,
    from keyed
);

-- A message of a database that stands in two of its sessions was billed in the one that is no fork, else in the first row.
create or replace temp table copied as
with candidates as (
    select source_no, line_no, md5(message_key)::uuid as uuid, is_fork, true as is_staged,
    from messages
    union all
    select e.source_no, e.line_no, e.uuid, e.is_fork, false,
    from raw.events as e
    semi join messages as m on m.source_no = e.source_no and md5(m.message_key)::uuid = e.uuid
    where e.item_no = 0
)

select source_no, line_no,
from (
    select source_no, line_no, is_staged,
    from candidates
    qualify row_number() over (partition by source_no, uuid order by is_fork, line_no) > 1
)
where is_staged;

-- Where a fork's first message came from, if the same database has it.
create or replace temp table origins as
with firsts as (
    select m.source_no, m.session_no, md5(arg_min(m.message_key, m.line_no))::uuid as uuid,
    from messages as m
    semi join copied as c on c.source_no = m.source_no and c.line_no = m.line_no
    group by m.source_no, m.session_no
)

select f.source_no, f.session_no, min(o.session_no) as origin_no,
from firsts as f
inner join (
    select m.source_no, m.session_no, md5(m.message_key)::uuid as uuid,
    from messages as m
    anti join copied as c on c.source_no = m.source_no and c.line_no = m.line_no
    union
    select e.source_no, e.session_no, e.uuid,
    from raw.events as e
    where
        e.item_no = 0
        and e.uuid in (select uuid from firsts)
        and e.source_no in (select source_no from firsts)
        and not e.is_fork
) as o on o.source_no = f.source_no and o.uuid = f.uuid and o.session_no <> f.session_no
group by f.source_no, f.session_no;

insert into raw.session_headers by name
select
    t.source_no,
    t.line_no,
    k.session_no,
    case
        when t.parent_id is not null then 'subagent'
        when t.is_fork or o.origin_no is not null then 'fork'
        when t.is_told then 'main'
    end as kind,
    p.session_no as parent_session_no,
    case when t.parent_id is null then coalesce(f.session_no, o.origin_no) end as forked_from_session_no,
    t.cwd,
    t.version as agent_version,
    e.entrypoint,
from told as t
inner join known_sessions as k on k.native_session_id = t.native_session_id and k.native_agent_id is null
inner join entrypoints as e on e.source_no = t.source_no
left join known_sessions as p on p.native_session_id = t.parent_id and p.native_agent_id is null
left join known_sessions as f on f.native_session_id = t.fork_id and f.native_agent_id is null
left join origins as o on o.source_no = t.source_no and o.session_no = k.session_no;

-- One for each message, at its end; a prompt is what a person typed, not what a plugin or a compaction put there.
insert into raw.events by name
select
    source_no,
    line_no,
    0 as item_no,
    session_no,
    case when role = 'assistant' then coalesce(completed_at, created_at) else created_at end as occurred_at,
    case
        when role = 'user' and (is_of_subagent or is_compaction) then 'user_injected'
        when role = 'user' and text_count > 0 and typed_count = 0 then 'user_injected'
        when role = 'user' then 'user_prompt'
        when role = 'assistant' then 'assistant'
        when role = 'synthetic' then 'user_injected'
        when role = 'system' then 'system'
        when role = 'compaction' then 'compaction'
        when role = 'shell' then 'tool_call'
        when role in ('agent-switched', 'model-switched') then 'meta'
        when role = 'tool' then 'tool_result'
        else 'unknown'
    end as event_type,
    md5(message_key)::uuid as uuid,
    is_fork,
    message_bytes as text_bytes,
    reasoning_bytes,
    coalesce(error_name in ('MessageAbortedError', 'aborted'), false) as is_interruption,
    coalesce(has_withheld_reasoning, false) as has_withheld_reasoning,
from messages;

-- A session without a message has its beginning alone.
insert into raw.events by name
select
    t.source_no,
    t.line_no,
    0 as item_no,
    k.session_no,
    t.created_at as occurred_at,
    'meta' as event_type,
    md5('session:' || t.native_session_id)::uuid as uuid,
    false as is_fork,
from told as t
inner join known_sessions as k on k.native_session_id = t.native_session_id and k.native_agent_id is null
where
    t.created_at is not null
    and not exists (from messages as m where m.source_no = t.source_no and m.session_no = k.session_no);

-- Parts that have a time of their own. Items: 2n - 1 for the n-th part, 2n for its end.
insert into raw.events by name
with timed as (
    select source_no, line_no, part_number * 2 - 1 as item_no, 'reasoning' as event_type, ended_at as occurred_at,
    from parts where type = 'reasoning' and ended_at is not null
    union all
    select source_no, line_no, part_number * 2 - 1, 'tool_call', called_at,
    from parts where type = 'tool' and called_at is not null
    union all
    select source_no, line_no, part_number * 2, 'tool_result', returned_at,
    from parts where type = 'tool' and returned_at is not null
    union all
    select source_no, line_no, part_number * 2 - 1, 'api_error', tried_at,
    from parts where type = 'retry' and tried_at is not null
)

select
    p.source_no,
    p.line_no,
    p.item_no,
    m.session_no,
    p.occurred_at,
    p.event_type,
    md5(m.message_key || ':' || p.item_no)::uuid as uuid,
    m.is_fork,
from timed as p
inner join messages as m using (source_no, line_no);

-- One API call for each finished step; of a message without parts, its own figures, which are those of the last step.
create or replace temp table calls as
with steps as (
    select
        p.source_no,
        p.line_no,
        p.part_number * 2 - 1 as item_no,
        p.step_number,
        lag(p.stored_at) over (partition by p.source_no, p.line_no order by p.step_number) as begun_at,
        p.reason as finish,
        p.cost_usd,
        p.total_tokens,
        p.input_tokens,
        p.output_tokens,
        p.reasoning_tokens,
        p.cache_read_tokens,
        p.cache_write_tokens,
    from parts as p
    where p.type = 'step-finish' and p.input_tokens is not null
    union all
    select
        m.source_no,
        m.line_no,
        0,
        1,
        null,
        m.finish,
        m.cost_usd,
        m.total_tokens,
        m.input_tokens,
        m.output_tokens,
        m.reasoning_tokens,
        m.cache_read_tokens,
        m.cache_write_tokens,
    from messages as m
    where
        m.role = 'assistant'
        and m.step_count is null
        and coalesce(m.input_tokens, 0) + coalesce(m.output_tokens, 0) + coalesce(m.reasoning_tokens, 0)
        + coalesce(m.cache_read_tokens, 0) + coalesce(m.cache_write_tokens, 0) > 0
)

select
    *,
    -- A step of a provider that reports no usage is a call of unknown size.
    coalesce(input_tokens, 0) + coalesce(output_tokens, 0) + coalesce(reasoning_tokens, 0)
    + coalesce(cache_read_tokens, 0) + coalesce(cache_write_tokens, 0) > 0 as is_counted,
from steps;

insert into raw.usage by name
with sized as (
    select
        c.*,
        coalesce(c.input_tokens, 0) + coalesce(c.output_tokens, 0) + coalesce(c.cache_read_tokens, 0)
        + coalesce(c.cache_write_tokens, 0) as plain_sum,
        coalesce(c.reasoning_tokens, 0) as reasoning,
    from calls as c
)

select
    c.source_no,
    c.line_no,
    c.item_no,
    m.session_no,
    coalesce(c.begun_at, m.created_at) as occurred_at,
    case when c.finish is null then 'record' else 'response' end as form,
    case
        when m.kind = 'message' then 'opencode:lone:' || m.message_id
        else 'opencode:' || m.message_key || ':' || c.step_number
    end as response_id,
    m.is_fork,
    false as is_sidechain,
    m.provider,
    m.model_raw,
    case when c.is_counted then counted(c.input_tokens) end as uncached_input_tokens,
    case when c.is_counted then counted(c.cache_read_tokens) end as cache_read_tokens,
    case when c.is_counted then written_5m(null, null, c.cache_write_tokens) end as cache_write_5m_tokens,
    case when c.is_counted then written_1h(null, null, c.cache_write_tokens) end as cache_write_1h_tokens,
    case
        when not c.is_counted then null
        -- The total says whether output holds reasoning already; without one, the version does.
        when c.total_tokens = c.plain_sum and c.reasoning <= c.output_tokens then counted(c.output_tokens)
        when
            c.total_tokens is null
            and c.reasoning <= c.output_tokens
            and (
                try_cast(regexp_extract(t.version, '^([0-9]+)\.', 1) as integer) < 1
                or (
                    try_cast(regexp_extract(t.version, '^([0-9]+)\.', 1) as integer) = 1
                    and try_cast(regexp_extract(t.version, '^[0-9]+\.([0-9]+)', 1) as integer) < 4
                )
            ) then counted(c.output_tokens)
        else counted(c.output_tokens) + coalesce(counted(c.reasoning_tokens), 0)
    end as output_tokens,
    case when c.is_counted then counted(c.reasoning_tokens) end as reasoning_tokens,
    c.finish as stop_reason,
    case when c.cost_usd > 0 then c.cost_usd end as reported_cost_usd,
    case
        when coalesce(m.step_count, 1) = 1 and not coalesce(m.has_tools, false) and m.completed_at >= m.created_at
            then epoch_ms(m.completed_at) - epoch_ms(m.created_at)
    end as duration_ms,
    case
        when c.step_number = 1 and m.first_text_at >= m.created_at
            then epoch_ms(m.first_text_at) - epoch_ms(m.created_at)
    end as first_token_ms,
    case when m.is_summary or m.agent_name in ('compaction', 'title', 'summary') then
        case when m.is_summary then 'compaction' else m.agent_name end
    end as purpose,
from sized as c
inner join messages as m using (source_no, line_no)
inner join told as t on t.source_no = m.source_no and t.native_session_id = m.native_session_id
anti join copied as d on d.source_no = c.source_no and d.line_no = c.line_no;

-- A part that stands alone counts only as long as its message is not there as well.
-- @only-with staged_part
insert into raw.usage by name
select
    p.source_no,
    p.line_no,
    p.part_number * 2 - 1 as item_no,
    k.session_no,
    'progress' as form,
    'opencode:lone:' || r.message_id as response_id,
    false as is_fork,
    false as is_sidechain,
    counted(p.input_tokens) as uncached_input_tokens,
    counted(p.cache_read_tokens) as cache_read_tokens,
    written_5m(null, null, p.cache_write_tokens) as cache_write_5m_tokens,
    written_1h(null, null, p.cache_write_tokens) as cache_write_1h_tokens,
    case
        when p.total_tokens = p.input_tokens + p.output_tokens + coalesce(p.cache_read_tokens, 0) + coalesce(p.cache_write_tokens, 0)
            then counted(p.output_tokens)
        else counted(p.output_tokens) + coalesce(counted(p.reasoning_tokens), 0)
    end as output_tokens,
    counted(p.reasoning_tokens) as reasoning_tokens,
    p.reason as stop_reason,
    case when p.cost_usd > 0 then p.cost_usd end as reported_cost_usd,
from parts as p
inner join records as r using (source_no, line_no)
inner join known_sessions as k on k.native_session_id = r.native_session_id and k.native_agent_id is null
where r.kind = 'part' and p.type = 'step-finish' and p.input_tokens > 0;

-- Ends of tool calls. A command's exit code says more than that the tool came to its end.
create or replace temp table tools as
with asked as (
    select
        p.source_no,
        p.line_no,
        p.part_number,
        p.step_number,
        coalesce(p.call_id, p.part_id, p.part_number::varchar) as call_id,
        p.tool,
        p.status,
        p.input_bytes,
        p.input_hash,
        p.command,
        p.file_path,
        p.changed_path,
        p.content_count,
        p.patch_text,
        p.is_overwriting,
        p.added_line_count,
        p.removed_line_count,
        p.output_bytes,
        p.output_hash,
        p.exit_code,
        coalesce(p.error, p.output_preview, '') as words,
        p.error is not null as has_error,
        p.called_at,
        p.returned_at,
    from parts as p
    where p.type = 'tool'
    union all
    -- What a person ran in the shell from the prompt.
    select
        m.source_no,
        m.line_no,
        1,
        1,
        coalesce(m.call_id, m.message_id),
        'bash',
        case when m.completed_at is not null then 'completed' else 'running' end,
        null,
        hash(m.shell_command),
        m.shell_command,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        m.output_bytes,
        m.output_hash,
        null,
        '',
        false,
        m.created_at,
        m.completed_at,
    from messages as m
    where m.type = 'shell'
),

judged as (
    select
        *,
        case
            when status = 'error' and regexp_matches(words, '(?i)rejected permission|user (?:dismissed|rejected|denied)|prevents you from using') then 'rejected'
            when status = 'error' and regexp_matches(words, '(?i)^(?:tool execution )?(?:was )?(?:aborted|cancelled|interrupted)') then 'interrupted'
            when status = 'error' then 'failed'
            when status = 'completed' and (exit_code <> 0 or tool = 'invalid') then 'failed'
            when status = 'completed' then 'ok'
        end as ending,
    from asked
)

select
    j.*,
    r.session_no,
    r.is_fork,
    r.created_at,
    'opencode:' || r.scope || ':' || coalesce(epoch_ms(r.created_at)::varchar, r.message_id, '') || ':' || j.call_id
    || case when twin_number > 1 then ':' || twin_number else '' end as tool_call_id,
    r.response_id_stem || ':' || j.step_number as response_id,
from (
    select
        *,
        row_number() over (partition by source_no, line_no, call_id order by part_number) as twin_number,
    from judged
) as j
inner join (
    select
        source_no, line_no, session_no, is_fork, created_at, message_id, scope, 'opencode:' || message_key as response_id_stem,
    from messages
    union all
    select
        r.source_no, r.line_no, k.session_no, false, null, r.message_id, r.native_session_id,
        'opencode:' || r.native_session_id || ':' || r.message_id,
    from records as r
    inner join known_sessions as k on k.native_session_id = r.native_session_id and k.native_agent_id is null
    where r.kind = 'part'
) as r on r.source_no = j.source_no and r.line_no = j.line_no
anti join copied as d on d.source_no = j.source_no and d.line_no = j.line_no;

insert into raw.tool_uses by name
select
    t.source_no,
    t.line_no,
    t.part_number * 2 - 1 as item_no,
    t.session_no,
    coalesce(t.called_at, t.created_at) as occurred_at,
    t.tool_call_id,
    t.response_id,
    t.is_fork,
    false as is_sidechain,
    t.tool as tool_name,
    case when c.category is null and contains(t.tool, '_') then split_part(t.tool, '_', 1) end as mcp_server,
    coalesce(c.category, case when contains(t.tool, '_') then 'mcp' end, 'other') as tool_category,
    t.tool in ('question', 'plan_enter', 'plan_exit') as is_question,
    t.input_bytes,
    t.input_hash,
    t.file_path,
    t.added_line_count,
    t.removed_line_count,
from tools as t
left join (
    values
    ('bash', 'shell'), ('shell', 'shell'), ('read', 'read'), ('write', 'write'), ('edit', 'edit'), ('multiedit', 'edit'),
    ('patch', 'edit'), ('apply_patch', 'edit'), ('glob', 'search'), ('grep', 'search'), ('list', 'search'), ('ls', 'search'),
    ('codesearch', 'search'), ('codebase_search', 'search'), ('lsp', 'search'), ('lsp_hover', 'search'), ('lsp_diagnostics', 'search'),
    ('webfetch', 'web'), ('websearch', 'web'), ('task', 'task'), ('todowrite', 'plan'), ('todoread', 'plan'),
    ('plan_enter', 'plan'), ('plan_exit', 'plan'), ('question', 'plan'), ('skill', 'other'), ('batch', 'other'), ('invalid', 'other')
) as c(tool, category) on c.tool = t.tool;

insert into raw.tool_commands by name
select source_no, line_no, part_number * 2 - 1 as item_no, masked(command[:1000]) as command,
from tools
where command is not null and command <> '';

insert into raw.tool_results by name
select
    source_no,
    line_no,
    part_number * 2 as item_no,
    session_no,
    returned_at as occurred_at,
    tool_call_id,
    1 as evidence,
    ending as status,
    case
        when exit_code is not null and status = 'completed' then 'exit_code'
        when ending in ('rejected', 'interrupted') or tool = 'invalid' then 'text'
        else 'flag'
    end as status_source,
    exit_code,
    case
        when ending in ('rejected', 'interrupted') then ending
        when ending <> 'failed' then null
        when tool = 'invalid' then 'invalid_call'
        when exit_code <> 0 then 'exit_code'
        when regexp_matches(words, '(?i)timed? ?out') then 'timeout'
        else 'other'
    end as error_kind,
    case when returned_at >= called_at then epoch_ms(returned_at) - epoch_ms(called_at) end as duration_ms,
    output_bytes as result_bytes,
    output_hash as result_hash,
from tools
where ending is not null;

insert into raw.tool_errors by name
select source_no, line_no, part_number * 2 as item_no, masked(words[:200]) as error_text,
from tools
where ending in ('failed', 'rejected', 'interrupted') and words <> '';

-- Edits and new files, as the tool counted them, or as its diff has them.
insert into raw.file_changes by name
with changed as (
    select
        *,
        coalesce(changed_path, file_path) as path,
        tool = 'write' and is_overwriting is not true as is_new,
    from tools
    where ending = 'ok' and tool in ('edit', 'multiedit', 'write', 'patch')
)

select
    source_no,
    line_no,
    part_number * 2 - 1 as item_no,
    session_no,
    returned_at as occurred_at,
    tool_call_id,
    path as file_path,
    case when tool = 'write' and is_overwriting is false then 'create' else 'edit' end as operation,
    case when added_line_count is null and is_new then content_count else added_line_count end as added_line_count,
    case when removed_line_count is null and is_overwriting is false then 0 else removed_line_count end as removed_line_count,
    case when added_line_count is null then 'args' else 'diff' end as evidence,
from changed
where path is not null;

-- A patch names its files in lines that begin with three asterisks.
insert into raw.file_changes by name
with sections as (
    select
        t.* exclude (patch_text),
        length(t.patch_text) >= 60000 as is_cut,
        unnest(string_split(chr(10) || replace(t.patch_text, chr(13), ''), chr(10) || '*** ')) as section,
    from tools as t
    where t.ending = 'ok' and t.patch_text is not null
),

named as (
    select
        *,
        regexp_extract(section, '^(Add|Update|Delete) File: ([^\n]+)', 1) as verb,
        trim(regexp_extract(section, '^(Add|Update|Delete) File: ([^\n]+)', 2)) as path,
        string_split(section, chr(10)) as lines,
    from sections
)

select
    source_no,
    line_no,
    part_number * 2 - 1 as item_no,
    session_no,
    returned_at as occurred_at,
    tool_call_id,
    path as file_path,
    case verb when 'Add' then 'create' when 'Delete' then 'delete' else 'edit' end as operation,
    sum(case when is_cut or verb = 'Delete' then null else len(list_filter(lines, lambda line: starts_with(line, '+'))) end)::bigint as added_line_count,
    sum(case when is_cut or verb = 'Delete' then null else len(list_filter(lines, lambda line: starts_with(line, '-'))) end)::bigint as removed_line_count,
    'patch' as evidence,
from named
where verb <> '' and path <> ''
group by all;

-- What the provider answered instead; that a person interrupted the model is no error of its.
insert into raw.api_errors by name
with failed as (
    select
        m.source_no, m.line_no, 0 as item_no, m.session_no, coalesce(m.completed_at, m.created_at) as occurred_at,
        m.error_name as name, m.error_status as status, m.error_words as words, null as attempt_number, true as is_final,
        m.message_key as error_key,
    from messages as m
    where m.role = 'assistant' and m.error_name is not null and m.error_name not in ('MessageAbortedError', 'aborted')
    union all
    select
        m.source_no, m.line_no, p.part_number * 2 - 1, m.session_no, coalesce(p.tried_at, m.created_at),
        p.error_name, p.error_status, p.error_words, p.attempt_number, false, m.message_key || ':' || (p.part_number * 2 - 1),
    from parts as p
    inner join messages as m using (source_no, line_no)
    where p.type = 'retry'
)

select
    f.source_no,
    f.line_no,
    f.item_no,
    f.session_no,
    f.occurred_at,
    md5(f.error_key)::uuid as uuid,
    case f.name
        when 'ProviderAuthError' then 'auth'
        when 'ContextOverflowError' then 'context_overflow'
        when 'ContentFilterError' then 'content_filter'
        when 'MessageOutputLengthError' then 'other'
        else api_error_kind(f.status, coalesce(f.words, ''))
    end as error_kind,
    f.status::integer as http_status,
    f.name as code,
    f.attempt_number::integer as attempt_number,
    f.is_final,
from failed as f
anti join copied as d on d.source_no = f.source_no and d.line_no = f.line_no;

-- A summary that the model wrote; who asked for it, the message before it says.
insert into raw.compactions by name
with asked as (
    select r.source_no, r.native_session_id, r.message_id, any_value(p.is_auto) as is_auto,
    from parts as p
    inner join records as r using (source_no, line_no)
    where p.type = 'compaction'
    group by all
)

select
    m.source_no,
    m.line_no,
    0 as item_no,
    m.session_no,
    coalesce(m.completed_at, m.created_at) as occurred_at,
    md5(m.message_key)::uuid as uuid,
    case
        when a.is_auto or m.reason = 'auto' then 'auto'
        when a.is_auto is false or m.reason = 'manual' then 'manual'
        else 'unknown'
    end as trigger,
    case when m.is_summary and m.completed_at >= m.created_at then epoch_ms(m.completed_at) - epoch_ms(m.created_at) end as duration_ms,
from messages as m
left join asked as a
    on a.source_no = m.source_no and a.native_session_id = m.native_session_id and a.message_id = m.parent_message_id
anti join copied as d on d.source_no = m.source_no and d.line_no = m.line_no
where (m.role = 'assistant' and m.is_summary and m.error_name is null) or m.type = 'compaction';
