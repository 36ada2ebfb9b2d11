-- Forgets model names that no row of the raw tables says any more.
delete from raw.model_names
where not exists (
    from said_models as s where s.model_raw = raw.model_names.model_raw and s.provider is not distinct from raw.model_names.provider
)
