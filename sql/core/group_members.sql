-- Who belonged to a group, and when.
-- kind: table
-- key: group_id, iso3, valid_from
-- grain: one spell of one state's membership in one group
-- units: days
-- method: facts restated from the membership lists and accession instruments named in
--   source
-- column group_id: the group
-- column iso3: the member
-- column valid_from [day]: first day of membership
-- column valid_to [day]: first day after membership; null while it lasts
-- column source: citation
select
    m.group_id,
    m.iso3,
    m.valid_from,
    m.valid_to,
    m.source,
from raw.reference_group_members as m
