-- Where the time of every turn went, in the transcript of its prompt.
--
-- A turn lasts until the next prompt, or to the end of the transcript: the five kinds of waiting add up to that. What its
-- subagents waited for is in theirs; here it is the tool that they ran in.
-- @version 2
-- @since   0.1.0
-- @grain   turn_id
-- @column  turn_id           The turn.
-- @column  session_id        Transcript that it stands in.
-- @column  turn_number       Its place in the transcript, from 1.
-- @column  started_at        When the prompt was given.
-- @column  wall_ms           Until the next prompt, or the end; NULL: the log gives the prompt no time.
-- @column  model_ms          Waiting for the model.
-- @column  retry_ms          Part of it in which the agent waited before it asked an API again.
-- @column  tool_ms           Waiting for tools; those that ran at once count once.
-- @column  permission_ms     Waiting for a tool to be allowed.
-- @column  human_ms          From the model's last word to the next prompt, and from a tool's question to the answer.
-- @column  unknown_ms        Time that the log does not explain.
-- @column  model_wait_count  Waits for the model.
-- @column  model_longest_ms  The longest.
-- @column  tool_longest_ms   The longest wait for tools.
-- @example select turn_number, model_ms, tool_ms, human_ms from turn_latency where session_id = '…' order by turn_number
with waits as (
    select
        turns.turn_id,
        cast(sum(gaps.gap_ms) filter (gaps.gap_kind = 'model') as bigint) as model_ms,
        cast(sum(gaps.retry_ms) as bigint) as retry_ms,
        cast(sum(gaps.gap_ms) filter (gaps.gap_kind = 'tool') as bigint) as tool_ms,
        cast(sum(gaps.gap_ms) filter (gaps.gap_kind = 'permission') as bigint) as permission_ms,
        cast(sum(gaps.gap_ms) filter (gaps.gap_kind = 'human') as bigint) as human_ms,
        cast(sum(gaps.gap_ms) filter (gaps.gap_kind = 'unknown') as bigint) as unknown_ms,
        cast(sum(gaps.gap_ms) as bigint) as wall_ms,
        count(*) filter (gaps.gap_kind = 'model') as model_wait_count,
        max(gaps.gap_ms) filter (gaps.gap_kind = 'model') as model_longest_ms,
        max(gaps.gap_ms) filter (gaps.gap_kind = 'tool') as tool_longest_ms,
    from mart.gaps as gaps
    asof inner join internal.turn_starts as turns
        on turns.session_no = gaps.session_no
        and turns.started_at <= gaps.started_at
    group by turns.turn_id
)

select
    turns.turn_id,
    sessions.session_id,
    cast(turns.turn_number as bigint) as turn_number,
    turns.started_at,
    if(turns.started_at is null, null, coalesce(waits.wall_ms, 0)) as wall_ms,
    if(turns.started_at is null, null, coalesce(waits.model_ms, 0)) as model_ms,
    if(turns.started_at is null, null, coalesce(waits.retry_ms, 0)) as retry_ms,
    if(turns.started_at is null, null, coalesce(waits.tool_ms, 0)) as tool_ms,
    if(turns.started_at is null, null, coalesce(waits.permission_ms, 0)) as permission_ms,
    if(turns.started_at is null, null, coalesce(waits.human_ms, 0)) as human_ms,
    if(turns.started_at is null, null, coalesce(waits.unknown_ms, 0)) as unknown_ms,
    coalesce(waits.model_wait_count, 0) as model_wait_count,
    waits.model_longest_ms,
    waits.tool_longest_ms,
from mart.turns as turns
inner join internal.session_keys as sessions using (session_no)
left join waits on waits.turn_id = turns.turn_id
