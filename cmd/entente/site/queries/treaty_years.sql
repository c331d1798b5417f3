-- How many treaties bind both states on the last day of each year, by source: sources
-- overlap, so they are not added up. A source is counted from the first to the last year
-- in which it records any treaty's beginning or end, so that what it does not cover is
-- no zero.
with covered as (
    select
        p.source,
        min(year(p.valid_from)) as first_year,
        max(greatest(year(p.valid_from), coalesce(year(p.valid_to), 0))) as last_year,
    from core.treaty_parties as p
    group by p.source
),

common as (
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
)

select
    cast(y.year as integer) as year,
    s.source,
    count(distinct c.treaty_id) as treaty_count,
from generate_series($from_year, $to_year) as y (year)
inner join covered as s
    on y.year between s.first_year and s.last_year
left join common as c
    on c.source = s.source
    and c.valid_from <= make_date(cast(y.year as integer), 12, 31)
    and c.valid_to > make_date(cast(y.year as integer), 12, 31)
where s.source in (select o.source from common as o)
group by y.year, s.source
order by s.source, y.year
