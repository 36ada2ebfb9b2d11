-- The audit of one session: what it did, what it cost, where the time went, and what the log does not say.
--
-- Without a session, the row has no audit. `subagents` are the transcripts that it started, at any depth.
-- @title   Session
-- @param   session varchar null The session.
-- @param   limit   bigint null At most so many rows in a list; NULL: 10 waits, all elsewhere.
-- @section summary         Session
-- @section findings        What took points off its health
-- @section token_classes   Cost by class
-- @section models          Cost by model
-- @section times           Time
-- @section turns           Turns
-- @section tools           Tools
-- @section subagents       Subagents
-- @section files           Files changed
-- @section retries         Retries
-- @section loops           Loops
-- @section gaps            Longest waits
-- @section missing         What the log does not say
-- @field   session         Every column of the view `sessions`.
-- @field   health          Score, status and what took points off.
-- @field   cost            Cost by model and by class of tokens.
-- @field   time            Where the time went.
-- @empty   No such session.
-- @example agenttrace session SESSION
with tree as materialized (
    select *
    from v1.sessions
    where $session in (session_id, root_session_id)
),

chosen as (
    select tree as sessions
    from tree
    where session_id = $session
),

model_totals as (
    select
        model,
        count(*) as llm_call_count,
        count(*) - count(cost_usd) as unpriced_call_count,
        cast(sum(total_tokens) as bigint) as total_tokens,
        cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
        count(duration_ms) as timed_count,
        count(first_token_ms) as first_token_count,
        count(reasoning_tokens) as reasoning_count,
    from v1.llm_calls
    where session_id = $session
    group by model
),

model_lists as (
    select
        list(
            {
                'model': model,
                'llm_call_count': llm_call_count,
                'unpriced_call_count': unpriced_call_count,
                'total_tokens': total_tokens,
                'cost_usd': cost_usd,
            }
            order by cost_usd desc nulls last, total_tokens desc, model
        ) as models,
        cast(sum(llm_call_count) as bigint) as call_count,
        cast(sum(unpriced_call_count) as bigint) as unpriced_count,
        sum(timed_count) as timed_count,
        sum(first_token_count) as first_token_count,
        sum(reasoning_count) as reasoning_count,
    from model_totals
),

class_totals as (
    select
        token_class,
        cast(sum(tokens) as bigint) as tokens,
        cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
    from v1.call_cost
    where session_id = $session
    group by token_class
),

class_lists as (
    select
        list(
            class_totals
            order by
                list_position(
                    [
                        'uncached_input', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'output', 'web_search',
                        'reported'
                    ],
                    token_class
                )
        ) as token_classes,
        {
            'uncached_input': max(cost_usd) filter (token_class = 'uncached_input'),
            'cache_read': max(cost_usd) filter (token_class = 'cache_read'),
            'cache_write_5m': max(cost_usd) filter (token_class = 'cache_write_5m'),
            'cache_write_1h': max(cost_usd) filter (token_class = 'cache_write_1h'),
            'output': max(cost_usd) filter (token_class = 'output'),
            'web_search': max(cost_usd) filter (token_class = 'web_search'),
            'reported': max(cost_usd) filter (token_class = 'reported'),
        } as by_class,
    from class_totals
),

turn_rows as (
    select
        turns.turn_id,
        turns.turn_number,
        turns.started_at,
        turns.duration_ms,
        turns.prompt_bytes,
        turns.llm_call_count,
        turns.tool_call_count,
        turns.total_tokens,
        turns.cost_usd,
    from v1.turns as turns
    where session_id = $session
),

turn_lists as (
    select list(turn_rows order by turn_number, turn_id) as turns from turn_rows
),

tool_totals as (
    select
        tool_name,
        min(tool_category) as tool_category,
        count(*) as tool_call_count,
        count(*) filter (status = 'failed') as tool_failure_count,
        count(*) filter (status in ('rejected', 'interrupted')) as refused_count,
        count(*) filter (is_verification) as verification_count,
        cast(sum(duration_ms) as bigint) as total_ms,
        quantile_disc(duration_ms, 0.95) as p95_ms,
        max(duration_ms) as longest_ms,
    from v1.tool_calls
    where session_id = $session
    group by tool_name
),

tool_lists as (
    select list(tool_totals order by tool_call_count desc, tool_name) as tools from tool_totals
),

subagent_rows as (
    select
        sessions.session_id,
        sessions.kind,
        sessions.model,
        sessions.started_at,
        sessions.llm_call_count,
        sessions.tool_call_count,
        sessions.total_tokens,
        sessions.cost_usd,
    from tree as sessions
    where sessions.root_session_id = $session and sessions.session_id <> $session
),

subagent_lists as (
    select
        list(subagent_rows order by started_at nulls last, session_id) as subagents,
        count(*) as subagent_count,
        cast(sum(cost_usd) as decimal(18, 9)) as subagent_usd,
    from subagent_rows
),

file_rows as (
    select
        changes.file_path,
        count(*) as change_count,
        cast(sum(changes.added_line_count) as bigint) as added_line_count,
        cast(sum(changes.removed_line_count) as bigint) as removed_line_count,
    from v1.file_changes as changes
    where session_id = $session
    group by changes.file_path
),

file_lists as (
    select list(file_rows order by change_count desc, file_path) as files from file_rows
),

retry_rows as (
    select
        tool_name,
        target,
        retry_kind,
        failed_at,
        gap_ms,
        edit_count,
        repeat_status,
        cost_usd,
        repeat_tool_call_id,
    from v1.retries
    where session_id = $session
),

retry_lists as (
    select
        list(retry_rows order by failed_at nulls last, repeat_tool_call_id) as retries,
    from retry_rows
),

