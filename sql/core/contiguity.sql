-- Which states touch, by land or across how much water, as spells.
-- kind: table
-- key: iso3_a, iso3_b, valid_from
-- grain: one spell of one ordered pair of states
-- units: classes; days
-- method: Correlates of War direct contiguity, which lists each pair in both orders.
--   Of several spells of one pair with one first day (two numbers of one state) the
--   nearest class and the last end are kept
-- column iso3_a: one state
-- column iso3_b: the other
-- column valid_from [day]: first day of the spell
-- column valid_to [day]: first day after it; null while it lasts
-- column contiguity [class]: 1 by land or river; across water of up to 12 miles (2), 24
--   (3), 150 (4) or 400 (5)
select
    s.iso3_1 as iso3_a,
    s.iso3_2 as iso3_b,
    s.valid_from,
    case when count(s.valid_to) = count(*) then max(s.valid_to) end as valid_to,
    min(s.contiguity) as contiguity,
from raw.contiguity_spells as s
where s.iso3_1 <> s.iso3_2
group by s.iso3_1, s.iso3_2, s.valid_from
