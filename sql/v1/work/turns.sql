-- Human prompts and the work that each started.
--
-- A turn ends with the last call of the model or a tool in it. What subagents do counts with the turn of the root session
-- that was under way, so the turns of a session may hold more than its own calls.
-- @version 1
-- @since   0.1.0
-- @grain   turn_id
-- @column  turn_id          Id of the turn.
-- @column  session_id       Transcript it stands in.
-- @column  turn_number      Its place in the transcript, from 1.
-- @column  started_at       When the prompt was given.
-- @column  ended_at         When the last call ended; NULL: there was none.
-- @column  duration_ms      From start to end.
-- @column  prompt_bytes     Length of the prompt.
-- @column  llm_call_count   Billed API calls.
-- @column  tool_call_count  Tool calls.
-- @column  total_tokens     Tokens of the calls; NULL: no call.
-- @column  cost_usd         Cost of the priced calls; NULL: none is.
-- @example select turn_number, cost_usd from turns where session_id = '…' order by turn_number
with call_sums as (
    select
        turn_id,
        count(*) as llm_call_count,
        cast(sum(total_tokens) as bigint) as total_tokens,
        cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
        max(coalesce(ended_at, started_at)) as ended_at,
    from internal.priced_calls
    group by turn_id
),

tool_sums as (
    select
        turn_id,
        count(*) as tool_call_count,
        max(greatest(called_at, returned_at)) as ended_at,
    from mart.tool_calls
    group by turn_id
)

select
    turns.turn_id,
    sessions.session_id,
    cast(turns.turn_number as bigint) as turn_number,
    turns.started_at,
    greatest(call_sums.ended_at, tool_sums.ended_at) as ended_at,
    epoch_ms(greatest(call_sums.ended_at, tool_sums.ended_at)) - epoch_ms(turns.started_at) as duration_ms,
    turns.prompt_bytes,
    coalesce(call_sums.llm_call_count, 0) as llm_call_count,
    coalesce(tool_sums.tool_call_count, 0) as tool_call_count,
    call_sums.total_tokens,
    call_sums.cost_usd,
from mart.turns as turns
inner join internal.session_keys as sessions using (session_no)
left join call_sums on call_sums.turn_id = turns.turn_id
left join tool_sums on tool_sums.turn_id = turns.turn_id
