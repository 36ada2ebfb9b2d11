-- Transcripts: sessions, their subagents and forks.
--
-- Sums are those of the transcript itself. What its subagents used stands in their own rows, which name it as their
-- root. `active_ms` leaves out long silences. Health and findings are those of the session with its subagents: see `session_health`.
-- @version 3
-- @since   0.1.0
-- @grain   session_id
-- @column  session_id              Id of the transcript.
-- @column  agent                   Agent that wrote it.
-- @column  native_session_id       The agent's own id of the session.
-- @column  native_agent_id         The agent's own id of the subagent; NULL: not a subagent.
-- @column  kind                    `main`, `subagent`, `fork` and so on.
-- @column  parent_session_id       Transcript that started it.
-- @column  root_session_id         Transcript at the top of the chain of parents; its own id when it has none.
-- @column  forked_from_session_id  Transcript it goes on from in a copy.
-- @column  host                    Machine its log was read on.
-- @column  user_name               Account its log was read by.
-- @column  project                 Last element of the working directory; of the folder that a worktree belongs to.
-- @column  cwd                     Working directory at the start.
-- @column  git_branch              Branch at the start.
-- @column  git_remote              Remote repository at the start.
-- @column  agent_version           Version of the agent at the start.
-- @column  entrypoint              How the agent was started.
-- @column  source_id               Source that stands for it.
-- @column  started_at              First record.
-- @column  ended_at                Last record.
-- @column  active_ms               Time with something going on.
-- @column  model                   Model with the most output.
-- @column  model_count             Models used.
-- @column  turn_count              Human prompts.
-- @column  llm_call_count          Billed API calls, as rows of `llm_calls`.
-- @column  api_call_count          API calls that those rows stand for; NULL: the log does not say.
-- @column  tool_call_count         Tool calls.
-- @column  tool_ended_count        Tool calls that ended well or failed, neither refused nor broken off.
-- @column  tool_failure_count      Tool calls that failed.
-- @column  retry_count             Failed tool calls that were made again: see `retries`.
-- @column  uncached_input_tokens   Input that no cache held.
-- @column  cache_read_tokens       Input read from a cache.
-- @column  cache_write_5m_tokens   Input written to a cache for five minutes.
-- @column  cache_write_1h_tokens   Input written to a cache for an hour.
-- @column  output_tokens           Output, with reasoning.
-- @column  reasoning_tokens        Part of the output that is known to be reasoning.
-- @column  total_tokens            The five classes.
-- @column  cost_usd                Cost of the priced calls; NULL: none is.
-- @column  unpriced_call_count     Calls without a known cost.
-- @column  health_score            0 to 100; NULL: not scored.
-- @column  health_status           `healthy`, `warning`, `critical` or `unscored`.
-- @column  anomaly_count           Kinds of findings, those of its subagents included: see `anomalies`.
-- @example select project, sum(cost_usd) from sessions group by project order by 2 desc
-- @example select root_session_id, sum(cost_usd) as with_subagents_usd from sessions group by 1 order by 2 desc
with model_labels as (
    select
        model_raw,
        min(model) as model,
    from raw.model_names
    group by model_raw
),

retry_counts as (
    select
        session_no,
        count(*) as retry_count,
    from mart.retries
    group by session_no
)

select
    keys.session_id,
    keys.agent,
    identities.native_session_id,
    identities.native_agent_id,
    sessions.kind,
    parents.session_id as parent_session_id,
    keys.root_session_id,
    origins.session_id as forked_from_session_id,
    sources.host,
    sources.user_name,
    keys.project,
    sessions.cwd,
    sessions.git_branch,
    sessions.git_remote,
    sessions.agent_version,
    sessions.entrypoint,
    sources.source_id,
    sessions.started_at,
    sessions.ended_at,
    sessions.active_ms,
    coalesce(model_labels.model, sessions.model_raw) as model,
    sessions.model_count,
    sessions.turn_count,
    sessions.llm_call_count,
    sessions.api_call_count,
    sessions.tool_call_count,
    sessions.tool_ended_count,
    sessions.tool_failure_count,
    coalesce(retry_counts.retry_count, 0) as retry_count,
    sessions.uncached_input_tokens,
    sessions.cache_read_tokens,
    sessions.cache_write_5m_tokens,
    sessions.cache_write_1h_tokens,
    sessions.output_tokens,
    sessions.reasoning_tokens,
    sessions.total_tokens,
    case coalesce(getvariable('cost_mode'), 'auto')
        when 'calculate' then sessions.computed_cost_usd
        when 'reported' then sessions.reported_cost_usd
        else sessions.auto_cost_usd
    end as cost_usd,
    sessions.llm_call_count - case coalesce(getvariable('cost_mode'), 'auto')
        when 'calculate' then sessions.computed_call_count
        when 'reported' then sessions.reported_call_count
        else sessions.auto_call_count
    end as unpriced_call_count,
    health.health_score,
    health.health_status,
    health.anomaly_count,
from mart.sessions as sessions
inner join internal.session_keys as keys using (session_no)
inner join raw.sessions as identities using (session_no)
left join mart.sessions as parents on parents.session_no = sessions.parent_session_no
left join mart.sessions as origins on origins.session_no = sessions.forked_from_session_no
left join internal.source_keys as sources on sources.source_no = sessions.source_no
left join retry_counts on retry_counts.session_no = sessions.session_no
left join internal.session_scores as health on health.session_no = sessions.session_no
left join model_labels on model_labels.model_raw = sessions.model_raw
