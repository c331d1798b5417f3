-- How many treaties bind both states on the last day of each year, by source: sources
-- overlap, so they are not added up.
with common as (
    select
        a.source,
        a.treaty_id,
        greatest(a.valid_from, b.valid_from) as valid_from,
        least(
            coalesce(a.valid_to, date '9999-12-31'),
            coalesce(b.valid_to, date '9999-12-31')
        ) as valid_to,
    from core.treaty_parties as a
    inner join core.treaty_parties as b
        on b.treaty_id = a.treaty_id
        and b.iso3 = $b
    where a.iso3 = $a
),

years as (
    select
        cast(y.year as integer) as year,
        make_date(cast(y.year as integer), 12, 31) as last_day,
    from generate_series($from_year, $to_year) as y (year)
)

select
    y.year,
    c.source,
    count(distinct c.treaty_id) as treaty_count,
from years as y
inner join common as c
    on c.valid_from <= y.last_day
    and c.valid_to > y.last_day
group by y.year, c.source
order by c.source, y.year
