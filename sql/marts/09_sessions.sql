-- Transcripts with the sums of what belongs to them.

-- What changed trees were compared with until now: see 17_findings.
create or replace temp table compared_projects as
select distinct split_part(r.session_id, ':', 1) as agent, r.project,
from mart.sessions as s
inner join mart.sessions as r on r.session_no = s.root_session_no
where s.session_no in (select session_no from changed_sessions);

delete from mart.sessions where session_no in (select session_no from changed_sessions);

insert into mart.sessions
with -- A file of titles or settings alone is no session.
worked as (
    select session_no
    from own_events
    group by session_no
    having bool_or(event_type not in ('title', 'meta') or occurred_at is not null)
),

moments as (
    select session_no, occurred_at
    from own_events
    where occurred_at is not null
    union all
    select session_no, unnest([called_at, returned_at])
    from mart.tool_calls
    where returned_at >= called_at and session_no in (select session_no from changed_sessions)
),

gaps as (
    select
        session_no,
        occurred_at,
        epoch_ms(occurred_at) - epoch_ms(lag(occurred_at) over (partition by session_no order by occurred_at)) as gap_ms,
    from moments
),

-- Active time: silences count up to five minutes.
spans as (
    select
        session_no,
        min(occurred_at) as started_at,
        max(occurred_at) as ended_at,
        coalesce(sum(case when gap_ms > 300000 then 300000 else gap_ms end), 0)::bigint as active_ms,
    from gaps
    group by session_no
),

calls_by_model as (
    select
        session_no,
        model_raw,
        count(*) as llm_call_count,
        case when count(api_call_count) = count(*) then sum(api_call_count)::bigint end as api_call_count,
        sum(uncached_input_tokens)::bigint as uncached_input_tokens,
        sum(cache_read_tokens)::bigint as cache_read_tokens,
        sum(cache_write_5m_tokens)::bigint as cache_write_5m_tokens,
        sum(cache_write_1h_tokens)::bigint as cache_write_1h_tokens,
        sum(output_tokens)::bigint as output_tokens,
        sum(reasoning_tokens)::bigint as reasoning_tokens,
        sum(computed_cost_usd) as computed_cost_usd,
        sum(reported_cost_usd) as reported_cost_usd,
        sum(case when reported_cost_usd > 0 then reported_cost_usd else computed_cost_usd end) as auto_cost_usd,
        count(computed_cost_usd) as computed_call_count,
        count(reported_cost_usd) as reported_call_count,
        count(case when reported_cost_usd > 0 then reported_cost_usd else computed_cost_usd end) as auto_call_count,
        min(started_at) as first_call_at,
        max(ended_at) as last_call_at,
    from mart.llm_calls
    where session_no in (select session_no from changed_sessions)
    group by session_no, model_raw
),

calls as (
    select
        session_no,
        arg_max(model_raw, (output_tokens, model_raw)) as model_raw,
        count(model_raw) as model_count,
        sum(llm_call_count)::bigint as llm_call_count,
        case when count(api_call_count) = count(*) then sum(api_call_count)::bigint end as api_call_count,
        sum(uncached_input_tokens)::bigint as uncached_input_tokens,
        sum(cache_read_tokens)::bigint as cache_read_tokens,
        sum(cache_write_5m_tokens)::bigint as cache_write_5m_tokens,
        sum(cache_write_1h_tokens)::bigint as cache_write_1h_tokens,
        sum(output_tokens)::bigint as output_tokens,
        sum(reasoning_tokens)::bigint as reasoning_tokens,
        sum(computed_cost_usd)::decimal(18, 9) as computed_cost_usd,
        sum(reported_cost_usd)::decimal(18, 9) as reported_cost_usd,
        sum(auto_cost_usd)::decimal(18, 9) as auto_cost_usd,
        sum(computed_call_count)::bigint as computed_call_count,
        sum(reported_call_count)::bigint as reported_call_count,
        sum(auto_call_count)::bigint as auto_call_count,
        min(first_call_at) as first_call_at,
        max(last_call_at) as last_call_at,
    from calls_by_model
    group by session_no
),

tools as (
    select
        session_no,
        count(*) as tool_call_count,
        count(*) filter (where status in ('ok', 'failed')) as tool_ended_count,
        count(*) filter (where status = 'failed') as tool_failure_count,
    from mart.tool_calls
    where session_no in (select session_no from changed_sessions)
    group by session_no
),

turns as (
    select session_no, count(*) as turn_count,
    from mart.turns
    where session_no in (select session_no from changed_sessions)
    group by session_no
),

