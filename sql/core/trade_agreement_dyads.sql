-- Pairs of states bound to each other by a trade agreement in force, as spells.
-- kind: table
-- key: treaty_id, iso3_a, iso3_b, valid_from
-- grain: one spell of one pair of parties to one trade agreement of DESTA
-- units: days
-- method: both are parties in core.treaty_parties, so from entry into force, and in an
--   agreement between a bloc and a third country or between two blocs stand on different
--   sides of it (core.desta_sides). Protocols and amendments deepen an agreement and are
--   none of their own. DESTA has no ends: an agreement that was replaced stays in force
-- column treaty_id: the agreement, as in core.treaties
-- column iso3_a: the state whose code comes first
-- column iso3_b: the other one
-- column valid_from [day]: 1 January of the first year
-- column valid_to [day]: first day after the spell; null while it lasts
-- column first_year [year]: year of the first day
-- column last_year [year]: year of the last day; 9999 while it lasts
with members as (
    select
        p.treaty_id,
        p.iso3,
        p.valid_from,
        p.valid_to,
        s.side,
    from core.treaty_parties as p
    inner join raw.desta_treaties as t
        on 'desta:' || t.number = p.treaty_id
        and t.entry_type = 'base_treaty'
    left join core.desta_sides as s
        on s.number = t.number
        and s.iso3 = p.iso3
    where p.source = 'desta'
)

select distinct
    a.treaty_id,
    a.iso3 as iso3_a,
    b.iso3 as iso3_b,
    greatest(a.valid_from, b.valid_from) as valid_from,
    least(a.valid_to, b.valid_to) as valid_to,
    year(greatest(a.valid_from, b.valid_from)) as first_year,
    coalesce(year(least(a.valid_to, b.valid_to) - 1), 9999) as last_year,
from members as a
inner join members as b
    on b.treaty_id = a.treaty_id
    and b.iso3 > a.iso3
    and (a.side is null or b.side is null or a.side <> b.side)
    and greatest(a.valid_from, b.valid_from)
        < coalesce(least(a.valid_to, b.valid_to), date '9999-12-31')
