-- What reports ask of every session: the rows of sql/stored, for the sessions whose rows may differ.

delete from mart.session_waits where session_no in (select session_no from changed_sessions);

insert into mart.session_waits
select * from current_session_waits
where session_no in (select session_no from changed_sessions);

delete from mart.scores
where session_no not in (
    select session_no from mart.sessions where root_session_no not in (select root_session_no from judged_trees)
);

insert into mart.scores
select * from current_scores
where
    session_no in (
        select session_no from mart.sessions where root_session_no in (select root_session_no from judged_trees)
    );
