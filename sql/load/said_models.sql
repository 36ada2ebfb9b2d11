-- Which models the raw tables name, each with who serves it: where a call does not say, its session or else its agent does.
create or replace temp view said_models as
with session_providers as (
    select distinct s.session_no, coalesce(h.provider, a.provider) as provider,
    from raw.sessions as s
    left join raw.session_headers as h using (session_no)
    left join raw.agents as a using (agent)
)

select distinct provider, model_raw from raw.usage where model_raw is not null
union
select distinct p.provider, u.model_raw
from (select distinct session_no, model_raw from raw.usage where model_raw is not null and provider is null) as u
inner join session_providers as p using (session_no)
union
select distinct p.provider, u.model_raw
from (select distinct session_no, model_raw from raw.usage_counters where model_raw is not null) as u
inner join session_providers as p using (session_no)
union
select distinct p.provider, t.model_raw
from (select distinct session_no, model_raw from raw.turn_contexts where model_raw is not null) as t
inner join session_providers as p using (session_no)
