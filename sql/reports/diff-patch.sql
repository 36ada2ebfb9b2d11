-- A session held against a patch that is known to be good: which files each changes, and how the session checked its work.
--
-- `patch` is a JSON list of files: path, old_path, operation, added_line_count, removed_line_count. A file of the session is one of
-- the patch where its path ends in the patch's. The session counts with the subagents it started.
-- @title   A session and a patch
-- @param   a       varchar null The session.
-- @param   patch   varchar null The files of the patch.
-- @param   limit   bigint 200 At most so many rows in a list.
-- @section attempts       Session
-- @section files          Files
-- @section verifications  Verification
-- @section findings       How they differ
-- @field   a              Every column of the view `sessions`.
-- @field   patch          Files and lines of the patch.
-- @empty   No such session.
-- @example agenttrace diff SESSION --patch good.patch
with tree as materialized (
    select
        sessions,
        sessions.session_id,
        rtrim(replace(sessions.cwd, '\', '/'), '/') as folder,
    from v1.sessions as sessions
    where $a in (sessions.session_id, sessions.root_session_id)
),

calls as materialized (
    select
        calls.tool_call_id,
        calls.tool_category,
        calls.program,
        calls.status,
        calls.verification_kind,
        calls.called_at,
        calls.source_line,
        replace(calls.file_path, '\', '/') as path,
        tree.folder,
    from v1.tool_calls as calls
    inner join tree on tree.session_id = calls.session_id
),

changes as materialized (
    select
        coalesce(changes.tool_call_id, changes.file_change_id) as edit_id,
        changes.tool_call_id,
        coalesce(calls.called_at, changes.occurred_at) as edited_at,
        replace(changes.file_path, '\', '/') as path,
        tree.folder,
        changes.added_line_count,
        changes.removed_line_count,
    from v1.file_changes as changes
    inner join tree on tree.session_id = changes.session_id
    left join calls on calls.tool_call_id = changes.tool_call_id
),

-- An edit is what the log states as a change, or else a call of an editing tool that ended well.
edits as (
    select edit_id, edited_at, path, folder, added_line_count, removed_line_count
    from changes
    union all
    select tool_call_id, called_at, path, folder, null, null
    from calls
    where
        tool_category in ('edit', 'write')
        and status = 'ok'
        and path is not null
        and tool_call_id not in (select tool_call_id from changes where tool_call_id is not null)
),

edit_sums as (
    select
        path,
        any_value(folder) as folder,
        count(distinct edit_id) as edit_count,
        cast(sum(added_line_count) as bigint) as added_line_count,
        cast(sum(removed_line_count) as bigint) as removed_line_count,
    from edits
    group by path
),

read_sums as (
    select
        path,
        any_value(folder) as folder,
        count(*) as read_count,
    from calls
    where tool_category = 'read' and path is not null
    group by path
),

touched_files as (
    select
        coalesce(edit_sums.path, read_sums.path) as path,
        coalesce(edit_sums.folder, read_sums.folder) as folder,
        coalesce(edit_sums.edit_count, 0) as edit_count,
        coalesce(read_sums.read_count, 0) as read_count,
        edit_sums.added_line_count,
        edit_sums.removed_line_count,
    from edit_sums
    full join read_sums on read_sums.path = edit_sums.path
),

-- Paths below the working directory; a worktree inside of it is the same place.
opened_files as (
    select
        path,
        regexp_replace(
            if(starts_with(path, folder || '/'), substr(path, length(folder) + 2), path),
            '^(\.[^/]+/)?\.?worktrees/[^/]+/',
            ''
        ) as file_path,
        edit_count,
        read_count,
        added_line_count,
        removed_line_count,
    from touched_files
),

patched_files as (
    select
        unnest(
            from_json(
                $patch,
                '[{"path": "VARCHAR", "old_path": "VARCHAR", "operation": "VARCHAR", "added_line_count": "BIGINT", "removed_line_count": "BIGINT"}]'
            )
        ) as patched,
),

-- A file is that of the same path or, where the folders differ, the one whose path is the longest end of it.
candidates as (
    select
        opened_files.path,
        patched_files.patched.path as patch_path,
        coalesce(
            opened_files.file_path in (patched_files.patched.path, patched_files.patched.old_path),
            false
        ) as is_exact,
    from opened_files
    inner join patched_files
        on opened_files.file_path in (patched_files.patched.path, patched_files.patched.old_path)
        or ends_with(opened_files.path, '/' || patched_files.patched.path)
        or ends_with(opened_files.path, '/' || patched_files.patched.old_path)
        or ends_with(patched_files.patched.path, '/' || opened_files.file_path)
    qualify
        row_number() over (partition by opened_files.path order by is_exact desc, length(patch_path) desc, patch_path) = 1
        and (is_exact or not bool_or(is_exact) over (partition by patch_path))
),

session_files as (
    select
        candidates.patch_path,
        if(candidates.patch_path is null, opened_files.file_path, null) as other_path,
        cast(sum(opened_files.edit_count) as bigint) as edit_count,
        cast(sum(opened_files.read_count) as bigint) as read_count,
        cast(sum(opened_files.added_line_count) as bigint) as added_line_count,
        cast(sum(opened_files.removed_line_count) as bigint) as removed_line_count,
    from opened_files
    left join candidates on candidates.path = opened_files.path
    group by all
),

-- Where files are read by commands, the log does not say which.
readers as (
    select
        count(*) filter (tool_category = 'read' and path is not null) > 0
        or count(*) filter (tool_category = 'shell') = 0 as is_telling,
    from calls
),

file_rows as (
    select
        coalesce(patched_files.patched.path, session_files.other_path) as file_path,
        case
            when patched_files.patched.path is null then 'only A'
            when session_files.edit_count > 0 then 'both'
            else 'only the patch'
        end as changed_in,
        patched_files.patched.operation as operation,
        coalesce(session_files.edit_count, 0) as edit_count,
        if(readers.is_telling, coalesce(session_files.read_count, 0), null) as read_count,
        session_files.added_line_count as a_added_count,
        session_files.removed_line_count as a_removed_count,
        patched_files.patched.added_line_count as patch_added_count,
        patched_files.patched.removed_line_count as patch_removed_count,
    from patched_files
    full join session_files on session_files.patch_path = patched_files.patched.path
    cross join readers
    where patched_files.patched.path is not null or session_files.edit_count > 0
),

file_lists as (
    select
        list(file_rows order by list_position(['only the patch', 'only A', 'both'], changed_in), file_path) as files,
        count(*) filter (changed_in <> 'only A') as patched_count,
        count(*) filter (changed_in = 'both') as both_count,
        list(file_path order by file_path) filter (changed_in = 'only the patch' and read_count = 0) as unopened_paths,
        list(file_path order by file_path)
            filter (changed_in = 'only the patch' and read_count is distinct from 0) as unchanged_paths,
        list(file_path order by file_path) filter (changed_in = 'only A') as other_paths,
        cast(sum(a_added_count) filter (changed_in = 'both') as bigint) as a_added_count,
        cast(sum(a_removed_count) filter (changed_in = 'both') as bigint) as a_removed_count,
        cast(sum(patch_added_count) filter (changed_in = 'both') as bigint) as patch_added_count,
        cast(sum(patch_removed_count) filter (changed_in = 'both') as bigint) as patch_removed_count,
        cast(sum(patch_added_count) as bigint) as added_line_count,
        cast(sum(patch_removed_count) as bigint) as removed_line_count,
    from file_rows
),

verification_rows as (
    select
        verification_kind,
        program,
        count(*) as run_count,
        count(*) filter (status = 'failed') as failed_count,
        arg_max(status, {'called_at': called_at, 'source_line': source_line}) as last_status,
    from calls
    where verification_kind is not null
    group by verification_kind, program
),

verification_lists as (
    select list(verification_rows order by verification_kind, program) as verifications
    from verification_rows
),

checks as (
    select
        count(*) as verification_count,
        max(called_at) as last_verified_at,
        arg_max(status, {'called_at': called_at, 'source_line': source_line}) as last_status,
    from calls
    where verification_kind is not null
),

last_edits as (
    select max(edited_at) as last_edited_at from edits
),

sums as (
    select
        count(*) as llm_call_count,
        cast(sum(calls.total_tokens) as bigint) as total_tokens,
        cast(sum(calls.cost_usd) as decimal(18, 9)) as cost_usd,
    from v1.llm_calls as calls
    inner join tree on tree.session_id = calls.session_id
),

attempts as (
    select
        tree.sessions as session,
        [
            {
                'session_id': tree.session_id,
                'agent': tree.sessions.agent,
                'project': tree.sessions.project,
                'model': tree.sessions.model,
                'started_at': tree.sessions.started_at,
                'llm_call_count': sums.llm_call_count,
                'total_tokens': sums.total_tokens,
                'cost_usd': sums.cost_usd,
                'health_score': tree.sessions.health_score,
            }
        ] as attempts,
    from tree
    cross join sums
    where tree.session_id = $a
)

select
    coalesce(attempts.attempts, []) as attempts,
    coalesce(file_lists.files, [])[:$limit] as files,
    coalesce(verification_lists.verifications, []) as verifications,
    attempts.session as a,
    {
        'file_count': file_lists.patched_count,
        'added_line_count': file_lists.added_line_count,
        'removed_line_count': file_lists.removed_line_count,
    } as patch,
    if(
        attempts.session is null,
        [],
        list_filter(
            [
                case
                    when file_lists.patched_count > 1 then 'A changed '
                        || if(file_lists.both_count = 0, 'none', format('{:,}', file_lists.both_count)) || ' of the '
                        || format('{:,}', file_lists.patched_count) || ' files of the patch.'
                    when file_lists.both_count = 1 then 'A changed the one file of the patch.'
                    else 'A did not change the one file of the patch.'
                end,
                'A never opened ' || array_to_string(file_lists.unopened_paths[:5], ', ')
                || if(len(file_lists.unopened_paths) > 5, ' and ' || format('{:,}', len(file_lists.unopened_paths) - 5) || ' more.', '.'),
                'A did not change ' || array_to_string(file_lists.unchanged_paths[:5], ', ')
                || if(len(file_lists.unchanged_paths) > 5, ' and ' || format('{:,}', len(file_lists.unchanged_paths) - 5) || ' more.', '.'),
                'A changed ' || array_to_string(file_lists.other_paths[:5], ', ')
                || if(len(file_lists.other_paths) > 5, ' and ' || format('{:,}', len(file_lists.other_paths) - 5) || ' more', '')
                || ', which the patch leaves alone.',
                if(
                    file_lists.both_count > 0,
                    format(
                        'In what both change, A added {:,} and removed {:,} lines; the patch {:,} and {:,}.',
                        file_lists.a_added_count,
                        file_lists.a_removed_count,
                        file_lists.patch_added_count,
                        file_lists.patch_removed_count
                    ),
                    null
                ),
                case
                    when checks.verification_count = 0 then 'A verified nothing.'
                    when checks.last_status = 'failed' then 'The last verification of A failed.'
                    when last_edits.last_edited_at > checks.last_verified_at then 'A changed files after its last verification.'
                    when checks.last_status = 'ok' then 'The last verification of A passed.'
                end
            ],
            lambda finding: finding is not null
        )
    ) as findings,
-- Outer joins of single rows: of inner ones the planner would try every order.
from file_lists
left join verification_lists on true
left join checks on true
left join last_edits on true
left join attempts on true
