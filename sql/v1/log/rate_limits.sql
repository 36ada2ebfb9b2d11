-- Snapshots of the provider's rate limit windows.
-- @version 1
-- @since   0.1.0
-- @grain   rate_limit_id
-- @column  rate_limit_id        Id of the snapshot.
-- @column  session_id           Transcript it stands in.
-- @column  agent                Agent that was told.
-- @column  occurred_at          When.
-- @column  window_name          Which of the provider's windows.
-- @column  window_minute_count  How long the window is.
-- @column  used_ratio           Part of the window's allowance that is used.
-- @column  resets_at            When the window begins anew.
-- @column  plan                 Subscription.
-- @column  reached_kind         Which limit was reached; NULL: none.
-- @column  source_id            Source that states it.
-- @column  source_line          Line there.
-- @example select window_name, max(used_ratio) from rate_limits group by window_name
select
    sources.source_id || ':' || limits.line_no || ':' || limits.window_name as rate_limit_id,
    sessions.session_id,
    sessions.agent,
    limits.occurred_at,
    limits.window_name,
    limits.window_minute_count,
    limits.used_ratio,
    limits.resets_at,
    limits.plan,
    limits.reached_kind,
    sources.source_id,
    cast(limits.line_no as bigint) as source_line,
from raw.rate_limits as limits
inner join internal.session_keys as sessions using (session_no)
inner join internal.source_keys as sources on sources.source_no = limits.source_no
left join mart.replays as replays on replays.source_no = limits.source_no
anti join mart.event_copies as copies
    on copies.source_no = limits.source_no
    and copies.line_no = limits.line_no
where replays.first_own_line_no is null or limits.line_no >= replays.first_own_line_no
