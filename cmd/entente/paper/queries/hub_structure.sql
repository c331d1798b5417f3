-- Who is the most capable ally of each state, and from which region, in the last year of ATOP.
select
    s.year,
    s.iso3,
    s.region_id,
    s.ally_count,
    s.dominant_iso3,
    s.is_extra_regional,
    s.capability_ratio,
    s.dominance_share,
    s.outside_option_share,
    s.structure,
from indicators.alliance_structure as s
where
    s.coding = 'atop'
    and s.ally_count > 0
    and s.year = (
        select max(x.year) from indicators.alliance_structure as x
        where x.coding = 'atop' and x.ally_count > 0)
order by s.region_id, s.dominance_share desc nulls last, s.iso3
