-- API calls and tool calls that stand in several sessions, and those of them in which they do not count.
--
-- A session that was resumed or forked repeats what came before it. The host that has both files knows that, and counts it once;
-- where two hosts have one file each, both count it. It counts in the session that began first and, of those, ended first.
with sessions as (
    select
        owned.session_id as session_id,
        owned.host as host,
        owned.started_at as started_at,
        owned.ended_at as ended_at
    from cells.sessions as owned
    where
        exists (
            select 1 from lake.owners as owners where owners.session_id = owned.session_id and owners.host = owned.host
        )
),

facts as (
    select 'llm_call' as fact_kind, calls.llm_call_id as fact_id, calls.session_id as session_id, calls.host as host
    from cells.llm_calls as calls
    union all
    select 'tool_call' as fact_kind, tools.tool_call_id as fact_id, tools.session_id as session_id, tools.host as host
    from cells.tool_calls as tools
),

owned_facts as (
    select
        facts.fact_kind as fact_kind,
        facts.fact_id as fact_id,
        facts.session_id as session_id,
        facts.host as host
    from facts
    where
        exists (
            select 1 from lake.owners as owners where owners.session_id = facts.session_id and owners.host = facts.host
        )
),

-- By a group of ids alone: to number all facts in a window takes many times as long.
repeated as (
    select
        owned_facts.fact_kind as fact_kind,
        owned_facts.fact_id as fact_id
    from owned_facts
    group by owned_facts.fact_kind, owned_facts.fact_id
    having count(*) > 1
),

placed as (
    select
        owned_facts.fact_kind as fact_kind,
        owned_facts.fact_id as fact_id,
        owned_facts.session_id as session_id,
        row_number() over (
            partition by owned_facts.fact_kind, owned_facts.fact_id
            order by
                sessions.started_at asc nulls last,
                sessions.ended_at asc nulls last,
                sessions.session_id asc nulls last
        ) as place
    from owned_facts
    inner join repeated on repeated.fact_kind = owned_facts.fact_kind and repeated.fact_id = owned_facts.fact_id
    inner join sessions on sessions.session_id = owned_facts.session_id
)

select
    placed.fact_kind as fact_kind,
    placed.fact_id as fact_id,
    placed.session_id as session_id
from placed
where placed.place > 1
