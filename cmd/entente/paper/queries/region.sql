-- Trade, security, institutions and conflict inside the region, by year.
select
    y.year,
    t.member_count as trading_count,
    t.introversion,
    s.state_count,
    s.allied_share,
    case when s.protected_count > 0 then s.extra_regional_share end as extra_regional_share,
    s.patron_iso3,
    i.agreement_share,
    c.conflict_rate,
from (
    select unnest(generate_series(1950, 2030)) as year
) as y
left join indicators.regional_trade as t
    on t.region_version = '2026'
    and t.region_id = 'east_asia'
    and t.is_default
    and t.method = 'import_priority'
    and t.year = y.year
left join indicators.regional_security as s
    on s.region_version = '2026'
    and s.region_id = 'east_asia'
    and s.coding = 'atop'
    and s.year = y.year
left join indicators.regional_institutions as i
    on i.region_version = '2026'
    and i.region_id = 'east_asia'
    and i.year = y.year
left join indicators.conflict_rate as c
    on c.region_version = '2026'
    and c.region_id = 'east_asia'
    and c.source = 'mid'
    and c.tie = 'all'
    and c.year = y.year
where
    coalesce(t.introversion, s.allied_share, i.agreement_share, c.conflict_rate) is not null
order by y.year
