-- Gives every transcript in named_sessions (native_session_id, native_agent_id) that has none yet its number, and
-- makes known_sessions: the numbers of this agent's transcripts.
insert into raw.sessions
select
    (select coalesce(max(session_no), 0) from raw.sessions) + row_number() over (),
    getvariable('agent'),
    n.native_session_id,
    n.native_agent_id,
from (
    select distinct native_session_id, native_agent_id
    from named_sessions
    where native_session_id is not null
) as n
where
    not exists (
        from raw.sessions as s
        where
            s.agent = getvariable('agent')
            and s.native_session_id = n.native_session_id
            and s.native_agent_id is not distinct from n.native_agent_id
    );

create or replace temp table known_sessions as
select session_no, native_session_id, native_agent_id,
from raw.sessions
where agent = getvariable('agent');
