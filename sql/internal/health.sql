-- Health of every transcript: nothing is scored yet.
-- @version 1
-- @since   0.1.0
-- @grain   session_no
select
    session_no,
    cast(null as integer) as health_score,
    'unscored' as health_status,
    cast(
        [] as struct(type varchar, severity varchar, points integer, evidence varchar)[]
    ) as deductions,
from mart.sessions
