-- Pairs of states in conflict with each other, by year, as each source has it.
-- kind: table
-- key: source, year, iso3_a, iso3_b
-- grain: one pair of states in one calendar year in one source; a pair at peace has no
--   row
-- units: conflicts, classes
-- method: core.conflict_dyads, all conflicts of a pair and year in one row: an onset if
--   one of them began, and the highest level of each class that is known. mid covers
--   1816 to 2014, ucdp 1946 on; years that a source does not cover have no row and no
--   peace
-- column source [code]: mid (militarized interstate disputes) or ucdp (interstate
--   conflicts with 25 deaths or more in the year)
-- column year: calendar year
-- column iso3_a: the state whose code comes first
-- column iso3_b: the other one
-- column conflict_count [conflicts]: disputes or conflicts between the two in the year
-- column onset: whether one of them began in the year
-- column onset_with_force: whether one with use of force or war began (hostility 4 or 5);
--   null in ucdp
-- column is_primary: whether both were in one of them from the first day, or as primary
--   parties
-- column hostility [class]: 1 no militarized action, 2 threat, 3 display, 4 use of force,
--   5 war; null in ucdp
-- column hostility_a [class]: highest level of iso3_a
-- column hostility_b [class]: highest level of iso3_b
-- column fatality [class]: battle deaths in the dispute: 0 none, 1 to 25, 2 to 100, 3 to
--   250, 4 to 500, 5 to 999, 6 above; null where unknown, and in ucdp
-- column fatality_a [class]: of iso3_a's own
-- column fatality_b [class]: of iso3_b's own
-- column intensity [class]: ucdp: 1 for 25 to 999 battle deaths in the year, 2 for 1,000
--   or more; null in mid
select
    d.source,
    d.year,
    d.iso3_a,
    d.iso3_b,
    count(*)::integer as conflict_count,
    bool_or(d.onset) as onset,
    bool_or(d.onset and d.hostility >= 4) as onset_with_force,
    bool_or(d.is_primary) as is_primary,
    max(d.hostility) as hostility,
    max(d.hostility_a) as hostility_a,
    max(d.hostility_b) as hostility_b,
    max(d.fatality) as fatality,
    max(d.fatality_a) as fatality_a,
    max(d.fatality_b) as fatality_b,
    max(d.intensity) as intensity,
from core.conflict_dyads as d
group by d.source, d.year, d.iso3_a, d.iso3_b
