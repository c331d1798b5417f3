-- Everything on the trade of two states, year by year.
-- kind: macro
-- parameters: a, b
-- grain: one calendar year of one source, by method, in which at least one direction is
--   known
-- units: current US dollars; shares 0 to 1
-- method: indicators.trade_dependence (E1) and indicators.trade_interdependence (E2)
--   beside what each side reported (core.trade). The order of the two states makes no
--   difference
-- column method [code]: import_priority or reconciled; choose one
-- column source: comtrade, imts or cowtrade
-- column year: calendar year
-- column iso3_a: of the two states the one whose code comes first
-- column iso3_b: the other
-- column is_default: whether the source is the default of the year
-- column a_to_b_usd [US dollars]: exports of iso3_a to iso3_b; 0 if nobody reported them
--   and one of the two filed; null if not known
-- column a_to_b_exporter_report_usd [US dollars]: what iso3_a reported of them
-- column a_to_b_importer_report_usd [US dollars]: what iso3_b reported of them
-- column a_to_b_evidence [code]: both, exporter, importer, or filed (nobody reported it,
--   and one of the two would have)
-- column a_to_b_discrepancy: ln(importer's report/exporter's report)
-- column b_to_a_usd [US dollars]: exports of iso3_b to iso3_a
-- column b_to_a_exporter_report_usd [US dollars]: what iso3_b reported of them
-- column b_to_a_importer_report_usd [US dollars]: what iso3_a reported of them
-- column b_to_a_evidence [code]: as for the other direction
-- column b_to_a_discrepancy: as for the other direction
-- column trade_usd [US dollars]: both directions; null unless both are known
-- column gdp_a_usd [US dollars]: gross domestic product of iso3_a
-- column gdp_b_usd [US dollars]: gross domestic product of iso3_b
-- column dependence_a_share [share]: trade_usd/gdp_a_usd
-- column dependence_b_share [share]: trade_usd/gdp_b_usd
-- column weak_link_share [share]: the smaller of the two
-- column asymmetry [share]: the larger less the smaller
-- column total_a_usd [US dollars]: exports and imports of iso3_a, all partners
-- column total_b_usd [US dollars]: exports and imports of iso3_b, all partners
-- column share_a [share]: trade_usd/total_a_usd
-- column share_b [share]: trade_usd/total_b_usd
-- column salience: sqrt(share_a*share_b)
-- column symmetry: 1 - |share_a - share_b|
-- column interdependence: salience*symmetry
select
    e.method,
    e.source,
    e.year,
    e.iso3_a,
    e.iso3_b,
    e.is_default,
    e.a_to_b_usd,
    x.exporter_report_usd as a_to_b_exporter_report_usd,
    x.importer_report_usd as a_to_b_importer_report_usd,
    case when e.a_to_b_usd is not null then coalesce(x.evidence, 'filed') end
        as a_to_b_evidence,
    x.discrepancy as a_to_b_discrepancy,
    e.b_to_a_usd,
    m.exporter_report_usd as b_to_a_exporter_report_usd,
    m.importer_report_usd as b_to_a_importer_report_usd,
    case when e.b_to_a_usd is not null then coalesce(m.evidence, 'filed') end
        as b_to_a_evidence,
    m.discrepancy as b_to_a_discrepancy,
    e.trade_usd,
    e.gdp_a_usd,
    e.gdp_b_usd,
    e.dependence_a_share,
    e.dependence_b_share,
    e.weak_link_share,
    e.asymmetry,
    i.total_a_usd,
    i.total_b_usd,
    i.share_a,
    i.share_b,
    i.salience,
    i.symmetry,
    i.interdependence,
from indicators.trade_dependence as e
inner join indicators.trade_interdependence as i
    on i.method = e.method
    and i.source = e.source
    and i.year = e.year
    and i.iso3_a = e.iso3_a
    and i.iso3_b = e.iso3_b
left join core.trade as x
    on x.product = 'TOTAL'
    and x.method = e.method
    and x.source = e.source
    and x.year = e.year
    and x.exporter_iso3 = e.iso3_a
    and x.importer_iso3 = e.iso3_b
left join core.trade as m
    on m.product = 'TOTAL'
    and m.method = e.method
    and m.source = e.source
    and m.year = e.year
    and m.exporter_iso3 = e.iso3_b
    and m.importer_iso3 = e.iso3_a
where
    e.iso3_a = least(upper(a), upper(b))
    and e.iso3_b = greatest(upper(a), upper(b))
