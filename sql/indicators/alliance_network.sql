-- Where each state stands in the network of defense pacts (A3).
-- grain: one state of the international system in one calendar year, by coding
-- units: ties; shares
-- method: core.network_positions, graphs alliance_atop and alliance_cow: undirected and
--   unweighted, a tie being that one of the two owes the other defense; conventions are
--   those of its header. Density, transitivity and centralization of the whole are in
--   core.network_shapes
-- column coding [code]: atop or cow
-- column year: calendar year
-- column iso3: the state
-- column ally_count [ties]: states that it owes defense, or that owe it
-- column betweenness_share [share]: share of the shortest paths between others that
--   lead through it
-- column closeness: harmonic closeness: 1 for a state allied to all others
-- column eigenvector: eigenvector centrality; the largest is 1
-- column pagerank_share [share]: PageRank; adds up to 1
-- column clustering_share [share]: share of pairs of its allies that are allied; null
--   with fewer than two
select
    split_part(p.graph, '_', 2) as coding,
    p.year,
    p.iso3,
    p.out_degree_count as ally_count,
    p.betweenness_share,
    p.closeness,
    p.eigenvector,
    p.pagerank_share,
    p.clustering_share,
from core.network_positions as p
where p.graph in ('alliance_atop', 'alliance_cow')
