-- Findings about every transcript, but for those that other sessions tell: one row for each kind, at its worst.
--
-- Thresholds and severities stand in v1.anomalies. What a session leaves to its subagents counts as its own work where it
-- asks for order: an edit is explored before and verified after by whichever transcript of the tree.

-- All trees that a changed transcript is a part of.
create or replace temp table audited_trees as
select session_no, root_session_no, kind,
from mart.sessions
where root_session_no in (select root_session_no from mart.sessions where session_no in (select session_no from changed_sessions));

delete from mart.anomalies
where
    session_no in (select session_no from changed_sessions)
    or (
        anomaly_type in ('unverified_edits', 'no_exploration')
        and session_no in (select session_no from audited_trees)
    );

-- Waits for the model or a tool of more than a minute. A task is a subagent's work, with waits of its own; a question and a
-- plan wait for a person, and so does a call that needs no time of its own where the log does not state how long it ran.
-- A log that writes a call only when it has ended tells nothing of what the time before went to.
insert into mart.anomalies by name
with long_gaps as (
    select
        g.session_no,
        g.started_at,
        g.started_at + to_milliseconds(g.gap_ms) as ended_at,
        g.gap_ms,
        g.gap_kind,
        g.retry_ms,
        g.after_event,
        g.source_no,
        g.line_no,
    from mart.gaps as g
    anti join mart.tool_calls as c
        on g.gap_kind = 'model'
        and c.session_no = g.session_no
        and c.called_at = g.started_at + to_milliseconds(g.gap_ms)
        and c.returned_at = c.called_at
    where g.gap_kind in ('model', 'tool') and g.gap_ms > 60000 and g.session_no in (select session_no from changed_sessions)
),

tool_gaps as (
    select
        g.session_no,
        g.started_at,
        arg_min(
            struct_pack(
                tool_call_id := c.tool_call_id,
                name := coalesce(c.program, c.tool_name),
                source_no := c.source_no,
                line_no := c.line_no,
                is_timed := c.duration_source = 'log'
            ),
            (c.called_at, c.tool_call_id)
        ) as tool,
        bool_or(
            coalesce(c.is_background, false)
            or coalesce(c.tool_category in ('task', 'plan'), false)
            or c.status = 'rejected'
            or (
                c.duration_source = 'timestamps'
                and (
                    c.tool_category in ('read', 'write', 'edit', 'search', 'web')
                    or coalesce(is_quick_program(c.program), false)
                    -- The first sign that it runs comes after the silence.
                    or (g.after_event = 'progress' and g.started_at = c.called_at)
                )
            )
        ) as is_explained,
    from long_gaps as g
    inner join mart.tool_calls as c
        on c.session_no = g.session_no and c.called_at <= g.started_at and c.returned_at >= g.ended_at
    where g.gap_kind = 'tool'
    group by g.session_no, g.started_at
),

waits as (
    select g.*, t.tool,
    from long_gaps as g
    left join tool_gaps as t using (session_no, started_at)
    where g.gap_kind = 'model' or not coalesce(t.is_explained, false)
),

worst as (
    select
        session_no,
        count(*) as wait_count,
        sum(gap_ms)::bigint as total_ms,
        arg_max(waits, (gap_ms, -epoch_ms(started_at))) as longest,
    from waits
    group by session_no
),

next_calls as (
    select w.session_no, min_by(l.llm_call_id, (l.started_at, l.llm_call_id)) as llm_call_id,
    from worst as w
    inner join mart.llm_calls as l on l.session_no = w.session_no and l.started_at >= w.longest.ended_at
    where w.longest.gap_kind = 'model'
    group by w.session_no
)

