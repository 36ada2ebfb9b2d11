-- The host whose copy of a session counts, where several published it: the copy that goes on longest, then the smallest host.
--
-- Ids are made of content, so copies of a session have its id. Whoever copied a home and went on in one place has an older
-- copy in the other. Who a session belongs to stands beside it, since nearly every question asks for it.
select
    ranked.session_id as session_id,
    ranked.host as host,
    ranked.root_session_id as root_session_id,
    ranked.agent as agent,
    ranked.project as project
from (
    select
        sessions.session_id as session_id,
        sessions.host as host,
        sessions.root_session_id as root_session_id,
        sessions.agent as agent,
        sessions.project as project,
        row_number() over (
            partition by sessions.session_id
            order by sessions.ended_at desc nulls last, sessions.host asc nulls last
        ) as place
    from cells.sessions as sessions
) as ranked
where ranked.place = 1
