select
    max(s.year) as year,
    count(s.dominant_iso3) as known_count,
    count(*) filter (where s.is_extra_regional) as outside_count,
    count(*) filter (where s.is_extra_regional) / count(s.dominant_iso3) as outside_share,
    count(*) filter (where s.structure = 'symmetric') as symmetric_count,
    count(*) filter (where s.structure = 'bilateral') as bilateral_count,
    count(*) filter (where s.structure = 'multilateral') as multilateral_count,
    count(*) filter (where s.dominant_iso3 = 'USA') as usa_count,
    3 as threshold,
    count(*) filter (where s.region_id = 'europe') as europe_count,
    count(*) filter (where s.region_id = 'europe' and s.is_extra_regional) as europe_outside_count,
    count(*) filter (where s.region_id = 'east_asia') as east_asia_count,
    count(*) filter (where s.region_id = 'east_asia' and s.is_extra_regional)
        as east_asia_outside_count,
from shown as s
