-- The audit of one session: what it did, what it cost, where the time went, and what the log does not say.
--
-- Without a session, the row has no audit. `subagents` are the transcripts that it started, at any depth.
-- @title   Session
-- @param   session varchar null The session.
-- @section summary         Session
-- @section token_classes   Cost by class
-- @section models          Cost by model
-- @section times           Time
-- @section turns           Turns
-- @section tools           Tools
-- @section subagents       Subagents
-- @section files           Files changed
-- @section retries         Retries
-- @section loops           Loops
-- @section gaps            Gaps
-- @section missing         What the log does not say
-- @field   session         Every column of the view `sessions`.
-- @field   health          Score, status and what took points off.
-- @field   cost            Cost by model and by class of tokens.
-- @field   time            Where the time went.
-- @empty   No such session.
-- @example agenttrace session SESSION
with chosen as materialized (
    select sessions
    from v1.sessions as sessions
    where sessions.session_id = $session
),

calls as materialized (
    select
        llm_calls.llm_call_id,
        llm_calls.model,
        llm_calls.total_tokens,
        llm_calls.cost_usd,
        llm_calls.first_token_ms,
        llm_calls.reasoning_tokens,
        llm_calls.output_tokens,
        llm_calls.duration_ms,
    from v1.llm_calls as llm_calls
    where session_id = $session
),

model_totals as (
    select
        model,
        count(*) as llm_call_count,
        count(*) - count(cost_usd) as unpriced_call_count,
        cast(sum(total_tokens) as bigint) as total_tokens,
        cast(sum(cost_usd) as decimal(18, 9)) as cost_usd,
    from calls
    group by model
),

model_lists as (
    select list(model_totals order by cost_usd desc nulls last, total_tokens desc, model) as models from model_totals
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

tool_rows as materialized (
    select
        tool_calls.tool_name,
        tool_calls.tool_category,
        tool_calls.status,
        tool_calls.duration_ms,
        tool_calls.is_verification,
    from v1.tool_calls as tool_calls
    where session_id = $session
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
        max(duration_ms) as longest_ms,
    from tool_rows
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
    from v1.sessions as sessions
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

latency as (
    select
        latencies.wall_ms,
        latencies.active_ms,
        latencies.model_ms,
        latencies.tool_ms,
        latencies.human_ms,
        latencies.tool_p50_ms,
        latencies.tool_p95_ms,
        latencies.tool_longest_ms,
    from v1.session_latency as latencies
    where session_id = $session
),

health as (
    select
        health.health_score as score,
        health.health_status as status,
        health.deductions,
    from v1.session_health as health
    where session_id = $session
),

call_facts as (
    select
        count(*) as call_count,
        count(*) - count(cost_usd) as unpriced_count,
        count(duration_ms) as timed_count,
        count(first_token_ms) as first_token_count,
        count(reasoning_tokens) as reasoning_count,
        count(output_tokens) as output_count,
    from calls
),

missing_lists as (
    select
        list_filter(
            [
                if(call_facts.call_count = 0, {'what': 'usage', 'why': 'No API call is stated.'}, null),
                if(
                    call_facts.unpriced_count > 0,
                    {'what': 'cost', 'why': call_facts.unpriced_count || ' calls have no known price.'},
                    null
                ),
                if(
                    call_facts.timed_count < call_facts.call_count,
                    {'what': 'duration of API calls', 'why': 'The log does not state it.'},
                    null
                ),
                if(
                    call_facts.first_token_count < call_facts.call_count,
                    {'what': 'time to the first token', 'why': 'The log does not state it.'},
                    null
                ),
                if(
                    call_facts.reasoning_count < call_facts.call_count,
                    {'what': 'reasoning tokens', 'why': 'They are inside the output, not counted apart.'},
                    null
                ),
                if(
                    (select sessions.cwd from chosen) is null,
                    {'what': 'project', 'why': 'The log names no working directory.'},
                    null
                ),
                if(
                    (select sessions.health_score from chosen) is null,
                    {'what': 'health', 'why': 'The session is not scored.'},
                    null
                )
            ],
            lambda gap: gap is not null
        ) as missing,
    from call_facts
)

select
    (
        select
            {
                'session_id': sessions.session_id,
                'agent': sessions.agent,
                'kind': sessions.kind,
                'project': sessions.project,
                'cwd': sessions.cwd,
                'git_branch': sessions.git_branch,
                'model': sessions.model,
                'started_at': sessions.started_at,
                'ended_at': sessions.ended_at,
                'active_ms': sessions.active_ms,
                'turn_count': sessions.turn_count,
                'llm_call_count': sessions.llm_call_count,
                'tool_call_count': sessions.tool_call_count,
                'tool_failure_count': sessions.tool_failure_count,
                'total_tokens': sessions.total_tokens,
                'cost_usd': sessions.cost_usd,
                'unpriced_call_count': sessions.unpriced_call_count,
                'subagent_count': (select subagent_count from subagent_lists),
                'subagent_cost_usd': (select subagent_usd from subagent_lists),
                'health_score': sessions.health_score,
                'health_status': sessions.health_status,
            }
        from chosen
    ) as summary,
    (select sessions from chosen) as session,
    (select health from health) as health,
    {
        'by_model': coalesce((select models from model_lists), []),
        'by_class': (select by_class from class_lists),
    } as cost,
    coalesce((select token_classes from class_lists), []) as token_classes,
    coalesce((select models from model_lists), []) as models,
    (select latency from latency) as time,
    (select latency from latency) as times,
    coalesce((select turns from turn_lists), []) as turns,
    coalesce((select tools from tool_lists), []) as tools,
    coalesce((select subagents from subagent_lists), []) as subagents,
    coalesce((select files from file_lists), []) as files,
    cast([] as struct(tool_call_id varchar, retry_tool_call_id varchar, gap_ms bigint)[]) as retries,
    cast([] as struct(started_at timestamptz, call_count bigint, period_count bigint)[]) as loops,
    cast([] as struct(started_at timestamptz, gap_ms bigint, gap_kind varchar)[]) as gaps,
    (select missing from missing_lists) as missing,
