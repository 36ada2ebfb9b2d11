-- Compactions: where a context was replaced by a summary of it.
-- @version 1
-- @since   0.1.0
-- @grain   compaction_id
-- @column  compaction_id  Id of the compaction.
-- @column  session_id     Transcript it stands in.
-- @column  agent          Agent that did it.
-- @column  occurred_at    When.
-- @column  trigger        `auto`, `manual` or `unknown`.
-- @column  before_tokens  Context before it.
-- @column  after_tokens   Context after it.
-- @column  duration_ms    How long it took.
-- @column  source_id      Source that states it.
-- @column  source_line    Line there.
-- @example select session_id, count(*) from compactions group by session_id order by 2 desc
select
    sources.source_id || ':' || compactions.line_no || ':' || compactions.item_no as compaction_id,
    sessions.session_id,
    sessions.agent,
    compactions.occurred_at,
    compactions.trigger,
    compactions.before_tokens,
    compactions.after_tokens,
    compactions.duration_ms,
    sources.source_id,
    cast(compactions.line_no as bigint) as source_line,
from raw.compactions as compactions
inner join internal.session_keys as sessions using (session_no)
inner join internal.source_keys as sources on sources.source_no = compactions.source_no
left join mart.replays as replays on replays.source_no = compactions.source_no
anti join mart.event_copies as copies
    on copies.source_no = compactions.source_no
    and copies.line_no = compactions.line_no
where replays.first_own_line_no is null or compactions.line_no >= replays.first_own_line_no
