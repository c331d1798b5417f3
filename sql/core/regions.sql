-- Regions of the world, by version of the assignment.
-- kind: table
-- key: region_version, region_id
-- grain: one region in one version
-- units: none
-- method: conventions of the reference source; the alternative version moves the states
--   whose region is disputed, so that an analysis can show what they change
-- column region_version [code]: 2026, or 2026-alt for the alternative assignment
-- column region_id: short name
-- column name: English name
-- column note: what the region holds, and what was decided in doubt
-- column source: citation
select
    r.region_version,
    r.region_id,
    r.name,
    r.note,
    r.source,
from raw.reference_regions as r
