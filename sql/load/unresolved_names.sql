-- Model names in the raw tables that no price was looked up for yet.
with session_providers as (
    select distinct s.session_no, coalesce(h.provider, a.provider) as provider,
    from raw.sessions as s
    left join raw.session_headers as h using (session_no)
    left join raw.agents as a using (agent)
),

named as (
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
)
select n.provider, n.model_raw
from named as n
where not exists (
    from raw.model_names as k where k.model_raw = n.model_raw and k.provider is not distinct from n.provider
)
