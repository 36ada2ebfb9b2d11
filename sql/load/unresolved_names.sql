-- Models in the raw tables that no price was looked up for yet.
select provider, model_raw
from said_models as s
where not exists (
    from raw.model_names as k where k.model_raw = s.model_raw and k.provider is not distinct from s.provider
)
