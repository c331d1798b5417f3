-- Treaties that bind both states at once, from the later of the two beginnings to the
-- earlier of the two ends. A treaty that two sources have is there twice.
select
    t.source,
    t.kind,
    t.treaty_id,
    t.title,
    max(t.party_count) as party_count,
    min(greatest(a.valid_from, b.valid_from)) as valid_from,
    nullif(
        max(
            least(
                coalesce(a.valid_to, date '9999-12-31'),
                coalesce(b.valid_to, date '9999-12-31')
            )
        ),
        date '9999-12-31'
    ) as valid_to,
from core.treaties as t
inner join core.treaty_parties as a
    on a.treaty_id = t.treaty_id
    and a.iso3 = $a
inner join core.treaty_parties as b
    on b.treaty_id = t.treaty_id
    and b.iso3 = $b
    and b.valid_from < coalesce(a.valid_to, date '9999-12-31')
    and a.valid_from < coalesce(b.valid_to, date '9999-12-31')
where
    greatest(a.valid_from, b.valid_from) <= make_date($to_year, 12, 31)
    and coalesce(least(a.valid_to, b.valid_to), date '9999-12-31')
        > make_date($from_year, 1, 1)
group by t.source, t.kind, t.treaty_id, t.title
order by valid_from, t.treaty_id
