-- Public identity of every transcript. Numbers are local to a warehouse, so here the id stands for the number.
select
    session_id as session_no,
    session_id,
    root_session_id,
    agent,
    project,
from lake.owners
