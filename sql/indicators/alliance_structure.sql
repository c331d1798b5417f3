-- On whom each state's security rests: its dominant ally, how much of its allies' power is
-- that one's, and what structure that makes (A4).
-- grain: one state of the international system in one calendar year, by coding
-- units: states; ratios; shares 0 to 1
-- method: indicators.alliance_structure_by with threshold 3, which is a convention of
--   this program: ask the macro for another
-- column coding [code]: atop, cow or treaty (members of a few alliances, from 2019)
-- column year: calendar year
-- column iso3: the state
-- column region_id: its region; null if it has none
-- column ally_count [states]: states that owe it defence
-- column unknown_count [states]: of these, states whose capability is not known, which
--   enter no share and cannot be dominant
-- column regional_ally_count [states]: allies of the state's own region
-- column dominant_iso3: the most capable ally; null without an ally
-- column dominant_region_id: its region
-- column is_extra_regional: whether it is from outside the state's region
-- column capability_ratio: capability of the dominant ally over the state's own; null
--   where either is not known, or the state's own is 0
-- column dominance_share [share]: the dominant ally's part of the capabilities of the
--   state and all its allies
-- column outside_option_share [share]: the other allies' part of the capabilities of all
--   allies
-- column threshold: 3
-- column structure [code]: none (no ally), symmetric, bilateral or multilateral; null
--   where the ratio is not known
select
    s.coding,
    s.year,
    s.iso3,
    s.region_id,
    s.ally_count,
    s.unknown_count,
    s.regional_ally_count,
    s.dominant_iso3,
    s.dominant_region_id,
    s.is_extra_regional,
    s.capability_ratio,
    s.dominance_share,
    s.outside_option_share,
    s.threshold,
    s.structure,
from indicators.alliance_structure_by(3) as s