loop_rows as (
    select
        loop_kind,
        tool_name,
        target,
        started_at,
        period_count,
        round_count,
        call_count,
        cost_usd,
    from v1.loops
    where session_id = $session
),

loop_lists as (
    select list(loop_rows order by started_at nulls last, loop_kind, tool_name, target) as loops,
    from loop_rows
),

-- The longest waits that are no person's.
gap_rows as (
    select
        started_at,
        gap_ms,
        gap_kind,
        retry_ms,
        before,
        after,
        source_line,
    from v1.gaps
    where session_id = $session and gap_kind in ('model', 'tool', 'permission') and gap_ms >= 10000
    order by gap_ms desc, started_at
    limit coalesce($limit, 10)
),

gap_lists as (
    select list(gap_rows order by gap_ms desc, started_at) as gaps,
    from gap_rows
),

latencies as (
    select
        {
            'wall_ms': wall_ms,
            'active_ms': active_ms,
            'model_ms': model_ms,
            'retry_ms': retry_ms,
            'tool_ms': tool_ms,
            'permission_ms': permission_ms,
            'human_ms': human_ms,
            'unknown_ms': unknown_ms,
            'tool_p50_ms': tool_p50_ms,
            'tool_p95_ms': tool_p95_ms,
            'tool_longest_ms': tool_longest_ms,
        } as times,
    from v1.session_latency
    where session_id = $session
),

scores as (
    select
        {'score': health_score, 'status': health_status, 'deductions': deductions} as health,
        list_transform(
            deductions,
            lambda cut: {
                'type': cut.type,
                'severity': cut.severity,
                'points': cut.points,
                'evidence': cut.evidence,
            }
        ) as findings,
    from v1.session_health
    where session_id = $session
),

audits as (
    select
        chosen.sessions,
        latencies.times,
        scores.health,
        scores.findings,
    from chosen
    left join latencies on true
    left join scores on true
)

select
    if(
        audits.sessions is null,
        null,
        {
            'session_id': audits.sessions.session_id,
            'agent': audits.sessions.agent,
            'kind': audits.sessions.kind,
            'project': audits.sessions.project,
            'cwd': audits.sessions.cwd,
            'git_branch': audits.sessions.git_branch,
            'model': audits.sessions.model,
            'started_at': audits.sessions.started_at,
            'ended_at': audits.sessions.ended_at,
            'active_ms': audits.sessions.active_ms,
            'turn_count': audits.sessions.turn_count,
            'llm_call_count': audits.sessions.llm_call_count,
            'tool_call_count': audits.sessions.tool_call_count,
            'tool_failure_count': audits.sessions.tool_failure_count,
            'total_tokens': audits.sessions.total_tokens,
            'cost_usd': audits.sessions.cost_usd,
            'unpriced_call_count': audits.sessions.unpriced_call_count,
            'subagent_count': subagent_lists.subagent_count,
            'subagent_cost_usd': subagent_lists.subagent_usd,
            'health_score': audits.sessions.health_score,
            'health_status': audits.sessions.health_status,
        }
    ) as summary,
    audits.sessions as session,
    audits.health,
    coalesce(audits.findings, []) as findings,
    {
        'by_model': coalesce(model_lists.models, []),
        'by_class': class_lists.by_class,
    } as cost,
    coalesce(class_lists.token_classes, []) as token_classes,
    coalesce(model_lists.models, []) as models,
    audits.times as time,
    audits.times,
    coalesce(turn_lists.turns, [])[:coalesce($limit, len(turn_lists.turns), 0)] as turns,
    coalesce(tool_lists.tools, [])[:coalesce($limit, len(tool_lists.tools), 0)] as tools,
    coalesce(subagent_lists.subagents, [])[:coalesce($limit, len(subagent_lists.subagents), 0)] as subagents,
    coalesce(file_lists.files, [])[:coalesce($limit, len(file_lists.files), 0)] as files,
    coalesce(retry_lists.retries, [])[:coalesce($limit, len(retry_lists.retries), 0)] as retries,
    coalesce(loop_lists.loops, [])[:coalesce($limit, len(loop_lists.loops), 0)] as loops,
    coalesce(gap_lists.gaps, []) as gaps,
    list_filter(
        [
            if(model_lists.call_count is null, {'what': 'usage', 'why': 'No API call is stated.'}, null),
            if(
                model_lists.unpriced_count > 0,
                {
                    'what': 'cost',
                    'why': if(
                        model_lists.unpriced_count = 1,
                        'One call has',
                        format('{:,}', model_lists.unpriced_count) || ' calls have'
                    )
                    || ' no known price.',
                },
                null
            ),
            if(
                model_lists.timed_count < model_lists.call_count,
                {'what': 'duration of API calls', 'why': 'The log does not state it.'},
                null
            ),
            if(
                model_lists.first_token_count < model_lists.call_count,
                {'what': 'time to the first token', 'why': 'The log does not state it.'},
                null
            ),
            if(
                model_lists.reasoning_count < model_lists.call_count,
                {'what': 'reasoning tokens', 'why': 'They are inside the output, not counted apart.'},
                null
            ),
            if(
                audits.sessions.cwd is null,
                {'what': 'project', 'why': 'The log names no working directory.'},
                null
            ),
            if(
                audits.sessions.health_score is null,
                {'what': 'health', 'why': 'The session is not scored.'},
                null
            )
        ],
        lambda gap: gap is not null
    ) as missing,
-- Outer joins of single rows: of inner ones the planner would try every order.
from class_lists
left join model_lists on true
left join turn_lists on true
left join tool_lists on true
left join subagent_lists on true
left join file_lists on true
left join audits on true
left join retry_lists on true
left join loop_lists on true
left join gap_lists on true
