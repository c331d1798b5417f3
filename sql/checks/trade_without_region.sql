-- A state or territory with trade has no primary region in that year: no region counts
-- it, and the outside world does.
-- level: warning
-- grain: one state and year in one version of the regions
-- column region_version [code]: version of the assignment
-- column iso3: the state
-- column year: calendar year
-- column trade_usd [US dollars]: its exports and imports, by import_priority and the
--   default source
with versions as (
    select distinct r.region_version,
    from core.regions as r
)

select
    v.region_version,
    t.iso3,
    t.year,
    t.trade_usd,
from core.trade_totals as t
cross join versions as v
where
    t.is_default
    and t.method = 'import_priority'
    and not exists (
        select 1
        from core.region_members as m
        where
            m.region_version = v.region_version
            and m.iso3 = t.iso3
            and m.is_primary
            and year(m.valid_from) <= t.year
            and t.year <= coalesce(year(m.valid_to - 1), 9999)
    )
