select
    case a.region_id
        when 'east_asia' then 'East Asia' when 'europe' then 'Europe'
        when 'middle_east' then 'the Middle East' when 'africa' then 'Africa'
        else 'Latin America'
    end as name,
    a.conflict_rate as allied,
    a.low as allied_low,
    a.high as allied_high,
    o.conflict_rate as others,
    o.low as others_low,
    o.high as others_high,
    least(a.year_from, o.year_from) as year_from,
    greatest(a.year_to, o.year_to) as year_to,
    1000 as scale,
    95 as confidence,
from shown as a
inner join shown as o
    on o.region_id = a.region_id
    and o.tie = 'not_allied'
where a.tie = 'allied'
order by a.region_id
