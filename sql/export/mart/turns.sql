-- Turns, by public ids.
select
    turn_id,
    session_id as session_no,
    turn_number,
    started_at,
from star.turns
