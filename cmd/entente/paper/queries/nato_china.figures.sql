select
    case s.pole when 'CHN' then 'China' else 'the United States' end as name,
    min(s.year) as first_year,
    arg_min(s.dependence_share, s.year) as first_share,
    max(s.year) as last_year,
    arg_max(s.dependence_share, s.year) as last_share,
    arg_max(s.member_count, s.year) as last_count,
    (
        select min(c.year) from shown as c
        inner join shown as u
            on u.year = c.year
        where c.pole = 'CHN' and u.pole = 'USA' and c.dependence_share > u.dependence_share
    ) as crossing_year,
from shown as s
group by s.pole
order by s.pole
