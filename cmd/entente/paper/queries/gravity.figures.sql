select
    case s.regressor when 'ln_distance' then 'distance' when 'contiguity' then 'a common border'
        else 'a trade agreement' end as name,
    s.regressor,
    max(s.year) as year,
    arg_max(s.coefficient, s.year) as coefficient,
    arg_max(s.coefficient - 1.96 * s.std_error, s.year) as low,
    arg_max(s.coefficient + 1.96 * s.std_error, s.year) as high,
    exp(arg_max(s.coefficient, s.year)) - 1 as factor_less_one,
    95 as confidence,
    1 as percent_of_distance,
from shown as s
where s.regressor in ('ln_distance', 'contiguity', 'agreement')
group by s.regressor
order by s.regressor desc
