select
    s.partner,
    case s.partner when 'RUS' then 'Russia' else 'the United States' end as name,
    min(s.year) filter (where not s.low_n) as first_year,
    arg_min(s.agree, s.year) filter (where not s.low_n) as first_agree,
    max(s.year) filter (where not s.low_n) as last_year,
    arg_max(s.agree, s.year) filter (where not s.low_n) as last_agree,
    arg_max(s.low, s.year) filter (where not s.low_n) as last_low,
    arg_max(s.high, s.year) filter (where not s.low_n) as last_high,
    arg_max(s.n, s.year) filter (where not s.low_n) as last_n,
    10 as least_n,
    95 as confidence,
from shown as s
group by s.partner
order by s.partner
