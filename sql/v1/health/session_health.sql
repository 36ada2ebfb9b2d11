-- Health of every session: the score, what took points off it, and the verdict.
--
-- No analysis is in force yet: every session is `unscored`.
-- @version 1
-- @since   0.1.0
-- @grain   session_id
-- @column  session_id     The transcript.
-- @column  health_score   0 to 100; NULL: not scored.
-- @column  health_status  `healthy`, `warning`, `critical` or `unscored`.
-- @column  deductions     What took points off: type, severity, points and evidence.
-- @example select health_status, count(*) from session_health group by health_status
select
    session_id,
    cast(null as integer) as health_score,
    'unscored' as health_status,
    cast(
        [] as struct(type varchar, severity varchar, points integer, evidence varchar)[]
    ) as deductions,
from mart.sessions
