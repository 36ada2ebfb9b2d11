-- Moments at which turns begin, each with the turn that is under way from then on.
--
-- Of turns that begin at one moment, as in logs that tell the time once for a whole chat, it is the last.
-- @version 1
-- @since   0.1.0
-- @grain   session_no, started_at
select
    session_no,
    started_at,
    arg_max(turn_id, turn_number) as turn_id,
from mart.turns
where started_at is not null
group by session_no, started_at