select
    w.session_no,
    'hanging' as anomaly_type,
    case when w.longest.gap_ms > 300000 then 'high' else 'medium' end as severity,
    w.wait_count as finding_count,
    counted_as(w.wait_count, 'wait') || ' over 60 s'
    || case when w.wait_count > 1 then ' (' || spoken(w.total_ms) || ' in all), the longest ' else ': ' end
    || spoken(w.longest.gap_ms) || ' for '
    || case
        when w.longest.gap_kind = 'model' then 'the model'
        else coalesce('`' || w.longest.tool.name || '`', 'a tool')
    end
    || case when w.longest.retry_ms > 0 then ', ' || spoken(w.longest.retry_ms) || ' of it before an API was asked again' else '' end
    || case
        when w.longest.gap_kind = 'tool' and not w.longest.tool.is_timed then ' (running or waiting to be allowed: the log does not tell)'
        else ''
    end as evidence,
    w.longest.started_at as occurred_at,
    coalesce(w.longest.tool.source_no, w.longest.source_no) as source_no,
    coalesce(w.longest.tool.line_no, w.longest.line_no) as line_no,
    w.longest.tool.tool_call_id as tool_call_id,
    n.llm_call_id,
from worst as w
left join next_calls as n using (session_no);

-- Slow as a rule: nineteen of twenty waits for the model say how slow.
insert into mart.anomalies by name
select
    session_no,
    'latency' as anomaly_type,
    'low' as severity,
    count(*) filter (where gap_ms > 30000) as finding_count,
    'P95 of ' || counted_as(count(*), 'wait') || ' for the model is ' || spoken(quantile_disc(gap_ms, 0.95)) as evidence,
    arg_max(started_at, (gap_ms, -epoch_ms(started_at))) as occurred_at,
    arg_max(source_no, (gap_ms, -epoch_ms(started_at))) as source_no,
    arg_max(line_no, (gap_ms, -epoch_ms(started_at))) as line_no,
from mart.gaps
where gap_kind = 'model' and session_no in (select session_no from changed_sessions)
group by session_no
having quantile_disc(gap_ms, 0.95) > 30000;

insert into mart.anomalies by name
with failures as (
    select
        session_no,
        arg_min(c, (called_at, tool_call_id)) as first_failure,
        mode(tool_name order by tool_name) as tool_name,
    from mart.tool_calls as c
    where status = 'failed' and session_no in (select session_no from changed_sessions)
    group by session_no
)

select
    s.session_no,
    'tool_failures' as anomaly_type,
    case when s.tool_failure_count > 0.3 * s.tool_ended_count then 'high' else 'medium' end as severity,
    s.tool_failure_count as finding_count,
    grouped(s.tool_failure_count) || ' of ' || grouped(s.tool_ended_count) || ' tool calls failed ('
    || percent(s.tool_failure_count, s.tool_ended_count) || '), most often `' || coalesce(f.tool_name, '?') || '`' as evidence,
    f.first_failure.called_at as occurred_at,
    f.first_failure.source_no as source_no,
    f.first_failure.line_no as line_no,
    f.first_failure.tool_call_id as tool_call_id,
    f.first_failure.llm_call_id as llm_call_id,
from mart.sessions as s
inner join failures as f using (session_no)
where s.tool_ended_count >= 5 and s.tool_failure_count > 0.15 * s.tool_ended_count;

-- Loops. What they cost from the second round on decides how grave they are: see 17_findings.
insert into mart.anomalies by name
with worst as (
    select
        session_no,
        count(*) as loop_count,
        arg_max(p, (round_count, period_count, first_tool_call_id, loop_kind)) as longest,
        max(computed_cost_usd) as computed_cost_usd,
        max(reported_cost_usd) as reported_cost_usd,
        max(auto_cost_usd) as auto_cost_usd,
    from mart.loops as p
    where session_no in (select session_no from changed_sessions)
    group by session_no
)

