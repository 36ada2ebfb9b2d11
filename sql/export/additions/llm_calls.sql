-- How a call was priced, beyond what `v1.llm_calls` says.
-- @grain   llm_call_id
-- @column  price_id           Row of `model_prices` that prices it; NULL: none does.
-- @column  inference_geo      Place of inference as logged, which some prices depend on.
-- @column  computed_cost_usd  Cost by the price list, whatever the log reports; NULL: unpriced.
select
    calls.llm_call_id,
    if(calls.price_no is null, null, price_id(prices)) as price_id,
    calls.inference_geo,
    calls.computed_cost_usd,
from mart.llm_calls as calls
left join raw.model_prices as prices using (price_no)