-- Of what several loads read of one file, the line that says whence it comes decides.
headers as (
    select
        h.session_no,
        arg_min(h.kind, h.place) filter (where h.kind is not null) as kind,
        arg_min(h.forked_from_session_no, h.place) as forked_from_session_no,
        arg_min(h.cwd, h.place) filter (where h.cwd is not null) as cwd,
        arg_min(h.git_branch, h.place) filter (where h.git_branch is not null) as git_branch,
        arg_min(h.git_remote, h.place) filter (where h.git_remote is not null) as git_remote,
        arg_min(h.agent_version, h.place) filter (where h.agent_version is not null) as agent_version,
        arg_min(h.entrypoint, h.place) filter (where h.entrypoint is not null) as entrypoint,
        arg_min(h.source_no, (h.is_outranked, h.place)) as source_no,
    from (
        select
            g.* replace (
                case
                    min(case g.kind when 'subagent' then 1 when 'fork' then 2 end) over (partition by g.session_no, g.source_no)
                    when 1 then 'subagent'
                    when 2 then 'fork'
                    else g.kind
                end as kind
            ),
            o.source_no is not null as is_outranked,
        from placed_headers as g
        left join (select distinct source_no, session_no from mart.outranked) as o
            on o.source_no = g.source_no and o.session_no = g.session_no
        where
            g.session_no in (
                select session_no from changed_sessions
                union
                select root_session_no from session_roots where session_no in (select session_no from changed_sessions)
            )
    ) as h
    group by h.session_no
),

-- Of these no file tells as a whole.
headless as (
    select session_no from changed_sessions
    except
    select session_no from raw.session_headers
)

select
    s.session_no,
    s.agent || ':' || s.native_session_id || coalesce(':' || s.native_agent_id, ''),
    coalesce(r.root_session_no, s.session_no),
    p.parent_session_no,
    h.forked_from_session_no,
    coalesce(h.kind, case when s.native_agent_id is null then 'main' else 'subagent' end),
    coalesce(h.source_no, any_source.source_no),
    coalesce(h.cwd, a.cwd),
    coalesce(h.git_branch, a.git_branch),
    coalesce(h.git_remote, a.git_remote),
    coalesce(h.agent_version, a.agent_version),
    coalesce(h.entrypoint, a.entrypoint),
    coalesce(e.started_at, c.first_call_at),
    coalesce(e.ended_at, c.last_call_at),
    e.active_ms,
    c.model_raw,
    coalesce(c.model_count, 0),
    coalesce(t.turn_count, 0),
    coalesce(c.llm_call_count, 0),
    coalesce(u.tool_call_count, 0),
    coalesce(u.tool_ended_count, 0),
    coalesce(u.tool_failure_count, 0),
    c.uncached_input_tokens,
    c.cache_read_tokens,
    c.cache_write_5m_tokens,
    c.cache_write_1h_tokens,
    c.output_tokens,
    c.reasoning_tokens,
    coalesce(c.uncached_input_tokens, 0) + coalesce(c.cache_read_tokens, 0) + coalesce(c.cache_write_5m_tokens, 0)
    + coalesce(c.cache_write_1h_tokens, 0) + coalesce(c.output_tokens, 0)
    + case when c.session_no is null then null else 0 end,
    c.computed_cost_usd,
    c.reported_cost_usd,
    c.auto_cost_usd,
    coalesce(c.computed_call_count, 0),
    coalesce(c.reported_call_count, 0),
    coalesce(c.auto_call_count, 0),
    case when c.session_no is null then 0 else c.api_call_count end,
    null,
    project_of(coalesce(h.cwd, a.cwd)),
from raw.sessions as s
left join worked as w using (session_no)
left join spans as e using (session_no)
left join calls as c using (session_no)
left join tools as u using (session_no)
left join turns as t using (session_no)
left join headers as h using (session_no)
left join session_roots as r using (session_no)
left join session_parents as p using (session_no)
-- What a subagent's own lines leave out is as in the session that started it.
left join headers as a on a.session_no = r.root_session_no
left join (
    select m.session_no, arg_min(m.source_no, k.source_rank) as source_no,
    from (
        select session_no, source_no from raw.usage semi join headless using (session_no)
        union all
        select session_no, source_no from raw.tool_uses semi join headless using (session_no)
        union all
        select session_no, source_no from raw.events semi join headless using (session_no)
    ) as m
    inner join source_ranks as k using (source_no)
    group by m.session_no
) as any_source using (session_no)
where
    s.session_no in (select session_no from changed_sessions)
    and (w.session_no is not null or c.session_no is not null or u.session_no is not null);

-- A transcript's root may be one that came or went with this load.
update mart.sessions as s
set root_session_id = coalesce((select r.session_id from mart.sessions as r where r.session_no = s.root_session_no), s.session_id)
where
    s.session_no in (select session_no from changed_sessions)
    or s.root_session_no in (select session_no from changed_sessions);
