-- How much of all their trade two states have with each other, and how evenly (E2).
-- grain: one pair of states in one calendar year, by method and source
-- units: current US dollars; shares and indices 0 to 1
-- method: Barbieri 1996. Zero and missing as in core.trade_dyads. A pair that does not
--   trade has shares 0, salience 0, symmetry 1 and interdependence 0: it is kept
-- column method [code]: import_priority or reconciled; choose one
-- column source: comtrade, imts or cowtrade
-- column year: calendar year
-- column iso3_a: the state whose code comes first
-- column iso3_b: the other state
-- column is_default: whether the source is the default of the year
-- column trade_usd [US dollars]: trade of the two, both directions; null unless both are
--   known
-- column total_a_usd [US dollars]: exports and imports of iso3_a, all partner states and
--   territories (core.trade_totals)
-- column total_b_usd [US dollars]: the same for iso3_b
-- column share_a [share]: trade_usd/total_a_usd
-- column share_b [share]: trade_usd/total_b_usd
-- column salience: sqrt(share_a*share_b)
-- column symmetry: 1 - |share_a - share_b|
-- column interdependence: salience*symmetry
select
    d.method,
    d.source,
    d.year,
    d.iso3_a,
    d.iso3_b,
    d.is_default,
    d.trade_usd,
    d.total_a_usd,
    d.total_b_usd,
    case when d.trade_usd = 0 then 0 else d.trade_usd / d.total_a_usd end as share_a,
    case when d.trade_usd = 0 then 0 else d.trade_usd / d.total_b_usd end as share_b,
    sqrt(share_a * share_b) as salience,
    1 - abs(share_a - share_b) as symmetry,
    salience * symmetry as interdependence,
from core.trade_dyads as d
