-- The cost of every call, class by class: tokens × rate × multiplier, and the price row and rule it comes from.
--
-- The rows of a call add up to its cost in `llm_calls`. A call whose cost the log reports has one row, of class
-- `reported`; an unpriced call has its classes with no cost. A class without tokens has no row, except output.
-- Output with a price for reasoning costs (tokens − reasoning) × usd_per_million + reasoning × its own rate.
-- @version 1
-- @since   0.1.0
-- @grain   llm_call_id, token_class
-- @column  llm_call_id                The call.
-- @column  session_id                 Transcript that made it.
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
with reported_costs as (
    select
        llm_call_id,
        session_no,
        provider,
        model_raw,
        'reported' as token_class,
        total_tokens as tokens,
        cost_usd,
    from internal.priced_calls
    where cost_source = 'reported'
),

unpriced_classes as (
    select
        calls.llm_call_id,
        calls.session_no,
        calls.provider,
        calls.model_raw,
        unnest(
            [
                {'token_class': 'uncached_input', 'tokens': calls.uncached_input_tokens},
                {'token_class': 'cache_read', 'tokens': calls.cache_read_tokens},
                {'token_class': 'cache_write_5m', 'tokens': calls.cache_write_5m_tokens},
                {'token_class': 'cache_write_1h', 'tokens': calls.cache_write_1h_tokens},
                {'token_class': 'output', 'tokens': calls.output_tokens},
                {'token_class': 'web_search', 'tokens': calls.web_search_count}
            ],
            recursive := true
        ),
    from internal.priced_calls as calls
    where calls.cost_source is null
),

unpriced_costs as (
    select *
    from unpriced_classes
    where tokens > 0 or token_class = 'output'
),

computed_costs as (
    select
        costs.llm_call_id,
        costs.session_no,
        costs.provider,
        costs.model_raw,
        costs.token_class,
        costs.tokens,
        costs.usd_per_million,
        costs.multiplier,
        costs.reasoning_tokens,
        costs.reasoning_usd_per_million,
        costs.cost_usd,
        costs.price_no,
        1 as formula_version,
    from internal.call_class_cost as costs
    where case coalesce(getvariable('cost_mode'), 'auto')
        when 'calculate' then true
        when 'reported' then false
        else coalesce(costs.reported_cost_usd, 0) <= 0
    end
),

costs as (
    select * from computed_costs
    union all by name
    select * from reported_costs
    union all by name
    select * from unpriced_costs
)

select
    costs.llm_call_id,
    sessions.session_id,
    costs.token_class,
    costs.tokens,
    costs.usd_per_million,
    costs.multiplier,
    costs.reasoning_tokens,
    costs.reasoning_usd_per_million,
    costs.cost_usd,
    prices.model as price_model,
    prices.valid_from_on as price_valid_from_on,
    prices.context_over_tokens,
    prices.service_tier as price_service_tier,
    prices.source as price_source,
    if(costs.token_class = 'reported', 'reported', names.rule) as rule,
    costs.formula_version,
from costs
inner join internal.session_keys as sessions on sessions.session_no = costs.session_no
left join raw.model_prices as prices on prices.price_no = costs.price_no
left join raw.model_names as names
    on names.provider is not distinct from costs.provider
    and names.model_raw = costs.model_raw
