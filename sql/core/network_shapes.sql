-- What the graphs of core.network_ties are like as a whole.
-- kind: table
-- key: graph, year
-- transform: network_shapes
-- grain: one graph in one calendar year
-- units: states; ties; shares
-- method: density of all states and of those with a tie alone, so that states that take
--   no part can be seen apart; transitivity is three times the triangles over the
--   connected triples; centralization is Freeman's (1978), of degrees without
--   direction; components leave direction aside
-- column graph [code]: trade, alliance_atop or alliance_cow
-- column year: calendar year
-- column state_count [states]: all states of the year
-- column tied_count [states]: states with a tie
-- column tie_count [ties]: ties; undirected ones once
-- column density_share [share]: ties over those possible between all states
-- column density_tied_share [share]: ties over those possible between states with a tie
-- column transitivity_share [share]: closed triples over connected ones
-- column reciprocity_share [share]: ties whose opposite is there; 1 in an undirected
--   graph
-- column centralization_share [share]: 0 if all states have the same degree, 1 for a
--   star
-- column component_count [components]: components, single states included
-- column largest_component_count [states]: states in the largest component
select
    t.graph,
    t.year,
    t.is_directed,
    t.from_iso3,
    t.to_iso3,
    t.weight,
from core.network_ties as t
order by t.graph, t.year, t.from_iso3, t.to_iso3
