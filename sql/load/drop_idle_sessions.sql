-- Takes transcripts in idle_sessions off the register, unless a row is left that is theirs or names them.
delete from raw.sessions
where
    session_no in (select session_no from idle_sessions)
    and session_no not in (
        select session_no from raw.session_headers
        union
        select parent_session_no from raw.session_headers where parent_session_no is not null
        union
        select forked_from_session_no from raw.session_headers where forked_from_session_no is not null
        union
        select session_no from raw.events
        union
        select session_no from raw.usage
        union
        select session_no from raw.tool_uses
        union
        select session_no from raw.tool_results
    );
