-- Where each state stands in the graphs of core.network_ties.
-- kind: table
-- key: graph, iso3, year
-- transform: network_positions
-- grain: one state in one calendar year of one graph
-- units: ties; shares
-- method: a tie is as long as the mean weight of all ties over its own (Opsahl,
--   Agneessens and Skvoretz 2010). Betweenness: Freeman 1977, Brandes 2001; closeness:
--   harmonic, Marchiori and Latora 2000; eigenvector: Bonacich 1972, of the weights
--   both ways added up; PageRank: Brin and Page 1998, damping 0.85; clustering: Watts
--   and Strogatz 1998. A state out of reach counts 0 in closeness, and 0 as eigenvector
--   outside the component of the largest eigenvalue
-- column graph [code]: trade, alliance_atop or alliance_cow
-- column year: calendar year
-- column iso3: the state
-- column out_degree_count [ties]: ties to others
-- column in_degree_count [ties]: ties from others
-- column out_strength: sum of the weights of the ties to others
-- column in_strength: sum of the weights of the ties from others
-- column betweenness_share [share]: share of the shortest paths between all ordered
--   pairs of other states that lead through it
-- column closeness: mean of 1/length of the shortest paths to all others
-- column eigenvector: eigenvector centrality; the largest is 1
-- column pagerank_share [share]: PageRank; adds up to 1 over the states
-- column clustering_share [share]: share of pairs of neighbours that are neighbours;
--   null with fewer than two
-- column reciprocity_share [share]: share of neighbours with ties both ways; null
--   without a neighbour
select
    t.graph,
    t.year,
    t.is_directed,
    t.from_iso3,
    t.to_iso3,
    t.weight,
from core.network_ties as t
order by t.graph, t.year, t.from_iso3, t.to_iso3
