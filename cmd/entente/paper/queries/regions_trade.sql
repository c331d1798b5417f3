-- How inward the trade of each region is, from -1 (all with others) to 1 (all inside).
select
    r.region_id,
    r.year,
    r.member_count,
    r.intra_share,
    r.introversion,
from indicators.regional_trade as r
where
    r.region_version = '2026'
    and r.is_default
    and r.method = 'import_priority'
    and r.region_id in ('east_asia', 'europe', 'middle_east', 'africa', 'latin_america')
    and r.introversion is not null
    and r.year >= 1950
order by r.region_id, r.year
