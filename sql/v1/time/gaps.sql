-- Silences between neighbouring events of a transcript, by what was being waited for.
--
-- Tools that run at once are waited for once, so the gaps of a session add up to the time from its first event to its
-- last. Permission is what a tool call took beyond the tool's own duration, where the log states that, and the whole wait
-- of a call that was refused. Human is from the model's last word to the next prompt, and from a tool's question to a
-- person's answer: no slowness.
-- @version 3
-- @since   0.1.0
-- @grain   session_id, started_at
-- @column  session_id   The transcript.
-- @column  started_at   When the silence began.
-- @column  ended_at     When it ended.
-- @column  gap_ms       How long it was.
-- @column  gap_kind     What was being waited for: `model`, `tool`, `permission`, `human` or `unknown`.
-- @column  retry_ms     Part of a wait for the model in which the agent waited before it asked again; NULL: none.
-- @column  before       Kind of the event before it.
-- @column  after        Kind of the event after it.
-- @column  turn_id      Turn that was under way.
-- @column  source_id    Source of the event before it.
-- @column  source_line  Line of that event.
-- @example select gap_kind, count(*), sum(gap_ms), max(gap_ms) from gaps group by gap_kind
select
    sessions.session_id,
    gaps.started_at,
    gaps.started_at + to_milliseconds(gaps.gap_ms) as ended_at,
    gaps.gap_ms,
    cast(gaps.gap_kind as varchar) as gap_kind,
    gaps.retry_ms,
    cast(gaps.before_event as varchar) as before,
    cast(gaps.after_event as varchar) as after,
    turns.turn_id,
    sources.source_id,
    cast(gaps.line_no as bigint) as source_line,
from mart.gaps as gaps
inner join internal.session_keys as sessions using (session_no)
left join mart.sessions as transcripts on transcripts.session_no = gaps.session_no
asof left join internal.turn_starts as turns
    on turns.session_no = transcripts.root_session_no
    and turns.started_at <= gaps.started_at
left join internal.source_keys as sources on sources.source_no = gaps.source_no
