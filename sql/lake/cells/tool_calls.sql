-- Tool calls, under the day their transcript began.
select
    days.day as day,
    calls.*,
from opened_tool_calls as calls
inner join session_days as days on days.session_id = calls.session_id
order by day, session_id, called_at nulls first, tool_call_id
