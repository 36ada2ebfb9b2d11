-- The cost of every call, class by class: tokens × rate × multiplier, and the price row and rule it comes from.
--
-- The rows of a call add up to its cost in `llm_calls`. A call whose cost the log reports has one row, of class
-- `reported`; an unpriced call has its classes with no cost. A class without tokens has no row, except output.
-- Output with a price for reasoning costs (tokens − reasoning) × usd_per_million + reasoning × its own rate.
-- @version 2
-- @since   0.1.0
-- @grain   llm_call_id, token_class
-- @column  llm_call_id                The call.
-- @column  session_id                 Transcript that made it.
-- @column  root_session_id            Transcript at the top of its chain of parents.
-- @column  token_class                `uncached_input`, `cache_read`, `cache_write_5m`, `cache_write_1h`, `output`, `web_search` or `reported`.
-- @column  tokens                     Tokens of the class; of `web_search` the searches, of `reported` all tokens.
-- @column  usd_per_million            Rate by the price list; of `web_search` that of a million searches.
-- @column  multiplier                 Fast mode and place of inference; 1: neither.
-- @column  reasoning_tokens           Part of the output that is priced as reasoning; NULL: none is.
-- @column  reasoning_usd_per_million  Rate of that part.
-- @column  cost_usd                   What the class costs, rounded to nine places; NULL: unpriced.
-- @column  price_model                Price row: the model.
-- @column  price_valid_from_on        Price row: first day of validity.
-- @column  context_over_tokens        Price row: for calls with more context than this.
-- @column  price_service_tier         Price row: the service tier.
-- @column  price_source               Price row: the list it comes from.
-- @column  rule                       How the model's name led to the price row, or `reported`.
-- @column  formula_version            Version of the formula; NULL: the log reports the cost.
-- @example select token_class, sum(tokens), sum(cost_usd) from call_cost group by token_class
-- @example select * from call_cost where llm_call_id = '…'
with costs as (
    select
        llm_call_id,
        session_id,
        root_session_id,
        provider,
        model_raw,
        price_no,
        case coalesce(getvariable('cost_mode'), 'auto')
            when 'calculate' then if(computed_cost_usd is null, null, 'computed')
            when 'reported' then if(reported_cost_usd is null, null, 'reported')
            else case
                when reported_cost_usd > 0 then 'reported'
                when computed_cost_usd is not null then 'computed'
            end
        end as cost_source,
        -- As a list rather than a join, so that a filter on the session reaches the calls.
        unnest(
            [
                {
                    'token_class': 'uncached_input',
                    'tokens': uncached_input_tokens,
                    'usd_per_million': uncached_input_usd,
                    'multiplier': multiplier,
                    'reasoning_tokens': cast(null as bigint),
                    'reasoning_usd_per_million': cast(null as decimal(18, 9)),
                    'cost_usd': uncached_input_cost_usd,
                },
                {
                    'token_class': 'cache_read',
                    'tokens': cache_read_tokens,
                    'usd_per_million': cache_read_usd,
                    'multiplier': 1,
                    'reasoning_tokens': null,
                    'reasoning_usd_per_million': null,
                    'cost_usd': cache_read_cost_usd,
                },
                {
                    'token_class': 'cache_write_5m',
                    'tokens': cache_write_5m_tokens,
                    'usd_per_million': cache_write_5m_usd,
                    'multiplier': 1,
                    'reasoning_tokens': null,
                    'reasoning_usd_per_million': null,
                    'cost_usd': cache_write_5m_cost_usd,
                },
                {
                    'token_class': 'cache_write_1h',
                    'tokens': cache_write_1h_tokens,
                    'usd_per_million': cache_write_1h_usd,
                    'multiplier': 1,
                    'reasoning_tokens': null,
                    'reasoning_usd_per_million': null,
                    'cost_usd': cache_write_1h_cost_usd,
                },
                {
                    'token_class': 'output',
                    'tokens': output_tokens,
                    'usd_per_million': output_usd,
                    'multiplier': multiplier,
                    'reasoning_tokens': reasoning_tokens,
                    'reasoning_usd_per_million': if(reasoning_tokens is null, null, reasoning_usd),
                    'cost_usd': output_cost_usd,
                },
                {
                    'token_class': 'web_search',
                    'tokens': web_search_count,
                    'usd_per_million': cast(cast(web_search_usd as decimal(28, 9)) * 1000000 as decimal(18, 9)),
                    'multiplier': 1,
                    'reasoning_tokens': null,
                    'reasoning_usd_per_million': null,
                    'cost_usd': web_search_cost_usd,
                },
                {
                    'token_class': 'reported',
                    'tokens': if(
                        coalesce(
                            uncached_input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, output_tokens
                        ) is null,
                        null,
                        coalesce(uncached_input_tokens, 0)
                        + coalesce(cache_read_tokens, 0)
                        + coalesce(cache_write_5m_tokens, 0)
                        + coalesce(cache_write_1h_tokens, 0)
                        + coalesce(output_tokens, 0)
                    ),
                    'usd_per_million': null,
                    'multiplier': null,
                    'reasoning_tokens': null,
                    'reasoning_usd_per_million': null,
                    'cost_usd': reported_cost_usd,
                }
            ],
            recursive := true
        ),
    from internal.call_class_prices
)

select
    costs.llm_call_id,
    costs.session_id,
    costs.root_session_id,
    costs.token_class,
    costs.tokens,
    if(costs.cost_source = 'computed', costs.usd_per_million, null) as usd_per_million,
    if(costs.cost_source = 'computed', costs.multiplier, null) as multiplier,
    if(costs.cost_source = 'computed', costs.reasoning_tokens, null) as reasoning_tokens,
    if(costs.cost_source = 'computed', costs.reasoning_usd_per_million, null) as reasoning_usd_per_million,
    if(costs.cost_source is null, null, costs.cost_usd) as cost_usd,
    prices.model as price_model,
    prices.valid_from_on as price_valid_from_on,
    prices.context_over_tokens,
    prices.service_tier as price_service_tier,
    prices.source as price_source,
    if(costs.token_class = 'reported', 'reported', names.rule) as rule,
    if(costs.cost_source = 'computed', 1, null) as formula_version,
from costs
left join raw.model_prices as prices on prices.price_no = if(costs.cost_source = 'computed', costs.price_no, null)
left join raw.model_names as names
    on names.provider is not distinct from costs.provider
    and names.model_raw = costs.model_raw
where
    if(
        coalesce(costs.cost_source, '') = 'reported',
        costs.token_class = 'reported',
        costs.token_class <> 'reported' and (costs.tokens > 0 or costs.token_class = 'output')
    )
