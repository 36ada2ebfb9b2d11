-- What is wrong with a session, one row for each kind of finding, at its worst.
--
-- A finding takes points off the health: high 30, medium 12, low 4.
-- `hanging`: a wait for the model or a tool over 60 s (medium) or 300 s (high); not for a person or a background task.
-- `latency`: of twenty waits for the model, one or more over 30 s: P95 (low).
-- `tool_failures`: over 15 % (medium) or 30 % (high) of at least five ended calls failed.
-- `loop`: calls that go round in circles (medium), five rounds or more or a dollar (high); see `loops`.
-- `shallow_thinking`: at least three pieces of reasoning in clear, on average under 500 (medium) or 200 (high) characters. They
-- are counted in bytes, so what is not ASCII may seem deeper than it is, never shallower.
-- `redaction`: reasoning that was in the log before is withheld (medium).
-- `no_tools`: more than two turns answered, no tool called (low).
-- `context_pressure`: a call with over 80 % of the model's window (medium); none where a call shows the window to be larger.
-- `compactions`: two or more (low). `api_errors`: API errors that reached the user (medium).
-- `unverified_edits`: files other than prose and pictures changed, and nothing tested, linted, built or run after it (medium).
-- `no_exploration`: a file of a repository that existed changed before any read or search (low). It existed where the change
-- takes lines out of a file in the working directory, or a git branch is named. What a person put into the prompt is not seen.
-- `repeated_edits`: a file edited five times or more in a turn (low).
-- `cost_spike`: with its subagents, far dearer than the project's sessions of the agent: 0.6745 × (cost − median) ÷ MAD over
-- 3.5, of at least ten sessions (medium).
-- `abandoned`: the last turn was interrupted, and nothing came after it (low).
-- @version 3
-- @since   0.1.0
-- @grain   session_id, type
-- @column  session_id       The transcript; the one at the top for edits, costs and the end of a session with subagents.
-- @column  root_session_id  Transcript at the top of its chain of parents, in whose health the finding counts.
-- @column  agent            Agent that wrote the log.
-- @column  project          Last element of the session's working directory.
-- @column  type             Kind of finding.
-- @column  severity         `high`, `medium` or `low`.
-- @column  points           What it takes off the health of the transcript by itself.
-- @column  finding_count    How often it was found.
-- @column  evidence         The figures, in words.
-- @column  occurred_at      When, at its worst.
-- @column  source_id        Source of the event to look at.
-- @column  source_line      Line of that event.
-- @column  tool_call_id     Tool call to look at; NULL: none in particular.
-- @column  llm_call_id      API call to look at; NULL: none in particular.
-- @example select type, severity, count(*) from anomalies group by all order by 3 desc
-- @example select session_id, evidence from anomalies where severity = 'high'
select
    keys.session_id,
    keys.root_session_id,
    keys.agent,
    keys.project,
    findings.anomaly_type as type,
    findings.severity,
    findings.points,
    findings.finding_count,
    findings.evidence,
    findings.occurred_at,
    sources.source_id,
    cast(findings.line_no as bigint) as source_line,
    findings.tool_call_id,
    findings.llm_call_id,
from mart.findings as findings
inner join internal.session_keys as keys using (session_no)
left join internal.source_keys as sources on sources.source_no = findings.source_no
where list_contains(
    findings.cost_modes,
    case coalesce(getvariable('cost_mode'), 'auto')
        when 'calculate' then 'calculate'
        when 'reported' then 'reported'
        else 'auto'
    end
)
