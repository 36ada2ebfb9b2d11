-- Names of models, as logs write them.
select
    provider,
    model_raw,
    model,
    price_model,
    rule,
from star.models
