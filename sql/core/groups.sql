-- Groups of states whose cohesion is measured: alliances, organizations, regions.
-- kind: table
-- key: group_id
-- grain: one group
-- units: none
-- method: facts restated from the founding texts and membership lists named in source
-- column group_id: short name, such as NATO
-- column name: full name
-- column kind: alliance, organization, region or another class of group
-- column note: how membership is dated, and what was decided in doubt
-- column source: citation
select
    g.group_id,
    g.name,
    g.kind,
    g.note,
    g.source,
from raw.reference_groups as g
