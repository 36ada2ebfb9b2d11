-- Models that calls name, as they are shown and priced.
-- @grain   provider, model_raw
-- @column  provider     Who served it, where the log says so.
-- @column  model_raw    Model as the log writes it.
-- @column  model        Model as shown.
-- @column  price_model  Model whose price it has, in `model_prices`; NULL: none.
-- @column  rule         How the name led to the price.
-- @column  first_at     First call.
-- @column  last_at      Last call.
select
    calls.provider,
    calls.model_raw,
    coalesce(names.model, calls.model_raw) as model,
    names.price_model,
    names.rule,
    min(calls.started_at) as first_at,
    max(calls.started_at) as last_at,
from mart.llm_calls as calls
inner join internal.session_keys as sessions using (session_no)
semi join chosen_sessions on chosen_sessions.session_id = sessions.session_id
left join raw.model_names as names
    on names.provider is not distinct from calls.provider
    and names.model_raw = calls.model_raw
where calls.model_raw is not null
group by all