select
    w.session_no,
    'loop' as anomaly_type,
    case when w.longest.round_count >= 5 then 'high' else 'medium' end as severity,
    w.loop_count as finding_count,
    case when w.loop_count > 1 then grouped(w.loop_count) || ' loops, the longest of ' else 'a loop of ' end
    || grouped(w.longest.round_count) || ' rounds of '
    || case
        when w.longest.loop_kind = 'edit_cycle' then 'edit and failed verification'
        when w.longest.period_count = 1 then 'one call'
        else w.longest.period_count || ' calls'
    end
    || coalesce(' (`' || file_name(coalesce(w.longest.target, w.longest.tool_name)) || '`)', '') as evidence,
    w.longest.started_at as occurred_at,
    c.source_no,
    c.line_no,
    c.tool_call_id,
    c.llm_call_id,
    w.computed_cost_usd,
    w.reported_cost_usd,
    w.auto_cost_usd,
from worst as w
inner join mart.tool_calls as c on c.tool_call_id = w.longest.first_tool_call_id;

-- Reasoning in clear. Where tokens of reasoning are counted and the text is far shorter than they, it is a summary.
insert into mart.anomalies by name
with thoughts as (
    select
        session_no,
        count(*) as thought_count,
        avg(reasoning_bytes) as mean_bytes,
        sum(reasoning_bytes) as total_bytes,
        arg_min(
            struct_pack(occurred_at := occurred_at, source_no := source_no, line_no := line_no),
            (reasoning_bytes, occurred_at, source_rank, line_no, item_no)
        ) as shortest,
    from own_events
    where reasoning_bytes > 0
    group by session_no
)

select
    t.session_no,
    'shallow_thinking' as anomaly_type,
    case when t.mean_bytes < 200 then 'high' else 'medium' end as severity,
    t.thought_count as finding_count,
    counted_as(t.thought_count, 'piece') || ' of reasoning of ' || round(t.mean_bytes)::bigint || ' characters on average' as evidence,
    t.shortest.occurred_at as occurred_at,
    t.shortest.source_no as source_no,
    t.shortest.line_no as line_no,
from thoughts as t
inner join mart.sessions as s using (session_no)
where
    t.mean_bytes < 500
    -- The mean of one or two says nothing.
    and t.thought_count >= 3
    and not coalesce(t.total_bytes < 2 * s.reasoning_tokens, false);

insert into mart.anomalies by name
with thoughts as (
    select
        e.*,
        count(case when e.reasoning_bytes > 0 then 1 end) over earlier as clear_count,
    from own_events as e
    where e.reasoning_bytes > 0 or e.has_withheld_reasoning
    window earlier as (
        partition by e.session_no
        order by e.occurred_at nulls first, e.source_rank, e.line_no, e.item_no
        rows between unbounded preceding and 1 preceding
    )
)

select
    session_no,
    'redaction' as anomaly_type,
    'medium' as severity,
    count(*) as finding_count,
    'reasoning was in the log ' || counted_as(min(clear_count), 'time') || ' and then withheld ' || counted_as(count(*), 'time') as evidence,
    min(occurred_at) as occurred_at,
    arg_min(source_no, (occurred_at, source_rank, line_no, item_no)) as source_no,
    arg_min(line_no, (occurred_at, source_rank, line_no, item_no)) as line_no,
from thoughts
where has_withheld_reasoning and coalesce(reasoning_bytes, 0) = 0 and clear_count > 0
group by session_no;

-- Turns that the model answered.
insert into mart.anomalies by name
with quiet as (
    select session_no, turn_count, started_at,
    from mart.sessions
    where turn_count > 2 and tool_call_count = 0 and session_no in (select session_no from changed_sessions)
),

words as (
    select
        e.session_no,
        e.event_type in ('assistant', 'reasoning') and lag(e.event_type) over (
            partition by e.session_no order by e.occurred_at nulls first, e.source_rank, e.line_no, e.item_no
        ) = 'user_prompt' as is_answer,
    from own_events as e
    where
        e.event_type in ('user_prompt', 'assistant', 'reasoning')
        and e.session_no in (select session_no from quiet)
),

answers as (
    select session_no, count(*) filter (where is_answer) as answer_count,
    from words
    group by session_no
)

select
    s.session_no,
    'no_tools' as anomaly_type,
    'low' as severity,
    a.answer_count as finding_count,
    grouped(a.answer_count) || ' turns answered without a tool call' as evidence,
    s.started_at as occurred_at,
    t.source_no,
    t.line_no,
