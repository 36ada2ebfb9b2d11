-- Sessions that cost far more, with their subagents, than others of the same project and agent.
--
-- How far is told by the median and the median absolute deviation (MAD), which a few dear sessions do not move:
-- 0.6745 × (cost − median) ÷ MAD over 3.5, of at least ten sessions with a known cost.
-- @version 1
-- @since   0.1.0
-- @grain   session_no
with tree_costs as (
    select
        root_session_no as session_no,
        cast(
            sum(
                case coalesce(getvariable('cost_mode'), 'auto')
                    when 'calculate' then computed_cost_usd
                    when 'reported' then reported_cost_usd
                    else auto_cost_usd
                end
            ) as double
        ) as cost_usd,
    from mart.sessions
    group by root_session_no
),

peer_costs as (
    select
        tree_costs.session_no,
        tree_costs.cost_usd,
        keys.agent,
        keys.project,
        count(*) over peers as peer_count,
        median(tree_costs.cost_usd) over peers as median_usd,
    from tree_costs
    inner join mart.sessions as sessions using (session_no)
    inner join internal.session_keys as keys using (session_no)
    -- A subagent whose session is not in the warehouse is none to compare with.
    where tree_costs.cost_usd is not null and keys.project is not null and sessions.kind <> 'subagent'
    window peers as (partition by keys.agent, keys.project)
),

deviations as (
    select
        session_no,
        cost_usd,
        peer_count,
        median_usd,
        median(abs(cost_usd - median_usd)) over (partition by agent, project) as mad_usd,
    from peer_costs
    where peer_count >= 10
)

select
    session_no,
    cost_usd,
    peer_count,
    median_usd,
from deviations
where mad_usd > 0 and 0.6745 * (cost_usd - median_usd) / mad_usd > 3.5
