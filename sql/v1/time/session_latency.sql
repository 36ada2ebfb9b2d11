-- Where the time of every transcript went.
--
-- The five kinds of waiting add up to the wall time. Human time is a person's, no slowness. Percentiles of the model are of
-- the waits for it; those of tools are of the calls with a known duration, each for itself.
-- @version 3
-- @since   0.1.0
-- @grain   session_id
-- @column  session_id         The transcript.
-- @column  wall_ms            From its first event to its last; NULL: the log tells no times.
-- @column  active_ms          Time with something going on.
-- @column  model_ms           Waiting for the model.
-- @column  retry_ms           Part of it in which the agent waited before it asked an API again.
-- @column  tool_ms            Waiting for tools; those that ran at once count once.
-- @column  permission_ms      Waiting for a tool to be allowed, where the log tells that from its running.
-- @column  human_ms           From the model's last word to the next prompt, and from a tool's question to the answer.
-- @column  unknown_ms         Time that the log does not explain.
-- @column  model_wait_count   Waits for the model.
-- @column  model_p50_ms       Half of them took at most this.
-- @column  model_p95_ms       Of twenty, nineteen took at most this.
-- @column  model_p99_ms       Of a hundred, ninety-nine took at most this.
-- @column  model_longest_ms   The longest.
-- @column  timed_tool_count   Tool calls with a known duration.
-- @column  tool_p50_ms        Half of them took at most this.
-- @column  tool_p95_ms        Of twenty, nineteen took at most this.
-- @column  tool_p99_ms        Of a hundred, ninety-nine took at most this.
-- @column  tool_longest_ms    The longest.
-- @column  output_per_second  Output tokens for each second of waiting for the model; NULL: one of them is not known.
-- @example select session_id, model_ms, tool_ms, human_ms from session_latency order by model_ms desc nulls last limit 10
select
    keys.session_id,
    epoch_ms(sessions.ended_at) - epoch_ms(sessions.started_at) as wall_ms,
    sessions.active_ms,
    if(sessions.started_at is null, null, waits.model_ms) as model_ms,
    if(sessions.started_at is null, null, waits.retry_ms) as retry_ms,
    if(sessions.started_at is null, null, waits.tool_ms) as tool_ms,
    if(sessions.started_at is null, null, waits.permission_ms) as permission_ms,
    if(sessions.started_at is null, null, waits.human_ms) as human_ms,
    if(sessions.started_at is null, null, waits.unknown_ms) as unknown_ms,
    waits.model_wait_count,
    waits.model_p50_ms,
    waits.model_p95_ms,
    waits.model_p99_ms,
    waits.model_longest_ms,
    waits.timed_tool_count,
    waits.tool_p50_ms,
    waits.tool_p95_ms,
    waits.tool_p99_ms,
    waits.tool_longest_ms,
    sessions.output_tokens * 1000 / nullif(waits.model_ms, 0) as output_per_second,
from mart.sessions as sessions
inner join internal.session_keys as keys using (session_no)
inner join mart.session_waits as waits using (session_no)