from quiet as s
inner join answers as a using (session_no)
inner join mart.turns as t on t.session_no = s.session_no and t.turn_number = s.turn_count
where a.answer_count > 2;

-- The window is the one that the log states of the call, else the price list's; a call that is larger proves it wrong.
insert into mart.anomalies by name
with windows as (
    select n.provider, n.model_raw, max(p.max_input_tokens) as window_tokens,
    from raw.model_names as n
    inner join raw.model_prices as p on p.model = n.price_model
    where p.max_input_tokens > 0
    group by n.provider, n.model_raw
),

calls as (
    select
        c.session_no,
        l.model_raw,
        coalesce(c.window_tokens, w.window_tokens) as window_tokens,
        c.context_tokens,
        c.llm_call_id,
        l.started_at,
        l.source_no,
        l.line_no,
        bool_or(c.context_tokens > coalesce(c.window_tokens, w.window_tokens)) over (partition by c.session_no, l.model_raw)
            as is_larger,
    from mart.contexts as c
    inner join mart.llm_calls as l on l.llm_call_id = c.llm_call_id
    left join windows as w on w.model_raw = l.model_raw and w.provider is not distinct from l.provider
    where c.session_no in (select session_no from changed_sessions)
)

select
    session_no,
    'context_pressure' as anomaly_type,
    'medium' as severity,
    1 as finding_count,
    'a call with ' || grouped(context_tokens) || ' tokens of context, ' || percent(context_tokens, window_tokens)
    || ' of the model''s ' || grouped(window_tokens) as evidence,
    started_at as occurred_at,
    source_no,
    line_no,
    llm_call_id,
from calls
where context_tokens > 0.8 * window_tokens and not is_larger
qualify row_number() over (
    partition by session_no order by context_tokens / window_tokens desc, model_raw, llm_call_id desc
) = 1;

insert into mart.anomalies by name
select
    c.session_no,
    'compactions' as anomaly_type,
    'low' as severity,
    count(*) as finding_count,
    'the context was replaced by a summary ' || counted_as(count(*), 'time') as evidence,
    max(c.occurred_at) as occurred_at,
    arg_max(c.source_no, (c.occurred_at, r.source_rank, c.line_no)) as source_no,
    arg_max(c.line_no, (c.occurred_at, r.source_rank, c.line_no)) as line_no,
from raw.compactions as c
inner join source_ranks as r using (source_no)
left join mart.replays as p using (source_no)
anti join mart.event_copies as k on k.source_no = c.source_no and k.line_no = c.line_no
where c.line_no >= coalesce(p.first_own_line_no, 0) and c.session_no in (select session_no from changed_sessions)
group by c.session_no
having count(*) >= 2;

insert into mart.anomalies by name
select
    e.session_no,
    'api_errors' as anomaly_type,
    'medium' as severity,
    count(*) as finding_count,
    counted_as(count(*), 'API error') || ' reached the user' || case when count(*) > 1 then ', the last one' else ':' end
    || ' `' || arg_max(e.error_kind, (e.occurred_at, r.source_rank, e.line_no, e.item_no)) || '`' as evidence,
    max(e.occurred_at) as occurred_at,
    arg_max(e.source_no, (e.occurred_at, r.source_rank, e.line_no, e.item_no)) as source_no,
    arg_max(e.line_no, (e.occurred_at, r.source_rank, e.line_no, e.item_no)) as line_no,
from raw.api_errors as e
inner join source_ranks as r using (source_no)
left join mart.replays as p using (source_no)
anti join mart.event_copies as k on k.source_no = e.source_no and k.line_no = e.line_no and k.item_no in (0, e.item_no)
where
    e.is_final
    and e.error_kind <> 'aborted'
    and e.line_no >= coalesce(p.first_own_line_no, 0)
    and e.session_no in (select session_no from changed_sessions)
group by e.session_no;

