-- Public identity of every transcript, with what reports filter by.
--
-- The project is the last element of the working directory. A worktree counts as the folder it belongs to:
-- `…/shop/.worktrees/fix` and `…/shop/.tool/worktrees/fix` are `shop`. Back slashes are read as slashes.
-- Ids begin with the agent. A root that is not in the warehouse is none: such a transcript is its own root.
-- @version 1
-- @since   0.1.0
-- @grain   session_no
with transcripts as (
    select
        sessions.session_no,
        sessions.session_id,
        coalesce(roots.session_id, sessions.session_id) as root_session_id,
        split_part(sessions.session_id, ':', 1) as agent,
        sessions.source_no,
        regexp_replace(
            rtrim(replace(sessions.cwd, '\', '/'), '/'),
            '(/\.[^/]+)?/\.?worktrees/[^/]+$',
            ''
        ) as folder,
    from mart.sessions as sessions
    left join mart.sessions as roots on roots.session_no = sessions.root_session_no
)

select
    session_no,
    session_id,
    root_session_id,
    agent,
    nullif(split_part(folder, '/', -1), '') as project,
    source_no,
from transcripts
