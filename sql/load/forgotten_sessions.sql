-- Makes forgotten_sessions: transcripts that were forgotten on purpose, and those below them.
create or replace temp table forgotten_sessions as
with recursive children as (
    select distinct session_no, parent_session_no,
    from raw.session_headers
    where parent_session_no is not null
    union
    select s.session_no, m.session_no,
    from raw.sessions as s
    inner join raw.sessions as m
        on m.agent = s.agent and m.native_session_id = s.native_session_id and m.native_agent_id is null
    where s.native_agent_id is not null
),

tree as (
    select s.session_no, f.group_id,
    from raw.sessions as s
    inner join raw.forgotten as f
        on f.forgotten_kind = 'session'
        and f.forgotten_id = left(
            sha256('session ' || s.agent || ':' || s.native_session_id || coalesce(':' || s.native_agent_id, '')),
            32
        )
    union
    select c.session_no, t.group_id,
    from tree as t
    inner join children as c on c.parent_session_no = t.session_no
)

select session_no, min(group_id) as group_id,
from tree
group by session_no;
