-- Turns of which every API call counts in another session: repeats of that session's turns, under numbers of their own.
select
    'turn' as fact_kind,
    calls.turn_id as fact_id,
    calls.session_id as session_id
from cells.llm_calls as calls
inner join lake.owners as owners on owners.session_id = calls.session_id and owners.host = calls.host
left join lake.repeats as repeats
    on repeats.fact_kind = 'llm_call'
    and repeats.fact_id = calls.llm_call_id
    and repeats.session_id = calls.session_id
where
    calls.turn_id is not null
    and exists (select 1 from lake.repeats as touched where touched.session_id = calls.session_id)
group by calls.turn_id, calls.session_id
having count(repeats.fact_id) = count(*)
