-- Model names in the raw tables that no price was looked up for yet.
with named as (
    select distinct provider, model_raw from raw.usage where model_raw is not null
    union
    select distinct h.provider, u.model_raw
    from (select distinct session_no, model_raw from raw.usage where model_raw is not null and provider is null) as u
    inner join raw.session_headers as h using (session_no)
    union
    select distinct h.provider, u.model_raw
    from (select distinct session_no, model_raw from raw.usage_counters where model_raw is not null) as u
    inner join raw.session_headers as h using (session_no)
    union
    select distinct h.provider, t.model_raw
    from (select distinct session_no, model_raw from raw.turn_contexts where model_raw is not null) as t
    inner join raw.session_headers as h using (session_no)
)
select n.provider, n.model_raw
from named as n
where not exists (
    from raw.model_names as k where k.model_raw = n.model_raw and k.provider is not distinct from n.provider
)
