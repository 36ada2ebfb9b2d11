-- Human prompts, under the day their transcript began.
select
    days.day as day,
    turns.*,
from opened_turns as turns
inner join session_days as days on days.session_id = turns.session_id
order by day, session_id, turn_number, turn_id
