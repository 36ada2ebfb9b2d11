-- The price list in force, in USD per million tokens; a web search in USD each.
-- @title   Model prices
-- @param   model varchar null Only models with this in their name.
-- @param   limit bigint null At most so many rows.
-- @column  model                Model
-- @column  provider             Provider
-- @column  valid_from_on        From
-- @column  context_over_tokens  Context over
-- @column  service_tier         Tier
-- @column  uncached_input_usd   Input
-- @column  cache_read_usd       Cache read
-- @column  cache_write_5m_usd   Cache write 5m
-- @column  cache_write_1h_usd   Cache write 1h
-- @column  output_usd           Output
-- @column  reasoning_usd        Reasoning
-- @column  web_search_usd       Web search
-- @column  derived              Filled by rule
-- @column  source               List
-- @empty   No price matches.
-- @example agenttrace prices --model opus
select
    model,
    provider,
    valid_from_on,
    context_over_tokens,
    service_tier,
    uncached_input_usd,
    cache_read_usd,
    cache_write_5m_usd,
    cache_write_1h_usd,
    output_usd,
    reasoning_usd,
    web_search_usd,
    derived,
    source,
from v1.model_prices
where
    ($model is null or contains(lower(model), lower($model)))
    and valid_to_on is null
order by model, service_tier, context_over_tokens, valid_from_on
limit $limit
