-- Where each state stands in the network of trade (E11).
-- grain: one state or territory in one calendar year
-- units: current US dollars; shares
-- method: core.network_positions, graph trade: directed, weighed by value; conventions
--   are those of its header
-- column year: calendar year
-- column iso3: the state
-- column export_partner_count [ties]: states that it exports to
-- column import_partner_count [ties]: states that it imports from
-- column export_usd [US dollars]: exports to all partners
-- column import_usd [US dollars]: imports from all partners
-- column betweenness_share [share]: share of the strongest paths between others that
--   lead through it
-- column closeness: harmonic closeness along exports
-- column eigenvector: eigenvector centrality of trade both ways; the largest is 1
-- column pagerank_share [share]: PageRank along exports; adds up to 1
-- column clustering_share [share]: share of pairs of its partners that trade
-- column reciprocity_share [share]: share of partners with flows both ways
select
    p.year,
    p.iso3,
    p.out_degree_count as export_partner_count,
    p.in_degree_count as import_partner_count,
    p.out_strength as export_usd,
    p.in_strength as import_usd,
    p.betweenness_share,
    p.closeness,
    p.eigenvector,
    p.pagerank_share,
    p.clustering_share,
    p.reciprocity_share,
from core.network_positions as p
where p.graph = 'trade'
