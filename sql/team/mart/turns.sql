-- Human prompts.
select
    turn_id,
    session_id as session_no,
    turn_number,
    started_at,
    prompt_bytes,
from lake.turns
