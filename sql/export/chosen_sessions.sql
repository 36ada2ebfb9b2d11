-- Sessions that leave: those that the filters choose, each with every transcript that it started.
--
-- Agent, project and session are held against the one at the top. A time filter chooses what was under way in it: sessions leave
-- whole, so that no view over them tells half of one. A session without times is chosen only where no time is asked for.
with transcripts as (
    select
        keys.session_id,
        keys.root_session_id,
        sessions.started_at,
        sessions.ended_at,
    from internal.session_keys as keys
    inner join mart.sessions as sessions using (session_no)
),

trees as (
    select
        root_session_id,
        min(started_at) as started_at,
        max(coalesce(ended_at, started_at)) as ended_at,
    from transcripts
    group by root_session_id
),

roots as (
    select trees.root_session_id
    from trees
    inner join internal.session_keys as keys on keys.session_id = trees.root_session_id
    where
        ($agent is null or keys.agent = $agent)
        and ($project is null or keys.project = $project)
        and ($since is null or trees.ended_at >= cast($since as timestamptz))
        and ($until is null or trees.started_at < cast($until as timestamptz))
        and (
            $session is null
            or trees.root_session_id in (select root_session_id from transcripts where session_id = $session)
        )
)

select transcripts.session_id
from transcripts
semi join roots using (root_session_id)
