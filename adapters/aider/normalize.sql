-- Entries of Aider's chat histories, analytics logs and LLM histories to the raw tables.
--
-- Reads staged_entry and batch_sources. The rules and where they come from: README.md beside this file.

create or replace temp view entries as
select e.*, b.path, b.form,
from staged_entry as e
inner join batch_sources as b using (source_no)
where e.session is not null;

create or replace temp table named_sessions as
select distinct session as native_session_id, null::varchar as native_agent_id,
from entries;

-- @include register_sessions

-- Only a history under its own name stands in the project.
insert into raw.session_headers by name
select
    e.source_no,
    min(e.line_no) as line_no,
    k.session_no,
    'main' as kind,
    case
        when any_value(e.form) = 'chat' then nullif(regexp_extract(any_value(e.path), '^(.*)[\\/]\.aider\.chat\.history\.md$', 1), '')
    end as cwd,
    arg_min(coalesce(e.agent_version, e.aider_version), e.line_no) as agent_version,
from entries as e
inner join known_sessions as k on k.native_session_id = e.session
group by e.source_no, k.session_no;

insert into raw.events by name
select
    e.source_no,
    e.line_no,
    e.item_no,
    k.session_no,
    -- A chat history has no other time than its headers'.
    case when e.type <> 'usage' then e.occurred_at end as occurred_at,
    case
        when e.type = 'prompt' then 'user_prompt'
        when e.type = 'answer' then 'assistant'
        when e.type in ('edit', 'commit', 'shell') then 'tool_call'
        when e.type = 'error' or e.event = 'message_send_exception' then 'api_error'
        when e.type = 'llm' and e.role = 'LLM RESPONSE' then 'assistant'
        when e.type = 'llm' then 'user_injected'
        else 'meta'
    end as event_type,
    md5('aider:' || e.session || ':' || e.place)::uuid as uuid,
    false as is_fork,
    e.text_bytes,
from entries as e
inner join known_sessions as k on k.native_session_id = e.session;

-- The calls of a session are known by their number in it, which both logs agree on.
insert into raw.usage by name
with reports as (
    select
        e.*,
        k.session_no,
        'aider:' || e.session || case when e.place < 0 then ':early:' || e.place else ':call:' || e.call_number end as response_id,
    from entries as e
    inner join known_sessions as k on k.native_session_id = e.session
    where e.type = 'usage' or e.event = 'message_send'
)

select
    source_no,
    line_no,
    item_no,
    session_no,
    occurred_at,
    -- Of a call that both logs tell, the rounded figures are the lesser statement.
    (case when type = 'usage' then 'response' else 'record' end)::raw.usage_form as form,
    response_id,
    false as is_fork,
    false as is_sidechain,
    coalesce(model, main_model) as model_raw,
    case
        when is_exclusive then sent_tokens
        when type = 'usage' then greatest(sent_tokens - cached_tokens, 0)
        else counted(prompt_tokens)
    end as uncached_input_tokens,
    hit_tokens as cache_read_tokens,
    written_tokens as cache_write_5m_tokens,
    case when written_tokens is not null then 0 end as cache_write_1h_tokens,
    coalesce(received_tokens, counted(completion_tokens)) as output_tokens,
    nullif(coalesce(cost_usd, try_cast(cost as decimal(18, 9))), 0) as reported_cost_usd,
    (case when type = 'usage' then 'rounded' else 'call' end)::raw.granularity as granularity,
from reports;

-- Aider has no tools: what it does with an answer stands for them. It follows the report of the call that gave the answer.
create or replace temp view acts as
select
    e.*,
    k.session_no,
    'aider:' || e.session || ':' || e.place as tool_call_id,
from entries as e
inner join known_sessions as k on k.native_session_id = e.session
where e.type in ('edit', 'commit', 'shell');

insert into raw.tool_uses by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    tool_call_id,
    case when call_number > 0 and place >= 0 then 'aider:' || session || ':call:' || call_number end as response_id,
    false as is_fork,
    false as is_sidechain,
    case type when 'commit' then 'git_commit' else type end as tool_name,
    case type when 'commit' then 'other' else type end as tool_category,
    coalesce(command_bytes, text_bytes) as input_bytes,
    command_hash as input_hash,
    file_path,
from acts;

insert into raw.tool_results by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    tool_call_id,
    1 as evidence,
    status::raw.tool_status as status,
    'text'::raw.status_source as status_source,
    case status when 'failed' then 'invalid_call' when 'rejected' then 'rejected' end as error_kind,
from acts
where status is not null;