-- Files that tool calls changed.
create or replace temp table changed_files as
with changed_paths as (
    select tool_call_id, file_path, max(removed_line_count) as removed_line_count,
    from raw.file_changes
    where session_no in (select session_no from audited_trees) and tool_call_id is not null
    group by tool_call_id, file_path
)

select
    t.root_session_no,
    c.session_no,
    c.turn_id,
    c.tool_call_id,
    c.llm_call_id,
    c.source_no,
    c.line_no,
    c.called_at,
    coalesce(p.file_path, c.file_path) as file_path,
    p.removed_line_count,
from mart.tool_calls as c
inner join audited_trees as t using (session_no)
left join changed_paths as p on p.tool_call_id = c.tool_call_id
where c.tool_category in ('edit', 'write') and c.status = 'ok';

insert into mart.anomalies by name
with last_edits as (
    select
        root_session_no,
        count(distinct file_path) as file_count,
        max(called_at) as called_at,
        arg_max(f, (called_at, tool_call_id, file_path)) as edit,
    from changed_files as f
    where called_at is not null and not is_prose(file_path)
    group by root_session_no
),

checks as (
    select
        t.root_session_no,
        max(c.called_at) as checked_at,
    from mart.tool_calls as c
    inner join audited_trees as t using (session_no)
    left join raw.tool_commands as k
        on k.source_no = c.source_no and k.line_no = c.line_no and k.item_no = c.item_no
    inner join last_edits as e using (root_session_no)
    where
        c.status in ('ok', 'failed')
        and (
            c.verification is not null
            or (c.tool_category = 'shell' and coalesce(may_verify(k.command, file_name(e.edit.file_path)), true))
            or regexp_matches(c.tool_name, '(?i)diagnostic|test|lint|build|browser|playwright|screenshot|preview')
        )
    group by t.root_session_no
)

select
    e.root_session_no as session_no,
    'unverified_edits' as anomaly_type,
    'medium' as severity,
    e.file_count as finding_count,
    counted_as(e.file_count, 'file') || ' changed, and the agent tested, linted or built nothing after the last change (`'
    || file_name(e.edit.file_path) || '`)' || case when c.checked_at is null then ', nor before' else '' end as evidence,
    e.called_at as occurred_at,
    e.edit.source_no as source_no,
    e.edit.line_no as line_no,
    e.edit.tool_call_id as tool_call_id,
    e.edit.llm_call_id as llm_call_id,
from last_edits as e
left join checks as c using (root_session_no)
where c.checked_at is null or c.checked_at < e.called_at;

-- A repository existed where the first change takes lines away from a file in the working directory, or makes one there while a
-- branch is named: a branch has commits. What goes on from another transcript, or from a summary, was explored there.
insert into mart.anomalies by name
with first_edits as (
    select root_session_no, min(called_at) as called_at, arg_min(f, (called_at, tool_call_id, file_path)) as edit,
    from changed_files as f
    where called_at is not null
    group by root_session_no
),

explorations as (
    select distinct t.root_session_no,
    from mart.tool_calls as c
    inner join audited_trees as t using (session_no)
    inner join first_edits as e using (root_session_no)
    where
        c.called_at <= e.called_at
        and (
            c.tool_category in ('read', 'search', 'task', 'mcp')
            or (c.tool_category = 'shell' and not coalesce(is_writing_program(c.program), false))
        )
),

continuations as (
    select session_no from raw.compactions where session_no in (select session_no from audited_trees)
    union
    -- A second copy of the same transcript goes on from nothing.
    select e.session_no
    from mart.event_copies as c
    inner join raw.events as e using (source_no, line_no, item_no)
    inner join raw.events as o on o.uuid = e.uuid and o.session_no <> e.session_no
    where e.session_no in (select session_no from audited_trees)
    union
    select h.session_no
    from mart.replays as p
    inner join raw.session_headers as h using (source_no)
)

