-- Forgets model names that no row of the raw tables says any more.
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

delete from raw.model_names
where not exists (
    from named as n where n.model_raw = raw.model_names.model_raw and n.provider is not distinct from raw.model_names.provider
)
