-- Who belonged to a group, all of it or those of one region, as spells.
-- kind: macro
-- parameters: of_group, in_region
-- grain: one spell of one member in the region
-- units: days
-- method: core.group_members; for a region what its spells have in common with those of
--   core.region_members (version 2026, primary region), so that the European members of
--   NATO are neither Canada nor Turkey. in_region is any for all members
-- column group_id: the group
-- column iso3: the member
-- column valid_from [day]: first day of the spell
-- column valid_to [day]: first day after it; 9999-12-31 while it lasts
select
    m.group_id,
    m.iso3,
    m.valid_from,
    coalesce(m.valid_to, date '9999-12-31') as valid_to,
from core.group_members as m
where m.group_id = upper(of_group) and in_region = 'any'
union all
select
    m.group_id,
    m.iso3,
    greatest(m.valid_from, r.valid_from) as valid_from,
    least(
        coalesce(m.valid_to, date '9999-12-31'), coalesce(r.valid_to, date '9999-12-31')
    ) as valid_to,
from core.group_members as m
inner join core.region_members as r
    on r.region_version = '2026'
    and r.is_primary
    and r.iso3 = m.iso3
    and r.region_id = in_region
    and greatest(m.valid_from, r.valid_from) < least(
        coalesce(m.valid_to, date '9999-12-31'), coalesce(r.valid_to, date '9999-12-31')
    )
where m.group_id = upper(of_group)
