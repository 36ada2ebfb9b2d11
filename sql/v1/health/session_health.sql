-- Health of every session: 100 less what each kind of finding takes off.
--
-- Score = 100 − 30 × high − 12 × medium − 4 × low, not below 0. A kind of finding counts once, at its worst; in the session at the
-- top, those of all transcripts below it included. From 80 it is healthy, from 50 a warning, else critical. Too little to judge is
-- unscored: no times, or fewer than two API calls and no tool call.
-- @version 4
-- @since   0.1.0
-- @grain   session_id
-- @column  session_id      The transcript.
-- @column  health_score    0 to 100; NULL: not scored.
-- @column  health_status   `healthy`, `warning`, `critical` or `unscored`.
-- @column  anomaly_count   Kinds of findings.
-- @column  high_count      Those of high severity, 30 points each.
-- @column  medium_count    Those of medium severity, 12 points each.
-- @column  low_count       Those of low severity, 4 points each.
-- @column  deducted_points The points of all together, which may be over 100; NULL: not scored.
-- @column  deductions      What took points off, the worst first: type, severity, points, evidence and the session it was found in.
-- @example select health_status, count(*) from session_health group by health_status
-- @example select session_id, 100 - deducted_points, health_score from session_health order by health_score nulls last
select
    keys.session_id,
    scores.health_score,
    scores.health_status,
    scores.anomaly_count,
    scores.high_count,
    scores.medium_count,
    scores.low_count,
    scores.deducted_points,
    scores.deductions,
from internal.session_scores as scores
inner join internal.session_keys as keys using (session_no)
