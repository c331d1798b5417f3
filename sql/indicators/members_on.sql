-- Who belonged to a group on a day.
-- kind: macro
-- parameters: of_group, on_day
-- grain: one member
-- units: days
-- method: core.group_members: spells begin on the day on which an accession took effect
-- column group_id: the group
-- column iso3: the member
-- column valid_from [day]: first day of the membership
-- column valid_to [day]: first day after it; null while it lasts
-- column source: citation
select
    m.group_id,
    m.iso3,
    m.valid_from,
    m.valid_to,
    m.source,
from core.group_members as m
where
    m.group_id = upper(of_group)
    and m.valid_from <= on_day
    and (m.valid_to is null or on_day < m.valid_to)
order by m.iso3
