-- Score of every transcript from 0 to 100 under the cost mode in force; NULL where there is too little to judge.
-- @version 1
-- @since   0.1.0
-- @grain   session_no
select
    session_no,
    if(is_scored, greatest(0, 100 - deducted_points), null) as health_score,
    case
        when not is_scored then 'unscored'
        when deducted_points <= 20 then 'healthy'
        when deducted_points <= 50 then 'warning'
        else 'critical'
    end as health_status,
    anomaly_count,
    high_count,
    medium_count,
    low_count,
    if(is_scored, deducted_points, null) as deducted_points,
    if(is_scored, deductions, []) as deductions,
from mart.scores
where
    cost_mode = case coalesce(getvariable('cost_mode'), 'auto')
        when 'calculate' then 'calculate'
        when 'reported' then 'reported'
        else 'auto'
    end
