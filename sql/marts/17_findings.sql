-- Findings about every transcript as each cost mode judges them, with those that other sessions tell.
--
-- A loop is of high severity from a dollar on. `cost_spike`: a session that cost far more, with its subagents, than others of
-- the same project and agent. How far is told by the median and the median absolute deviation (MAD), which a few dear sessions do
-- not move: 0.6745 × (cost − median) ÷ MAD over 3.5, of at least ten sessions with a known cost.

-- Changed trees, and those that they are or were compared with.
create or replace temp table judged_trees as
with changed_trees as (
    select root_session_no
    from mart.sessions
    where session_no in (select session_no from changed_sessions)
),

changed_projects as (
    select agent, project
    from compared_projects
    union
    select split_part(session_id, ':', 1), project
    from mart.sessions
    where session_no in (select root_session_no from changed_trees)
)

select s.session_no as root_session_no
from mart.sessions as s
semi join changed_projects as p on p.agent = split_part(s.session_id, ':', 1) and p.project = s.project
where s.root_session_no = s.session_no
union
select root_session_no from changed_trees;

delete from mart.findings
where session_no not in (
    select session_no from mart.sessions where root_session_no not in (select root_session_no from judged_trees)
);

insert into mart.findings
with tree_costs as (
    select
        root_session_no as session_no,
        unnest(['auto', 'calculate', 'reported']) as cost_mode,
        unnest([sum(auto_cost_usd), sum(computed_cost_usd), sum(reported_cost_usd)])::double as cost_usd,
    from mart.sessions
    where root_session_no in (select root_session_no from judged_trees)
    group by root_session_no
),

peers as (
    select
        c.session_no,
        c.cost_mode,
        c.cost_usd,
        split_part(s.session_id, ':', 1) as agent,
        s.project,
        count(*) over project_costs as peer_count,
        median(c.cost_usd) over project_costs as median_usd,
    from tree_costs as c
    inner join mart.sessions as s using (session_no)
    -- A subagent whose session is not in the warehouse is none to compare with.
    where c.cost_usd is not null and s.project is not null and s.kind <> 'subagent'
    window project_costs as (partition by c.cost_mode, split_part(s.session_id, ':', 1), s.project)
),

deviations as (
    select *, median(abs(cost_usd - median_usd)) over (partition by cost_mode, agent, project) as mad_usd,
    from peers
    where peer_count >= 10
),

spikes as (
    select *
    from deviations
    where mad_usd > 0 and 0.6745 * (cost_usd - median_usd) / mad_usd > 3.5
),

-- Where to look: the dearest call of the tree.
costed_calls as (
    select
        s.root_session_no as session_no,
        unnest(['auto', 'calculate', 'reported']) as cost_mode,
        unnest([
            case when c.reported_cost_usd > 0 then c.reported_cost_usd else c.computed_cost_usd end,
            c.computed_cost_usd,
            c.reported_cost_usd
        ]) as cost_usd,
        c.llm_call_id,
        struct_pack(started_at := c.started_at, source_no := c.source_no, line_no := c.line_no) as place,
    from mart.llm_calls as c
    inner join mart.sessions as s using (session_no)
    where s.root_session_no in (select session_no from spikes)
),

dearest_calls as (
    select
        session_no,
        cost_mode,
        arg_max(llm_call_id, (cost_usd, llm_call_id)) as llm_call_id,
        arg_max(place, (cost_usd, llm_call_id)) as place,
    from costed_calls
    where cost_usd is not null
    group by session_no, cost_mode
),

judged as (
    select
        session_no,
        anomaly_type,
        unnest(['auto', 'calculate', 'reported']) as cost_mode,
        unnest([auto_cost_usd, computed_cost_usd, reported_cost_usd]) as cost_usd,
        case when cost_usd >= 1 then 'high' else severity end as severity,
        finding_count,
        evidence || case
            when cost_usd >= 0.005 then ', up to $' || round(cost_usd, 2) || ' from the second round on'
            when cost_usd > 0 then ', less than $0.01 from the second round on'
            else ''
        end as evidence,
        occurred_at,
        source_no,
        line_no,
        tool_call_id,
        llm_call_id,
    from mart.anomalies
    where
        session_no in (
            select session_no from mart.sessions where root_session_no in (select root_session_no from judged_trees)
        )
    union all by name
    select
        s.session_no,
        'cost_spike' as anomaly_type,
        s.cost_mode,
        'medium' as severity,
        1 as finding_count,
        '$' || round(s.cost_usd, 4) || ', where half of the ' || grouped(s.peer_count) || ' sessions of the project cost at most $'
        || round(s.median_usd, 4) as evidence,
        d.place.started_at as occurred_at,
        d.place.source_no as source_no,
        d.place.line_no as line_no,
        d.llm_call_id,
    from spikes as s
    left join dearest_calls as d on d.session_no = s.session_no and d.cost_mode = s.cost_mode
)

select
    session_no,
    anomaly_type,
    list_sort(list(cost_mode)),
    severity,
    case severity
        when 'high' then 30
        when 'medium' then 12
        else 4
    end,
    finding_count,
    evidence,
    occurred_at,
    source_no,
    line_no,
    tool_call_id,
    llm_call_id,
from judged
group by all;
