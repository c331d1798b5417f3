-- Which states and territories lie in a region, and since when.
-- kind: table
-- key: region_version, region_id, iso3, valid_from
-- grain: one spell of one state in one region of one version
-- units: days
-- method: conventions of the reference source. On any day a state has one primary
--   region in a version; it may belong to others besides
-- column region_version [code]: version of the assignment
-- column region_id: the region
-- column iso3: the state or territory
-- column valid_from [day]: first day in the region
-- column valid_to [day]: first day after it; null while it lasts
-- column is_primary: whether this is the state's primary region
-- column note: what was decided in doubt
select
    m.region_version,
    m.region_id,
    m.iso3,
    m.valid_from,
    m.valid_to,
    m.is_primary,
    m.note,
from raw.reference_region_members as m
