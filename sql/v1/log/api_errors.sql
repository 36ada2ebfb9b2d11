-- API requests that failed or were tried again.
-- @version 1
-- @since   0.1.0
-- @grain   api_error_id
-- @column  api_error_id       Id of the error.
-- @column  session_id         Transcript that met it.
-- @column  agent              Agent that met it.
-- @column  occurred_at        When.
-- @column  error_kind         `rate_limit`, `overloaded`, `auth`, `quota`, `context_overflow`, `server` and so on.
-- @column  http_status        HTTP status.
-- @column  code               The provider's or the system's own word for it.
-- @column  attempt_number     Which attempt failed, from 1.
-- @column  max_attempt_count  Attempts that the agent makes at most.
-- @column  retry_wait_ms      Wait before the next attempt.
-- @column  is_final           The agent gave up and told the user.
-- @column  source_id          Source that states it.
-- @column  source_line        Line there.
-- @example select error_kind, count(*) from api_errors group by error_kind
select
    sources.source_id || ':' || errors.line_no || ':' || errors.item_no as api_error_id,
    sessions.session_id,
    sessions.agent,
    errors.occurred_at,
    errors.error_kind,
    errors.http_status,
    errors.code,
    cast(errors.attempt_number as bigint) as attempt_number,
    cast(errors.max_attempt_count as bigint) as max_attempt_count,
    errors.retry_wait_ms,
    errors.is_final,
    sources.source_id,
    cast(errors.line_no as bigint) as source_line,
from raw.api_errors as errors
inner join internal.session_keys as sessions using (session_no)
inner join internal.source_keys as sources on sources.source_no = errors.source_no
left join mart.replays as replays on replays.source_no = errors.source_no
anti join mart.event_copies as copies
    on copies.source_no = errors.source_no
    and copies.line_no = errors.line_no
    -- The record as a whole, or the one event on it.
    and copies.item_no in (0, errors.item_no)
where replays.first_own_line_no is null or errors.line_no >= replays.first_own_line_no
