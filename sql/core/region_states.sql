-- The states of each primary region, as spells in which they were members of the system
-- of states.
-- kind: table
-- key: region_version, region_id, iso3, valid_from
-- grain: one spell of one state in one region of one version
-- units: days
-- method: the days on which a state has a spell in core.states with a Correlates of War
--   number, and the region as its primary one in core.region_members. Territories and
--   unions are no states. Spells of core.states begin with membership of the United
--   Nations where that came first (Belarus and Ukraine in 1945, India), earlier than in
--   the Correlates of War system
-- column region_version [code]: version of the assignment of states to regions
-- column region_id: the region
-- column iso3: the state
-- column valid_from [day]: first day of the spell
-- column valid_to [day]: first day after it; null while it lasts
-- column first_year [year]: year of the first day
-- column last_year [year]: year of the last day; 9999 while it lasts
select
    m.region_version,
    m.region_id,
    m.iso3,
    greatest(m.valid_from, s.valid_from) as valid_from,
    least(m.valid_to, s.valid_to) as valid_to,
    year(greatest(m.valid_from, s.valid_from)) as first_year,
    coalesce(year(least(m.valid_to, s.valid_to) - 1), 9999) as last_year,
from core.region_members as m
inner join core.states as s
    on s.iso3 = m.iso3
    and s.kind = 'state'
    and s.cow is not null
    and greatest(m.valid_from, s.valid_from)
        < coalesce(least(m.valid_to, s.valid_to), date '9999-12-31')
where m.is_primary
