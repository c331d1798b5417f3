-- Five regions side by side, each measure in its last year.
with latest as (
    select
        r.region_id,
        'trade: introversion' as measure,
        r.year,
        r.introversion as value,
    from indicators.regional_trade as r
    where r.region_version = '2026' and r.is_default and r.method = 'import_priority'
    union all
    select
        o.region_id,
        'security: share of pairs allied' as measure,
        o.year,
        o.allied_share as value,
    from indicators.regional_overlap as o
    where o.region_version = '2026' and o.coding = 'atop'
    union all
    select
        s.region_id,
        'security: share of states whose most capable ally is from outside' as measure,
        s.year,
        s.extra_regional_share as value,
    from indicators.regional_security as s
    where s.region_version = '2026' and s.coding = 'atop' and s.protected_count > 0
    union all
    select
        o.region_id,
        'overlap: correlation of being allied and having a trade agreement' as measure,
        o.year,
        o.phi as value,
    from indicators.regional_overlap as o
    where o.region_version = '2026' and o.coding = 'atop'
    union all
    select
        i.region_id,
        'institutions: share of pairs with a trade agreement' as measure,
        i.year,
        i.agreement_share as value,
    from indicators.regional_institutions as i
    where i.region_version = '2026'
    union all
    select
        c.region_id,
        'conflict: onsets per thousand pairs, mean of ten years' as measure,
        max(c.year) as year,
        avg(c.conflict_rate) as value,
    from indicators.conflict_rate as c
    where
        c.region_version = '2026'
        and c.source = 'mid'
        and c.tie = 'all'
        and c.year between 2005 and 2014
    group by c.region_id
)

select
    l.measure,
    max(l.year) as year,
    max(l.value) filter (where l.region_id = 'east_asia') as east_asia,
    max(l.value) filter (where l.region_id = 'europe') as europe,
    max(l.value) filter (where l.region_id = 'middle_east') as middle_east,
    max(l.value) filter (where l.region_id = 'africa') as africa,
    max(l.value) filter (where l.region_id = 'latin_america') as latin_america,
from (
    from latest
    where latest.value is not null
    qualify latest.year = max(latest.year) over (partition by latest.measure)
) as l
group by l.measure
order by l.measure
