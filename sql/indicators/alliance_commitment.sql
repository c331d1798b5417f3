-- How far one state is committed to another by their alliances, on one scale (A1).
-- grain: one ordered pair of states in one calendar year, by coding
-- units: levels 0 to 3
-- method: atop and treaty: 3 defense or offense, 2 neutrality or consultation, 1
--   non-aggression only, 0 allies who owe each other nothing (after Chiba, Johnson and
--   Leeds 2015). cow: 3 defense, 2 neutrality or non-aggression, 1 entente (Singer and
--   Small 1966). A pair without a row shares no alliance: level 0. The two scales are
--   not one: choose a coding
-- column coding [code]: atop, cow or treaty (members of a few alliances, from 2019)
-- column year: calendar year
-- column provider_iso3: the state that is committed
-- column receiver_iso3: the state to which it is committed
-- column level: 0 to 3
-- column is_mutual: whether the receiver is committed at the same level
-- column defense: whether assistance is owed if the receiver is attacked
-- column offense: whether assistance is owed in an attack; null in cow
-- column neutrality: whether the provider stays out of the receiver's conflicts
-- column nonaggression: whether the provider uses no force against the receiver
-- column consultation: whether they consult in a crisis
-- column alliance_count [alliances]: alliances that the two share
-- column is_ambiguous: whether the row may say too much, see core.alliance_ties
select
    t.coding,
    t.year,
    t.provider_iso3,
    t.receiver_iso3,
    p.level,
    coalesce(r.level, 0) = p.level as is_mutual,
    t.defense,
    t.offense,
    t.neutrality,
    t.nonaggression,
    t.consultation,
    t.alliance_count,
    t.is_ambiguous,
from core.alliance_ties as t
inner join core.alliance_levels as p
    on p.coding = t.coding
    and p.year = t.year
    and p.provider_iso3 = t.provider_iso3
    and p.receiver_iso3 = t.receiver_iso3
left join core.alliance_levels as r
    on r.coding = t.coding
    and r.year = t.year
    and r.provider_iso3 = t.receiver_iso3
    and r.receiver_iso3 = t.provider_iso3
