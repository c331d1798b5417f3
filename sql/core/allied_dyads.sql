-- Pairs of states of which one owes the other defense, either way round, by year.
-- kind: table
-- key: coding, year, iso3_a, iso3_b
-- grain: one pair of states in one calendar year, by coding
-- units: none
-- method: core.alliance_ties with an obligation of defense in one direction at least.
--   Only codings that reach all alliances (atop, cow): a pair without a row in a year
--   that the coding covers is not allied. Pacts of non-aggression are no alliance here
-- column coding [code]: atop or cow
-- column year: calendar year
-- column iso3_a: the state whose code comes first
-- column iso3_b: the other one
-- column is_mutual: whether each owes the other defense
select
    t.coding,
    t.year,
    least(t.provider_iso3, t.receiver_iso3) as iso3_a,
    greatest(t.provider_iso3, t.receiver_iso3) as iso3_b,
    count(distinct t.provider_iso3) = 2 as is_mutual,
from core.alliance_ties as t
where
    t.defense
    and t.coding in ('atop', 'cow')
group by
    t.coding, t.year, least(t.provider_iso3, t.receiver_iso3),
    greatest(t.provider_iso3, t.receiver_iso3)
