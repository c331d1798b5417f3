-- Who could be drawn into partners' disputes, in the last year of the data, and by how many of them.
select
    e.year,
    e.iso3,
    (
        select max_by(n.name, n.valid_from) from core.states as n
        where n.iso3 = e.iso3
    ) as name,
    e.partner_count,
    e.endangered_count,
    e.adversary_count,
    e.mean_distance,
    e.exposure,
    e.exposure_percentile,
    a.abandonment,
    a.patron_iso3,
from indicators.entrapment_exposure as e
left join indicators.abandonment_exposure as a
    on a.coding = e.coding
    and a.year = e.year
    and a.iso3 = e.iso3
where
    e.coding = 'atop'
    and e.year = (
        select max(x.year) from indicators.entrapment_exposure as x
        where x.coding = 'atop' and x.exposure is not null)
order by e.exposure desc nulls last, e.iso3
