-- API requests that failed, by session and kind of failure, and the time that trying again cost.
--
-- A session without a failed request has no row. Whether an agent logs what it tried again by itself differs: one that does
-- not has only those that it gave up on.
-- @version 2
-- @since   0.1.0
-- @grain   session_id, error_kind
-- @column  session_id       The transcript.
-- @column  root_session_id  Transcript at the top of its chain of parents.
-- @column  agent            Agent that made the requests.
-- @column  project          Last element of the session's working directory.
-- @column  error_kind       `rate_limit`, `overloaded`, `auth`, `quota`, `context_overflow`, `server` and so on.
-- @column  error_count      Failed requests.
-- @column  retried_count    Of these, tried again.
-- @column  final_count      Of these, given up: the user was told.
-- @column  retry_wait_ms    Waits before the next attempt, as the log states them; NULL: it states none.
-- @column  llm_call_count   Calls of the transcript that were answered, with those that a sum stands for; NULL: the log does not say how many.
-- @column  error_ratio      Failed requests among all requests of the transcript; NULL: it is not known how many those are.
-- @column  first_at         The first of them.
-- @column  last_at          The last.
-- @example select agent, error_kind, sum(error_count), sum(retry_wait_ms) from api_reliability group by all order by 3 desc
with failures as (
    select
        session_id,
        error_kind,
        count(*) as error_count,
        count(*) filter (not is_final) as retried_count,
        count(*) filter (is_final) as final_count,
        cast(sum(retry_wait_ms) as bigint) as retry_wait_ms,
        min(occurred_at) as first_at,
        max(occurred_at) as last_at,
    from v1.api_errors
    group by all
),

totals as (
    select
        session_id,
        sum(error_count) as error_count,
    from failures
    group by session_id
)

select
    keys.session_id,
    keys.root_session_id,
    keys.agent,
    keys.project,
    failures.error_kind,
    failures.error_count,
    failures.retried_count,
    failures.final_count,
    failures.retry_wait_ms,
    sessions.api_call_count as llm_call_count,
    failures.error_count / (totals.error_count + sessions.api_call_count) as error_ratio,
    failures.first_at,
    failures.last_at,
from failures
inner join totals using (session_id)
inner join internal.session_keys as keys using (session_id)
inner join mart.sessions as sessions on sessions.session_no = keys.session_no
