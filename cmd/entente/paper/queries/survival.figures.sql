select
    case s.class when 'defense' then 'pacts of defence'
        else 'pacts of non-aggression alone' end as name,
    20 as age,
    95 as confidence,
    arg_max(s.survival_share, s.age) filter (where s.age <= 20) as share,
    arg_max(s.low, s.age) filter (where s.age <= 20) as low,
    arg_max(s.high, s.age) filter (where s.age <= 20) as high,
    max(s.at_risk_count) as alliance_count,
    min(s.age) filter (where s.survival_share <= 0.5) as median_age,
from shown as s
group by s.class
order by s.class
