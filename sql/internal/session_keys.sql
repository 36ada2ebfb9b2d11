-- Public identity of every transcript, with what reports filter by. Ids begin with the agent.
-- @version 1
-- @since   0.1.0
-- @grain   session_no
select
    session_no,
    session_id,
    root_session_id,
    split_part(session_id, ':', 1) as agent,
    project,
    source_no,
from mart.sessions
