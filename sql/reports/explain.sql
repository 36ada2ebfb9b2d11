-- The cost of a session or of one call, line by line: where it stands in which log, tokens × rate, and which price row.
--
-- The lines add up to the cost. A session's explanation holds its subagents' calls.
-- @title   Cost, line by line
-- @param   session varchar null The session.
-- @param   call    varchar null The API call.
-- @param   limit   bigint null At most so many lines.
-- @column  llm_call_id                Call
-- @column  session_id                 Session
-- @column  started_at                 Started
-- @column  path                       Log
-- @column  source_line                Line
-- @column  model                      Model
-- @column  token_class                Class
-- @column  tokens                     Tokens
-- @column  usd_per_million            USD per million
-- @column  multiplier                 Multiplier
-- @column  reasoning_tokens           Priced as reasoning
-- @column  reasoning_usd_per_million  Its rate
-- @column  cost_usd                   Cost
-- @column  price_model                Price row
-- @column  price_valid_from_on        Valid from
-- @column  context_over_tokens        Context over
-- @column  price_service_tier         Tier
-- @column  price_source               List
-- @column  rule                       Rule
-- @column  formula_version            Formula
-- @empty   No API call matches.
-- @example agenttrace explain SESSION
select
    calls.llm_call_id,
    calls.session_id,
    calls.started_at,
    sources.path,
    calls.source_line,
    calls.model,
    costs.token_class,
    costs.tokens,
    costs.usd_per_million,
    costs.multiplier,
    costs.reasoning_tokens,
    costs.reasoning_usd_per_million,
    costs.cost_usd,
    costs.price_model,
    costs.price_valid_from_on,
    costs.context_over_tokens,
    costs.price_service_tier,
    costs.price_source,
    costs.rule,
    costs.formula_version,
from v1.llm_calls as calls
inner join v1.call_cost as costs on costs.llm_call_id = calls.llm_call_id
left join v1.sources as sources on sources.source_id = calls.source_id
where
    ($call is null or calls.llm_call_id = $call)
    and ($session is null or $session in (calls.session_id, calls.root_session_id))
    -- Said of the costs too, so that those of all other calls are not worked out.
    and ($call is null or costs.llm_call_id = $call)
    and ($session is null or $session in (costs.session_id, costs.root_session_id))
order by
    calls.started_at,
    calls.llm_call_id,
    list_position(
        ['uncached_input', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'output', 'web_search', 'reported'],
        costs.token_class
    )
limit $limit
