-- Trade of two states in both directions, where zero, missing and unreported stay three
-- things.
-- grain: one pair of states or territories in one calendar year, by method and source,
--   if at least one direction is known
-- units: current US dollars
-- method: a direction is what core.trade has of it; where nobody reported it, it is 0 if
--   the importer filed imports or the exporter exports with that source in that year
--   (core.trade_filings), and else null. Pairs are made of the states that are in
--   core.trade_totals for the year
-- column method [code]: import_priority or reconciled; choose one
-- column source: comtrade, imts or cowtrade
-- column year: calendar year
-- column iso3_a: the state whose code comes first
-- column iso3_b: the other state
-- column is_default: whether the source is the default of the year
-- column a_to_b_usd [US dollars]: exports of iso3_a to iso3_b; null if not known
-- column b_to_a_usd [US dollars]: exports of iso3_b to iso3_a; null if not known
-- column a_to_b_evidence [code]: both, exporter or importer (who reported it), or filed
--   (nobody did, and one of the two would have); null if not known
-- column b_to_a_evidence [code]: the same for the other direction
-- column trade_usd [US dollars]: a_to_b_usd + b_to_a_usd; null unless both are known
-- column total_a_usd [US dollars]: exports and imports of iso3_a, all partners
-- column total_b_usd [US dollars]: exports and imports of iso3_b, all partners
select
    a.method,
    a.source,
    a.year,
    a.iso3 as iso3_a,
    b.iso3 as iso3_b,
    a.is_default,
    coalesce(x.value_usd, case when a.zero_exports or b.zero_imports then 0 end)
        as a_to_b_usd,
    coalesce(m.value_usd, case when a.zero_imports or b.zero_exports then 0 end)
        as b_to_a_usd,
    coalesce(x.evidence, case when a.zero_exports or b.zero_imports then 'filed' end)
        as a_to_b_evidence,
    coalesce(m.evidence, case when a.zero_imports or b.zero_exports then 'filed' end)
        as b_to_a_evidence,
    a_to_b_usd + b_to_a_usd as trade_usd,
    a.trade_usd as total_a_usd,
    b.trade_usd as total_b_usd,
from core.trade_totals as a
inner join core.trade_totals as b
    on b.method = a.method
    and b.source = a.source
    and b.year = a.year
    and b.iso3 > a.iso3
left join core.trade as x
    on x.product = 'TOTAL'
    and x.method = a.method
    and x.source = a.source
    and x.year = a.year
    and x.exporter_iso3 = a.iso3
    and x.importer_iso3 = b.iso3
left join core.trade as m
    on m.product = 'TOTAL'
    and m.method = a.method
    and m.source = a.source
    and m.year = a.year
    and m.exporter_iso3 = b.iso3
    and m.importer_iso3 = a.iso3
where a_to_b_usd is not null or b_to_a_usd is not null
