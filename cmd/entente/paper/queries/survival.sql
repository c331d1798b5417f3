-- How long alliances last: share that outlasts an age, defence pacts and pacts of non-aggression.
select
    s.class,
    s.age,
    s.at_risk_count,
    s.survival_share,
    s.standard_error,
    greatest(0, s.survival_share - 1.96 * s.standard_error) as low,
    least(1, s.survival_share + 1.96 * s.standard_error) as high,
from indicators.alliance_survival as s
where s.source = 'atop' and s.class in ('defense', 'nonaggression_only') and s.age <= 60
order by s.class, s.age
