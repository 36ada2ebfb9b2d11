-- Two sessions held side by side: what each read, changed, ran and checked, where their ways part, and what that cost.
--
-- A session counts with the subagents it started, except in its tool path, which is its own. Paths are relative to the session's
-- working directory, so that attempts in two folders or worktrees compare. A command is its program and subcommand.
-- @title   Two sessions compared
-- @param   a       varchar null The first session.
-- @param   b       varchar null The second session.
-- @param   content boolean false Add the commands, secrets masked.
-- @param   limit   bigint 200 At most so many rows in a list.
-- @section attempts       Sessions
-- @section effort         Effort
-- @section times          Where the time went
-- @section token_classes  Tokens and cost by class
-- @section files          Files
-- @section commands       Commands
-- @section command_texts  Commands as they were run
-- @section verifications  Verification
-- @section exploration    Before the first edit
-- @section editing        Edits, and what was checked
-- @section repeated_edits Files edited three times or more
-- @section path           Where their ways part
-- @section findings       What they did differently
-- @field   a              Every column of the view `sessions` of the first.
-- @field   b              Every column of the view `sessions` of the second.
-- @field   divergence     First step of the tool path that differs; NULL: none does.
-- @field   tool_path      Every step of both, by number, with the tool call.
-- @empty   No such sessions.
-- @example agenttrace diff SESSION SESSION
with tree as materialized (
    select
        sessions,
        sessions.session_id,
        sessions.root_session_id,
        rtrim(replace(sessions.cwd, '\', '/'), '/') as folder,
    from v1.sessions as sessions
    where sessions.session_id in ($a, $b) or sessions.root_session_id in ($a, $b)
),

sides as (
    select
        side,
        session_id,
    from (values ('A', $a), ('B', $b)) as given(side, session_id)
),

transcripts as (
    select
        sides.side,
        tree.session_id,
        tree.session_id = sides.session_id as is_own,
        coalesce(tree.folder, roots.folder) as folder,
    from sides
    inner join tree on sides.session_id in (tree.session_id, tree.root_session_id)
    left join tree as roots on roots.session_id = sides.session_id
),

-- Files as the tools name them, below the working directory; a worktree inside of it is the same place.
changes as materialized (
    select
        transcripts.side,
        coalesce(changes.tool_call_id, changes.file_change_id) as edit_id,
        changes.tool_call_id,
        changes.occurred_at,
        replace(changes.file_path, '\', '/') as path,
        regexp_replace(
            if(
                starts_with(path, transcripts.folder || '/'),
                substr(path, length(transcripts.folder) + 2),
                path
            ),
            '^(\.[^/]+/)?\.?worktrees/[^/]+/',
            ''
        ) as file_path,
    from v1.file_changes as changes
    inner join transcripts on transcripts.session_id = changes.session_id
),

change_lists as (
    select
        side,
        tool_call_id,
        string_agg(distinct file_path, ', ' order by file_path) as file_paths,
    from changes
    where tool_call_id is not null
    group by side, tool_call_id
),

calls as (
    select
        transcripts.side,
        transcripts.is_own,
        transcripts.folder,
        calls.tool_call_id,
        calls.tool_name,
        calls.tool_category,
        calls.program,
        calls.command,
        calls.status,
        calls.verification_kind,
        calls.called_at,
        calls.source_line,
        replace(calls.file_path, '\', '/') as path,
        regexp_replace(
            if(
                starts_with(path, transcripts.folder || '/'),
                substr(path, length(transcripts.folder) + 2),
                path
            ),
            '^(\.[^/]+/)?\.?worktrees/[^/]+/',
            ''
        ) as file_path,
    from v1.tool_calls as calls
    inner join transcripts on transcripts.session_id = calls.session_id
    where calls.session_id in ($a, $b) or calls.root_session_id in ($a, $b)
),

steps as materialized (
    select
        calls.*,
        coalesce(
            if(calls.file_path = calls.folder, '.', calls.file_path),
            change_lists.file_paths,
            calls.program
        ) as target,
        -- Agents name their tools differently: what a tool does is compared, and its name where that says too little.
        if(calls.tool_category in ('other', 'mcp'), calls.tool_name, calls.tool_category) as deed,
        change_lists.file_paths is not null as has_changes,
    from calls
    left join change_lists
        on change_lists.side = calls.side
        and change_lists.tool_call_id = calls.tool_call_id
),

-- An edit is what the log states as a change, or else a call of an editing tool that ended well.
edits as materialized (
    select
        changes.side,
        changes.edit_id,
        coalesce(steps.called_at, changes.occurred_at) as edited_at,
        changes.file_path,
    from changes
    left join steps
        on steps.side = changes.side
        and steps.tool_call_id = changes.tool_call_id
    union
    select side, tool_call_id, called_at, file_path
    from steps
    where tool_category in ('edit', 'write') and status = 'ok' and not has_changes
),

reads as (
    select
        side,
        file_path,
        count(*) as read_count,
    from steps
    where tool_category = 'read' and file_path is not null
    group by side, file_path
),

edit_counts as (
    select
        side,
        file_path,
        count(distinct edit_id) as edit_count,
    from edits
    where file_path is not null
    group by side, file_path
),

opened_files as (
    select side, file_path from reads
    union
    select side, file_path from edit_counts
),

-- Where files are read by commands, the log does not say which; and where no file is named, nothing does.
readers as (
    select
        side,
        count(*) filter (tool_category = 'read' and file_path is null) = 0
        and (
            count(*) filter (tool_category = 'read') > 0
            or count(*) filter (tool_category = 'shell') = 0
        ) as is_telling,
    from steps
    group by side
),

file_rows as (
    select
        opened_files.file_path,
        case
            when a_edits.edit_count > 0 and b_edits.edit_count > 0 then 'both'
            when a_edits.edit_count > 0 then 'only A'
            when b_edits.edit_count > 0 then 'only B'
        end as changed_in,
        case
            when a_reads.read_count > 0 and b_reads.read_count > 0 then 'both'
            when a_reads.read_count > 0 then 'only A'
            when b_reads.read_count > 0 then 'only B'
        end as read_in,
        coalesce(a_edits.edit_count, 0) as a_edit_count,
        coalesce(b_edits.edit_count, 0) as b_edit_count,
        if(a_readers.is_telling is not false, coalesce(a_reads.read_count, 0), null) as a_read_count,
        if(b_readers.is_telling is not false, coalesce(b_reads.read_count, 0), null) as b_read_count,
    from (select file_path from opened_files group by file_path) as opened_files
    left join reads as a_reads on a_reads.side = 'A' and a_reads.file_path = opened_files.file_path
    left join reads as b_reads on b_reads.side = 'B' and b_reads.file_path = opened_files.file_path
    left join edit_counts as a_edits on a_edits.side = 'A' and a_edits.file_path = opened_files.file_path
    left join edit_counts as b_edits on b_edits.side = 'B' and b_edits.file_path = opened_files.file_path
    left join readers as a_readers on a_readers.side = 'A'
    left join readers as b_readers on b_readers.side = 'B'
),

file_lists as (
    select
        list(
            file_rows
            order by
                list_position(['only B', 'only A', 'both'], changed_in) nulls last,
                a_edit_count + b_edit_count desc,
                coalesce(a_read_count, 0) + coalesce(b_read_count, 0) desc,
                file_path
        ) as files,
        list(
            {'file_path': file_path, 'a_edit_count': a_edit_count, 'b_edit_count': b_edit_count}
            order by greatest(a_edit_count, b_edit_count) desc, file_path
        ) filter (greatest(a_edit_count, b_edit_count) >= 3) as repeated_edits,
        count(*) filter (changed_in = 'both') as both_changed_count,
        count(*) filter (changed_in = 'only A' and b_read_count is not distinct from 0) as a_unopened_count,
        count(*) filter (changed_in = 'only B' and a_read_count is not distinct from 0) as b_unopened_count,
        count(*) filter (changed_in = 'only A') as a_only_count,
        count(*) filter (changed_in = 'only B') as b_only_count,
    from file_rows
),

command_rows as (
    select
        coalesce(program, '(not in the log)') as program,
        case
            when count(*) filter (side = 'B') = 0 then 'only A'
            when count(*) filter (side = 'A') = 0 then 'only B'
            else 'both'
        end as run_in,
        count(*) filter (side = 'A') as a_run_count,
        count(*) filter (side = 'B') as b_run_count,
        count(*) filter (side = 'A' and status = 'failed') as a_failed_count,
        count(*) filter (side = 'B' and status = 'failed') as b_failed_count,
    from steps
    where tool_category = 'shell'
    group by coalesce(program, '(not in the log)')
),

command_lists as (
    select
        list(
            command_rows
            order by list_position(['only B', 'only A', 'both'], run_in), a_run_count + b_run_count desc, program
        ) as commands,
    from command_rows
),

command_texts as (
    select
        list(
            {'side': side, 'program': program, 'status': status, 'command': command}
            order by side, called_at nulls last, source_line, tool_call_id
        ) as command_texts,
    from steps
    where $content and command is not null
),

verification_rows as (
    select
        verification_kind,
        program,
        count(*) filter (side = 'A') as a_run_count,
        count(*) filter (side = 'B') as b_run_count,
        count(*) filter (side = 'A' and status = 'failed') as a_failed_count,
        count(*) filter (side = 'B' and status = 'failed') as b_failed_count,
        arg_max(status, {'called_at': called_at, 'source_line': source_line}) filter (side = 'A') as a_last_status,
        arg_max(status, {'called_at': called_at, 'source_line': source_line}) filter (side = 'B') as b_last_status,
        case
            when b_run_count = 0 then 'B'
            when a_run_count = 0 then 'A'
        end as missing_in,
    from steps
    where verification_kind is not null
    group by verification_kind, program
),

verification_lists as (
    select
        list(
            {
                'verification_kind': verification_kind,
                'program': program,
                'missing_in': missing_in,
                'a_run_count': a_run_count,
                'b_run_count': b_run_count,
                'a_failed_count': a_failed_count,
                'b_failed_count': b_failed_count,
                'a_last_status': a_last_status,
                'b_last_status': b_last_status,
            }
            order by
                list_position(['B', 'A'], missing_in) nulls last,
                list_position(['test', 'types', 'lint', 'build'], verification_kind),
                program
        ) as verifications,
    from verification_rows
),

-- The kinds of verification that one session ran and the other did not.
kind_counts as (
    select
        verification_kind,
        case verification_kind
            when 'test' then ['test', 'tests']
            when 'lint' then ['linter', 'linters']
            when 'types' then ['type check', 'type checks']
            else ['build', 'builds']
        end as nouns,
        count(*) filter (side = 'A') as a_count,
        count(*) filter (side = 'B') as b_count,
    from steps
    where verification_kind is not null
    group by verification_kind
),

kind_lists as (
    select
        list(
            if(
                b_count = 0,
                'B ran no ' || nouns[1] || '; A ran ' || format('{:,}', a_count) || '.',
                'A ran no ' || nouns[1] || '; B ran ' || format('{:,}', b_count) || '.'
            )
            order by list_position(['test', 'types', 'lint', 'build'], verification_kind)
        ) filter (a_count = 0 or b_count = 0) as kind_findings,
    from kind_counts
),

first_edits as (
    select
        side,
        min(edited_at) as first_edited_at,
        max(edited_at) as last_edited_at,
        count(distinct edit_id) as edit_count,
        if(count(*) > count(file_path), null, count(distinct file_path)) as changed_file_count,
    from edits
    group by side
),

step_sums as (
    select
        steps.side,
        count(*) as tool_call_count,
        count(*) filter (steps.status = 'failed') as tool_failure_count,
        count(*) filter (steps.called_at < first_edits.first_edited_at) as before_edit_count,
        count(*) filter (steps.called_at < first_edits.first_edited_at and steps.tool_category = 'read') as before_read_count,
        count(*) filter (steps.called_at < first_edits.first_edited_at and steps.tool_category = 'search')
            as before_search_count,
        count(*) filter (steps.called_at < first_edits.first_edited_at and steps.tool_category = 'shell')
            as before_command_count,
        count(*) filter (steps.verification_kind is not null) as verification_count,
        max(steps.called_at) filter (steps.verification_kind is not null) as last_verified_at,
        arg_max(steps.status, {'called_at': steps.called_at, 'source_line': steps.source_line})
            filter (steps.verification_kind is not null) as last_verification_status,
    from steps
    left join first_edits on first_edits.side = steps.side
    group by steps.side
),

call_sums as (
    select
        transcripts.side,
        count(*) as llm_call_count,
        count(*) - count(calls.cost_usd) as unpriced_call_count,
        cast(sum(calls.total_tokens) as bigint) as total_tokens,
        cast(sum(calls.cost_usd) as decimal(18, 9)) as cost_usd,
    from v1.llm_calls as calls
    inner join transcripts on transcripts.session_id = calls.session_id
    where calls.session_id in ($a, $b) or calls.root_session_id in ($a, $b)
    group by transcripts.side
),

retry_sums as (
    select
        transcripts.side,
        count(*) as retry_count,
    from v1.retries as retries
    inner join transcripts on transcripts.session_id = retries.session_id
    where retries.session_id in ($a, $b) or retries.root_session_id in ($a, $b)
    group by transcripts.side
),

-- Named sessions rather than a join: a view over all of them would be worked out whole.
latencies as (
    select session_id, wall_ms, model_ms, retry_ms, tool_ms, permission_ms, human_ms, unknown_ms
    from v1.session_latency
    where session_id in ($a, $b)
),

class_rows as (
    select
        costs.token_class,
        cast(sum(costs.tokens) filter (transcripts.side = 'A') as bigint) as a_tokens,
        cast(sum(costs.tokens) filter (transcripts.side = 'B') as bigint) as b_tokens,
        cast(sum(costs.cost_usd) filter (transcripts.side = 'A') as decimal(18, 9)) as a_cost_usd,
        cast(sum(costs.cost_usd) filter (transcripts.side = 'B') as decimal(18, 9)) as b_cost_usd,
    from v1.call_cost as costs
    inner join transcripts on transcripts.session_id = costs.session_id
    where costs.session_id in ($a, $b) or costs.root_session_id in ($a, $b)
    group by costs.token_class
),

class_lists as (
    select
        list(
            class_rows
            order by
                list_position(
                    [
                        'uncached_input', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'output', 'web_search',
                        'reported'
                    ],
                    token_class
                )
        ) as token_classes,
    from class_rows
),

stats as materialized (
    select
        sides.side,
        tree.sessions as session,
        coalesce(call_sums.llm_call_count, 0) as llm_call_count,
        coalesce(call_sums.unpriced_call_count, 0) as unpriced_call_count,
        call_sums.total_tokens,
        call_sums.cost_usd,
        '$' || format(
            if(call_sums.cost_usd < 1, '{:.4f}', '{:,.2f}'), cast(call_sums.cost_usd as double)
        ) as cost_text,
        coalesce(step_sums.tool_call_count, 0) as tool_call_count,
        coalesce(step_sums.tool_failure_count, 0) as tool_failure_count,
        coalesce(retry_sums.retry_count, 0) as retry_count,
        coalesce(step_sums.before_edit_count, 0) as before_edit_count,
        coalesce(step_sums.before_read_count, 0) as before_read_count,
        coalesce(step_sums.before_search_count, 0) as before_search_count,
        coalesce(step_sums.before_command_count, 0) as before_command_count,
        coalesce(step_sums.verification_count, 0) as verification_count,
        step_sums.last_verification_status,
        coalesce(first_edits.edit_count, 0) as edit_count,
        if(first_edits.side is null, 0, first_edits.changed_file_count) as changed_file_count,
        epoch_ms(first_edits.first_edited_at) - epoch_ms(tree.sessions.started_at) as first_edit_ms,
        first_edits.last_edited_at > step_sums.last_verified_at as is_changed_after,
        if(
            readers.is_telling is not false,
            (select count(*) from reads where reads.side = sides.side),
            null
        ) as read_file_count,
        latency,
        latency.model_ms + latency.tool_ms as work_ms,
        case
            when work_ms < 59500 then ((work_ms + 500) // 1000) || ' s'
            when work_ms < 3599500
                then ((work_ms + 500) // 60000) || ' min ' || ((work_ms + 500) % 60000 // 1000) || ' s'
            else format('{:,.1f} h', work_ms / 3600000)
        end as work_text,
    from sides
    left join tree on tree.session_id = sides.session_id
    left join call_sums on call_sums.side = sides.side
    left join step_sums on step_sums.side = sides.side
    left join retry_sums on retry_sums.side = sides.side
    left join first_edits on first_edits.side = sides.side
    left join readers on readers.side = sides.side
    left join latencies as latency on latency.session_id = sides.session_id
),

stat_lists as (
    select
        list(
            {
                'side': side,
                'session_id': session.session_id,
                'agent': session.agent,
                'project': session.project,
                'git_branch': session.git_branch,
                'model': session.model,
                'started_at': session.started_at,
                'health_score': session.health_score,
            }
            order by side
        ) as attempts,
        list(
            {
                'side': side,
                'turn_count': session.turn_count,
                'llm_call_count': llm_call_count,
                'tool_call_count': tool_call_count,
                'tool_failure_count': tool_failure_count,
                'retry_count': retry_count,
                'total_tokens': total_tokens,
                'cost_usd': cost_usd,
                'unpriced_call_count': unpriced_call_count,
            }
            order by side
        ) as effort,
        list(
            {
                'side': side,
                'wall_ms': latency.wall_ms,
                'model_ms': latency.model_ms,
                'retry_ms': latency.retry_ms,
                'tool_ms': latency.tool_ms,
                'permission_ms': latency.permission_ms,
                'human_ms': latency.human_ms,
                'unknown_ms': latency.unknown_ms,
            }
            order by side
        ) as times,
        list(
            {
                'side': side,
                'first_edit_ms': first_edit_ms,
                'call_count': if(edit_count = 0, null, before_edit_count),
                'read_count': if(edit_count = 0, null, before_read_count),
                'search_count': if(edit_count = 0, null, before_search_count),
                'command_count': if(edit_count = 0, null, before_command_count),
            }
            order by side
        ) as exploration,
        list(
            {
                'side': side,
                'read_file_count': read_file_count,
                'changed_file_count': changed_file_count,
                'edit_count': edit_count,
                'verification_count': verification_count,
                'last_verification': last_verification_status,
                'is_edited_since': is_changed_after,
            }
            order by side
        ) as editing,
        count(session.session_id) = 2 as is_complete,
    from stats
),

numbered_steps as (
    select
        side,
        tool_call_id,
        tool_name,
        target,
        status,
        deed,
        row_number() over (
            partition by side
            order by called_at nulls last, source_line, deed, target nulls last, tool_call_id
        ) as step_number,
    from steps
    where is_own
),

pairs as (
    select
        coalesce(a.step_number, b.step_number) as step_number,
        coalesce(a.deed = b.deed and a.target is not distinct from b.target, false) as is_same,
        a.tool_name as a_tool,
        a.target as a_target,
        a.status as a_status,
        a.tool_call_id as a_tool_call_id,
        b.tool_name as b_tool,
        b.target as b_target,
        b.status as b_status,
        b.tool_call_id as b_tool_call_id,
    from (from numbered_steps where side = 'A') as a
    full join (from numbered_steps where side = 'B') as b on b.step_number = a.step_number
),

parting as (
    select
        min(step_number) filter (not is_same) as step_number,
        count(*) as step_count,
    from pairs
),

path_lists as (
    select
        list(pairs order by pairs.step_number) as tool_path,
        list(
            {
                'step_number': pairs.step_number,
                'a_tool': pairs.a_tool,
                'a_target': pairs.a_target,
                'b_tool': pairs.b_tool,
                'b_target': pairs.b_target,
                'is_same': pairs.is_same,
            }
            order by pairs.step_number
        ) filter (pairs.step_number between parting.step_number - 3 and parting.step_number + 8) as path,
        any_value(pairs) filter (pairs.step_number = parting.step_number) as divergence,
        any_value(parting.step_count) as step_count,
    from pairs
    cross join parting
),

finding_lists as (
    select
        list_filter(
            list_concat(
                [
                    if(
                        a.cost_usd is null or b.cost_usd is null,
                        if(
                            a.llm_call_count + b.llm_call_count = 0,
                            null,
                            'The cost of ' || if(a.cost_usd is null, if(b.cost_usd is null, 'both', 'A'), 'B') || ' is not known.'
                        ),
                        case
                            when a.cost_usd = b.cost_usd then 'Both cost ' || a.cost_text
                            when a.cost_usd = 0 then 'A cost nothing, B ' || b.cost_text
                            when b.cost_usd < a.cost_usd then 'B was '
                                || coalesce(nullif(cast(round(100 * (1 - b.cost_usd / a.cost_usd)) as bigint), 0) || ' %', 'a little')
                                || ' cheaper (' || b.cost_text || ' against ' || a.cost_text || ')'
                            when b.cost_usd < 3 * a.cost_usd then 'B was '
                                || coalesce(nullif(cast(round(100 * (b.cost_usd / a.cost_usd - 1)) as bigint), 0) || ' %', 'a little')
                                || ' dearer (' || b.cost_text || ' against ' || a.cost_text || ')'
                            else 'B cost ' || format('{:,.1f}', b.cost_usd / a.cost_usd) || ' times as much (' || b.cost_text
                                || ' against ' || a.cost_text || ')'
                        end
                        || case
                            when a.read_file_count <> b.read_file_count then ', and read ' || format('{:,}', b.read_file_count)
                                || if(b.read_file_count = 1, ' file', ' files') || ' where A read ' || format('{:,}', a.read_file_count) || '.'
                            else '.'
                        end
                    ),
                    if(
                        a.unpriced_call_count + b.unpriced_call_count > 0 and a.cost_usd + b.cost_usd is not null,
                        'Costs are lower bounds: '
                        || if(
                            a.unpriced_call_count + b.unpriced_call_count = 1,
                            'one call has',
                            format('{:,}', a.unpriced_call_count + b.unpriced_call_count) || ' calls have'
                        )
                        || ' no known price.',
                        null
                    ),
                    case
                        when a.edit_count + b.edit_count = 0 then 'Neither changed a file.'
                        when a.edit_count = 0
                            then 'A changed no file; B changed ' || coalesce(format('{:,}', b.changed_file_count), 'some') || '.'
                        when b.edit_count = 0
                            then 'B changed no file; A changed ' || coalesce(format('{:,}', a.changed_file_count), 'some') || '.'
                        -- Below: what is said of a side whose changed files are not all named would be a guess.
                        when a.changed_file_count + b.changed_file_count > 0 and files.a_only_count + files.b_only_count = 0
                            then 'Both changed the same '
                            || if(files.both_changed_count = 1, 'file.', format('{:,}', files.both_changed_count) || ' files.')
                    end,
                    case
                        when a.edit_count = 0 or a.changed_file_count is null or files.b_only_count = 0 then null
                        when files.b_unopened_count > 0 then 'B changed '
                            || format('{:,}', files.b_unopened_count) || if(files.b_unopened_count = 1, ' file', ' files') || ' that A never opened.'
                        else 'B changed ' || format('{:,}', files.b_only_count) || if(files.b_only_count = 1, ' file', ' files')
                            || ' that A did not change.'
                    end,
                    case
                        when b.edit_count = 0 or b.changed_file_count is null or files.a_only_count = 0 then null
                        when files.a_unopened_count > 0 then 'A changed '
                            || format('{:,}', files.a_unopened_count) || if(files.a_unopened_count = 1, ' file', ' files') || ' that B never opened.'
                        else 'A changed ' || format('{:,}', files.a_only_count) || if(files.a_only_count = 1, ' file', ' files')
                            || ' that B did not change.'
                    end
                ],
                coalesce(kinds.kind_findings, []),
                [
                    case
                        when a.last_verification_status = 'failed' and b.last_verification_status = 'failed'
                            then 'The last verification of both failed.'
                        when b.last_verification_status = 'failed' then 'The last verification of B failed'
                            || if(a.last_verification_status = 'ok', '; that of A passed.', '.')
                        when a.last_verification_status = 'failed' then 'The last verification of A failed'
                            || if(b.last_verification_status = 'ok', '; that of B passed.', '.')
                    end,
                    if(a.is_changed_after, 'A changed files after its last verification.', null),
                    if(b.is_changed_after, 'B changed files after its last verification.', null),
                    if(
                        a.edit_count > 0 and a.before_edit_count = 0 and b.before_edit_count > 0,
                        'A began with an edit; B made ' || format('{:,}', b.before_edit_count)
                        || if(b.before_edit_count = 1, ' call', ' calls') || ' before its first.',
                        null
                    ),
                    if(
                        b.edit_count > 0 and b.before_edit_count = 0 and a.before_edit_count > 0,
                        'B began with an edit; A made ' || format('{:,}', a.before_edit_count)
                        || if(a.before_edit_count = 1, ' call', ' calls') || ' before its first.',
                        null
                    ),
                    if(
                        a.work_ms > 0 and b.work_ms > 0 and greatest(a.work_ms, b.work_ms) > 1.1 * least(a.work_ms, b.work_ms),
                        'Models and tools took ' || b.work_text || ' in B and ' || a.work_text || ' in A.',
                        null
                    ),
                    if(
                        a.tool_failure_count <> b.tool_failure_count,
                        format(
                            '{:,} of {:,} tool calls failed in B, {:,} of {:,} in A.',
                            b.tool_failure_count,
                            b.tool_call_count,
                            a.tool_failure_count,
                            a.tool_call_count
                        ),
                        null
                    ),
                    if(
                        a.retry_count <> b.retry_count,
                        'B made ' || format('{:,}', b.retry_count) || if(b.retry_count = 1, ' failed call', ' failed calls')
                        || ' again, A ' || format('{:,}', a.retry_count) || '.',
                        null
                    ),
                    case
                        when len(files.repeated_edits) > 0 then 'One file was edited again and again: '
                            || files.repeated_edits[1].file_path || ', '
                            || format(
                                '{:,} {} in A, {:,} in B.',
                                files.repeated_edits[1].a_edit_count,
                                if(files.repeated_edits[1].a_edit_count = 1, 'time', 'times'),
                                files.repeated_edits[1].b_edit_count
                            )
                    end,
                    case
                        when path.step_count is null then null
                        when path.divergence is null then 'Both took the same ' || if(path.step_count = 1, 'step.', format('{:,}', path.step_count) || ' steps.')
                        else 'Their ways part at step ' || format('{:,}', path.divergence.step_number) || ': '
                            || coalesce(
                                'A ' || path.divergence.a_tool || coalesce(' ' || path.divergence.a_target, ''),
                                'A has ended'
                            )
                            || ', '
                            || coalesce(
                                'B ' || path.divergence.b_tool || coalesce(' ' || path.divergence.b_target, ''),
                                'B has ended'
                            )
                            || '.'
                    end
                ]
            ),
            lambda finding: finding is not null
        ) as findings,
    from (from stats where side = 'A') as a
    cross join (from stats where side = 'B') as b
    left join file_lists as files on true
    left join kind_lists as kinds on true
    left join path_lists as path on true
)

select
    if(stat_lists.is_complete, stat_lists.attempts, []) as attempts,
    if(stat_lists.is_complete, stat_lists.effort, []) as effort,
    if(stat_lists.is_complete, stat_lists.times, []) as times,
    coalesce(class_lists.token_classes, []) as token_classes,
    if(
        file_lists.files is null and (select bool_or(changed_file_count is null or read_file_count is null) from stats),
        null,
        coalesce(file_lists.files, [])[:$limit]
    ) as files,
    coalesce(command_lists.commands, [])[:$limit] as commands,
    command_texts.command_texts[:$limit] as command_texts,
    coalesce(verification_lists.verifications, []) as verifications,
    if(stat_lists.is_complete, stat_lists.exploration, []) as exploration,
    if(stat_lists.is_complete, stat_lists.editing, []) as editing,
    coalesce(file_lists.repeated_edits, []) as repeated_edits,
    coalesce(path_lists.path, []) as path,
    (select session from stats where side = 'A') as a,
    (select session from stats where side = 'B') as b,
    path_lists.divergence,
    coalesce(path_lists.tool_path, []) as tool_path,
    if(stat_lists.is_complete, coalesce(finding_lists.findings, []), []) as findings,
-- Outer joins of single rows: of inner ones the planner would try every order.
from stat_lists
left join class_lists on true
left join file_lists on true
left join command_lists on true
left join command_texts on true
left join verification_lists on true
left join path_lists on true
left join finding_lists on true
