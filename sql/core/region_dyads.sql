-- Pairs of states of one primary region, as spells in which both were there: what shares
-- and rates of a region's pairs divide by.
-- kind: table
-- key: region_version, region_id, iso3_a, iso3_b, valid_from
-- grain: one spell of one pair of states in one region of one version
-- units: days
-- method: the days that a spell of each in core.region_states has in common
-- column region_version [code]: version of the assignment of states to regions
-- column region_id: the region
-- column iso3_a: the state whose code comes first
-- column iso3_b: the other one
-- column valid_from [day]: first day of the spell
-- column valid_to [day]: first day after it; null while it lasts
-- column first_year [year]: year of the first day
-- column last_year [year]: year of the last day; 9999 while it lasts
select
    a.region_version,
    a.region_id,
    a.iso3 as iso3_a,
    b.iso3 as iso3_b,
    greatest(a.valid_from, b.valid_from) as valid_from,
    least(a.valid_to, b.valid_to) as valid_to,
    greatest(a.first_year, b.first_year) as first_year,
    least(a.last_year, b.last_year) as last_year,
from core.region_states as a
inner join core.region_states as b
    on b.region_version = a.region_version
    and b.region_id = a.region_id
    and b.iso3 > a.iso3
    and greatest(a.valid_from, b.valid_from)
        < coalesce(least(a.valid_to, b.valid_to), date '9999-12-31')
