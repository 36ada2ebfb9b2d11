-- Whether too much was spent.
--
-- The sum is that of the overview, under the cost mode in force. At fault are the dearest sessions, their subagents' cost with
-- them: without them the gate would have held. Calls without a price make the sum a lower bound.
-- @title   Cost
-- @param   since     timestamptz null From this time on.
-- @param   until     timestamptz null Before this time.
-- @param   agent     varchar null Only this agent.
-- @param   model     varchar null Only calls of this model, as shown or as logged.
-- @param   project   varchar null Only this project.
-- @param   session   varchar null Only this session and the subagents it started.
-- @param   threshold decimal(18,9) 0 The gate fails above so many dollars.
-- @column  verdict       State
-- @column  figure        Cost
-- @column  judged_count  Priced calls
-- @column  message       Finding
-- @column  note          Left out
-- @column  sessions      At fault
-- @empty   No session was found.
-- @example agenttrace --since 7d --max-cost 50
with session_costs as (
    select
        root_session_id,
        min(agent) as agent,
        coalesce(min(project) filter (session_id = root_session_id), min(project)) as project,
        count(cost_usd) as priced_count,
        count(*) - count(cost_usd) as unpriced_count,
        cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
    from v1.llm_calls
    where
        ($since is null or started_at >= $since)
        and ($until is null or started_at < $until)
        and ($agent is null or agent = $agent)
        and ($model is null or $model in (model, model_raw))
        and ($project is null or project = $project)
        and ($session is null or $session in (session_id, root_session_id))
    group by root_session_id
),

totals as (
    select
        cast(sum(cost_usd) as decimal(18, 9)) as figure,
        cast(coalesce(sum(priced_count), 0) as bigint) as priced_count,
        cast(coalesce(sum(unpriced_count), 0) as bigint) as unpriced_count,
    from session_costs
),

ranked_sessions as (
    select
        root_session_id,
        agent,
        project,
        cost_usd,
        format(if(cost_usd < 1, '${:.4f}', '${:,.2f}'), cast(cost_usd as double))
        || case unpriced_count
            when 0 then ''
            when 1 then ' and one unpriced call'
            else ' and ' || format('{:,}', unpriced_count) || ' unpriced calls'
        end as why,
        sum(cost_usd) over (order by cost_usd desc, root_session_id) as running_usd,
    from session_costs
    where cost_usd > 0
),

-- Without the dearest of them the gate would have held.
faults as (
    select
        list(
            {
                'session_id': ranked_sessions.root_session_id,
                'agent': ranked_sessions.agent,
                'project': ranked_sessions.project,
                'figure': ranked_sessions.cost_usd,
                'why': ranked_sessions.why,
            }
            order by ranked_sessions.cost_usd desc, ranked_sessions.root_session_id
        ) as sessions,
    from ranked_sessions
    cross join totals
    where ranked_sessions.running_usd - ranked_sessions.cost_usd < totals.figure - $threshold
)

select
    case
        when totals.figure is null then 'unknown'
        when totals.figure > $threshold then 'failed'
        else 'held'
    end as verdict,
    totals.figure,
    totals.priced_count as judged_count,
    case
        when totals.figure is not null then '$'
            || if(
                totals.figure >= 1 and (round(totals.figure, 2) > $threshold) = (totals.figure > $threshold),
                format('{:,.2f}', cast(totals.figure as double)),
                regexp_replace(
                    rtrim(rtrim(cast(totals.figure as varchar), '0'), '.'),
                    '^\d+',
                    format('{:,}', cast(floor(totals.figure) as bigint))
                )
            )
            || ' was spent'
            || if(totals.figure > $threshold, ', above $', ', not above $')
            || regexp_replace(
                rtrim(rtrim(cast($threshold as varchar), '0'), '.'),
                '^\d+',
                format('{:,}', cast(floor($threshold) as bigint))
            )
        when totals.unpriced_count = 0 then 'no API call was found'
        when totals.unpriced_count = 1 then 'the only call has no known price'
        else 'none of ' || format('{:,}', totals.unpriced_count) || ' calls has a known price'
    end as message,
    if(
        totals.unpriced_count = 0 or totals.figure is null,
        null,
        'a lower bound: ' || if(totals.unpriced_count = 1, 'one call has', format('{:,}', totals.unpriced_count) || ' calls have')
        || ' no known price'
    ) as note,
    coalesce(faults.sessions, []) as sessions,
from totals
left join faults on true
