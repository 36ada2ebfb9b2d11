-- A key for each price row, beyond what `v1.model_prices` says.
-- @grain   model, valid_from_on, context_over_tokens, service_tier, source
-- @column  price_id  Id of the row: a hash of what names it, the same in every warehouse.
select
    model,
    valid_from_on,
    context_over_tokens,
    service_tier,
    source,
    price_id(prices) as price_id,
from raw.model_prices as prices