insert into raw.tool_commands by name
select source_no, line_no, item_no, masked(command_preview) as command,
from acts
where command_preview is not null;

insert into raw.tool_errors by name
select source_no, line_no, item_no, masked(error) as error_text,
from acts
where error is not null;

insert into raw.file_changes by name
select
    source_no,
    line_no,
    item_no,
    session_no,
    tool_call_id,
    file_path,
    'edit' as operation,
    'args' as evidence,
from acts
where type = 'edit' and status = 'ok';

insert into raw.api_errors by name
select
    e.source_no,
    e.line_no,
    e.item_no,
    k.session_no,
    case when e.event is not null then e.occurred_at end as occurred_at,
    md5('aider:' || e.session || ':' || e.place)::uuid as uuid,
    api_error_kind(
        try_cast(nullif(regexp_extract(words, '(?:Error code|status_code|"code")"?\s*[:=]?\s*(\d{3})\b', 1), '') as integer),
        words
    ) as error_kind,
    try_cast(nullif(regexp_extract(words, '(?:Error code|status_code|"code")"?\s*[:=]?\s*(\d{3})\b', 1), '') as integer) as http_status,
    e.code,
    e.wait_ms as retry_wait_ms,
    coalesce(e.is_final, true) as is_final,
from (
    -- RateLimitError is rate_limit_error.
    select *, regexp_replace(concat_ws(' ', code, error, exception), '([a-z])([A-Z])', '\1_\2', 'g') as words,
    from entries
    where type = 'error' or event = 'message_send_exception'
) as e
inner join known_sessions as k on k.native_session_id = e.session;

-- A run that the analytics log tells exactly and a chat history in rounded figures is one session: the history's header
-- is written a moment before the run is logged. All of this is decided anew with every load, so that no order matters.
create or replace temp table starts as
select distinct on (h.source_no, h.session_no)
    h.source_no,
    h.line_no,
    h.session_no,
    s.native_session_id as session,
    f.format,
    e.occurred_at as started_at,
from raw.session_headers as h
inner join raw.sessions as s on s.session_no = h.session_no and s.agent = 'aider'
inner join raw.sources as f on f.source_no = h.source_no and f.format in ('markdown', 'jsonl')
left join raw.events as e on e.source_no = h.source_no and e.line_no = h.line_no
order by h.line_no;

create or replace temp table runs as
with pairs as (
    select
        r.session_no,
        c.session_no as chat_no,
        c.session as chat,
        abs(epoch_ms(r.started_at) - epoch_ms(c.started_at)) as apart_ms,
    from (select distinct session_no, session, started_at from starts where format = 'jsonl') as r
    inner join (select distinct session_no, session, started_at from starts where format = 'markdown') as c
        on r.started_at between c.started_at - interval 2 seconds and c.started_at + interval 15 seconds
    qualify
        row_number() over (partition by r.session_no order by apart_ms, c.session) = 1
        and row_number() over (partition by c.session_no order by apart_ms, r.session) = 1
)

select s.source_no, s.line_no, coalesce(p.chat_no, s.session_no) as session_no, coalesce(p.chat, s.session) as session,
from starts as s
left join pairs as p using (session_no)
where s.format = 'jsonl';

create or replace temp table moves as
with placed as (
    select 'usage' as kind, rowid as row_no, source_no, line_no, session_no, response_id from raw.usage
    where source_no in (select source_no from runs)
    union all
    select 'events', rowid, source_no, line_no, session_no, null from raw.events
    where source_no in (select source_no from runs)
    union all
    select 'api_errors', rowid, source_no, line_no, session_no, null from raw.api_errors
    where source_no in (select source_no from runs)
)

select
    p.kind,
    p.row_no,
    p.session_no as old_session_no,
    r.session_no,
    p.response_id as old_response_id,
    'aider:' || r.session || ':call:' || split_part(p.response_id, ':call:', 2) as response_id,
from placed as p
asof inner join runs as r on r.source_no = p.source_no and p.line_no >= r.line_no
where p.session_no <> r.session_no;

insert into touched_sessions
select old_session_no from moves
union
select session_no from moves;

insert into touched_responses
select old_response_id from moves where kind = 'usage'
union
select response_id from moves where kind = 'usage';

update raw.usage set session_no = m.session_no, response_id = m.response_id
from moves as m
where m.kind = 'usage' and m.row_no = raw.usage.rowid;

update raw.events set session_no = m.session_no
from moves as m
where m.kind = 'events' and m.row_no = raw.events.rowid;

update raw.api_errors set session_no = m.session_no
from moves as m
where m.kind = 'api_errors' and m.row_no = raw.api_errors.rowid;
