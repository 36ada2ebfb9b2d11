-- The price list: what a model costs from a day on, by size of context and service tier.
--
-- A row is complete: where a list names no price for a class, a rule has filled it, and `derived` names the class. Whoever
-- prices a call picks one row and multiplies.
-- @version 1
-- @since   0.1.0
-- @grain   model, valid_from_on, context_over_tokens, service_tier, source
-- @column  model                 Model as the price list names it.
-- @column  provider              Who sells at this price.
-- @column  valid_from_on         First day of validity.
-- @column  valid_to_on           First day after it; NULL: in force.
-- @column  context_over_tokens   Calls with more context than this.
-- @column  context_up_to_tokens  Calls with at most this much context; NULL: no bound.
-- @column  service_tier          `standard`, `priority`, `flex` or `batch`.
-- @column  uncached_input_usd    USD per million tokens of uncached input.
-- @column  cache_read_usd        USD per million tokens read from a cache.
-- @column  cache_write_5m_usd    USD per million tokens written to a cache for five minutes.
-- @column  cache_write_1h_usd    USD per million tokens written to a cache for an hour.
-- @column  output_usd            USD per million tokens of output.
-- @column  reasoning_usd         USD per million tokens of reasoning; NULL: as other output.
-- @column  web_search_usd        USD per web search.
-- @column  fast_multiplier       Times uncached input and output in fast mode.
-- @column  geo_multipliers       Times uncached input and output, by place of inference.
-- @column  max_input_tokens      Size of the context window.
-- @column  derived               Classes whose price a rule filled.
-- @column  source                `seed`: shipped, `list`: loaded, `override`: the user's own.
-- @example select model, uncached_input_usd, output_usd from model_prices where valid_to_on is null order by model
select
    model,
    provider,
    valid_from_on,
    valid_to_on,
    context_over_tokens,
    context_up_to_tokens,
    service_tier,
    uncached_input_usd,
    cache_read_usd,
    cache_write_5m_usd,
    cache_write_1h_usd,
    output_usd,
    reasoning_usd,
    web_search_usd,
    fast_multiplier,
    geo_multipliers,
    max_input_tokens,
    derived,
    source,
from raw.model_prices
