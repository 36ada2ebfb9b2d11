-- What every session paid for nothing, by kind, with evidence and what would avoid it.
--
-- Dollars are parts of the calls' costs, each counted once: `waste_calls` has the calls, and the order in which kinds take their
-- part. A subagent's waste stands in its own row, which names its root.
-- @version 2
-- @since   0.1.0
-- @grain   session_id, waste_kind
-- @column  session_id           The transcript.
-- @column  root_session_id      Transcript at the top of its chain of parents.
-- @column  agent                Agent that wrote it.
-- @column  project              Last element of its working directory.
-- @column  waste_kind           `compaction`, `cache_expired`, `interrupted`, `repeated`, `failed`, `read_again` or `big_result`.
-- @column  llm_call_count       Calls that it is in.
-- @column  tool_call_count      Tools of these calls that it concerns; of a call without one, the call. NULL: it concerns tokens.
-- @column  wasted_tokens        Tokens written again or carried along; NULL: it concerns tools.
-- @column  cost_usd             What was paid for nothing; NULL: not known.
-- @column  unpriced_call_count  Calls of which that is not known.
-- @column  is_estimate          Whether the log does not state the tokens.
-- @column  evidence             What was found, in words.
-- @column  remedy               What would avoid it.
-- @column  llm_call_id          The dearest of the calls.
-- @column  started_at           When that one started.
-- @example select waste_kind, sum(cost_usd) from waste group by waste_kind order by 2 desc nulls last
-- @example select session_id, evidence, remedy, cost_usd from waste order by cost_usd desc nulls last limit 10
with sums as (
    select
        calls.session_id,
        calls.root_session_id,
        calls.agent,
        calls.project,
        calls.waste_kind,
        count(*) as llm_call_count,
        cast(sum(calls.part_count) as bigint) as tool_call_count,
        cast(sum(calls.wasted_tokens) as bigint) as wasted_tokens,
        cast(sum(calls.cost_usd) as decimal(18, 9)) as cost_usd,
        count(*) - count(calls.cost_usd) as unpriced_call_count,
        bool_or(calls.is_estimate) as is_estimate,
        max(calls.pause_ms) as longest_pause_ms,
        count(distinct calls.tool_call_id) as example_count,
        list_sort(list(distinct tools.tool_name) filter (tools.tool_name is not null)) as tool_list,
        coalesce(array_to_string(tool_list, ', '), 'no tool') as tool_names,
        arg_min(
            struct_pack(llm_call_id := calls.llm_call_id, started_at := calls.started_at),
            struct_pack(cost := -coalesce(calls.cost_usd, -1), llm_call_id := calls.llm_call_id)
        ) as dearest,
    from v1.waste_calls as calls
    left join mart.tool_calls as tools on tools.tool_call_id = calls.tool_call_id
    group by all
)

select
    session_id,
    root_session_id,
    agent,
    project,
    waste_kind,
    llm_call_count,
    tool_call_count,
    wasted_tokens,
    cost_usd,
    unpriced_call_count,
    is_estimate,
    case waste_kind
        when 'compaction'
            then format(
                '{:,} tokens paid for anew after {:,} compaction{}',
                wasted_tokens,
                llm_call_count,
                if(llm_call_count = 1, '', 's')
            )
        when 'cache_expired'
            then format(
                '{:,} tokens written to the cache again after {:,} pause{} longer than its life, the longest of {:,} min',
                wasted_tokens,
                llm_call_count,
                if(llm_call_count = 1, '', 's'),
                longest_pause_ms // 60000
            )
        when 'interrupted'
            then format('{:,} answer{} broken off', llm_call_count, if(llm_call_count = 1, '', 's'))
        when 'repeated'
            then format(
                '{:,} call{} made again with the same input and the same end ({})',
                tool_call_count,
                if(tool_call_count = 1, '', 's'),
                tool_names
            )
        when 'failed'
            then format(
                '{:,} request{} of which every tool call failed ({})', llm_call_count, if(llm_call_count = 1, '', 's'), tool_names
            )
        when 'read_again'
            then format('{:,} file{} read again unchanged', tool_call_count, if(tool_call_count = 1, '', 's'))
        when 'big_result'
            then format(
                '{:,} result{} over 50 kB carried through {:,} call{}, about {:,} tokens read again',
                example_count,
                if(example_count = 1, '', 's'),
                llm_call_count,
                if(llm_call_count = 1, '', 's'),
                wasted_tokens
            )
    end as evidence,
    case waste_kind
        when 'compaction' then 'Start a new session for a new task, before the context is full.'
        when 'cache_expired' then 'Answer within the life of the cache, use the one-hour cache, or start anew after a long pause.'
        when 'interrupted' then 'Say the limits of the task up front, or let the agent plan first.'
        when 'repeated' then 'Tell the agent to look at the result before it tries again; wait for a long task in one call.'
        when 'failed' then 'Name paths, tools and permissions in the project''s instructions.'
        when 'read_again' then 'Tell the agent that it still has the file, or let it read only what it needs.'
        when 'big_result' then 'Read a part, filter output before it reaches the agent, or let a subagent read it.'
    end as remedy,
    dearest.llm_call_id as llm_call_id,
    dearest.started_at as started_at,
from sums