select
    s.session_no,
    'no_exploration' as anomaly_type,
    'low' as severity,
    1 as finding_count,
    '`' || file_name(e.edit.file_path) || '` was changed before the agent read or searched anything' as evidence,
    e.called_at as occurred_at,
    e.edit.source_no as source_no,
    e.edit.line_no as line_no,
    e.edit.tool_call_id as tool_call_id,
    e.edit.llm_call_id as llm_call_id,
from first_edits as e
inner join mart.sessions as s on s.session_no = e.root_session_no
anti join explorations as x on x.root_session_no = e.root_session_no
anti join continuations as c on c.session_no = s.session_no
where
    s.kind in ('main', 'subagent')
    and s.forked_from_session_no is null
    and (
        not regexp_matches(e.edit.file_path, '^(?:[/\\~]|[A-Za-z]:)')
        or starts_with(replace(e.edit.file_path, '\', '/'), rtrim(replace(s.cwd, '\', '/'), '/') || '/')
    )
    and (e.edit.removed_line_count > 0 or nullif(nullif(s.git_branch, ''), 'HEAD') is not null);

insert into mart.anomalies by name
with edited as (
    select
        session_no,
        turn_id,
        file_path,
        count(distinct tool_call_id) as edit_count,
        arg_max(f, (called_at, tool_call_id)) as last_edit,
    from changed_files as f
    where file_path is not null and session_no in (select session_no from changed_sessions)
    group by session_no, turn_id, file_path
    having count(distinct tool_call_id) >= 5
)

select
    session_no,
    'repeated_edits' as anomaly_type,
    'low' as severity,
    count(*) as finding_count,
    '`' || file_name(arg_max(file_path, (edit_count, file_path))) || '` was edited ' || grouped(max(edit_count)) || ' times in one turn'
    || case when count(*) > 1 then ', and ' || counted_as(count(*) - 1, 'other file') || ' five times or more' else '' end as evidence,
    max_by(last_edit.called_at, (edit_count, file_path, last_edit.called_at, last_edit.tool_call_id)) as occurred_at,
    max_by(last_edit.source_no, (edit_count, file_path, last_edit.called_at, last_edit.tool_call_id)) as source_no,
    max_by(last_edit.line_no, (edit_count, file_path, last_edit.called_at, last_edit.tool_call_id)) as line_no,
    max_by(last_edit.tool_call_id, (edit_count, file_path, last_edit.called_at, last_edit.tool_call_id)) as tool_call_id,
    max_by(last_edit.llm_call_id, (edit_count, file_path, last_edit.called_at, last_edit.tool_call_id)) as llm_call_id,
from edited
group by session_no;

-- Broken off by a person, and nothing after it.
insert into mart.anomalies by name
with steps as (
    select
        e.session_no,
        e.occurred_at,
        e.source_no,
        e.source_rank,
        e.line_no,
        e.item_no,
        e.is_interruption,
        null as tool_call_id,
    from own_events as e
    where
        e.is_interruption
        or e.event_type in ('user_prompt', 'assistant', 'reasoning', 'tool_call')
        -- The answer of an API that failed, or a result, is no going on.
    union all
    select c.session_no, c.returned_at, c.result_source_no, r.source_rank, c.result_line_no, c.result_item_no, true, c.tool_call_id,
    from mart.tool_calls as c
    inner join source_ranks as r on r.source_no = c.result_source_no
    where c.status = 'interrupted' and c.session_no in (select session_no from changed_sessions)
),

last_steps as (
    select *
    from steps
    qualify row_number() over (
        partition by session_no
        order by occurred_at desc nulls last, source_rank desc, line_no desc, item_no desc, tool_call_id nulls last
    ) = 1
)

select
    l.session_no,
    'abandoned' as anomaly_type,
    'low' as severity,
    1 as finding_count,
    'the last turn was interrupted, and nothing came after it' as evidence,
    l.occurred_at,
    l.source_no,
    l.line_no,
    l.tool_call_id,
from last_steps as l
inner join mart.sessions as s using (session_no)
where l.is_interruption and s.root_session_no = s.session_no;
