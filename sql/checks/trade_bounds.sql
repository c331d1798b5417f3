-- A value of trade below zero, or none that is a finite number.
-- level: error
-- grain: one report, or one value of core.trade
-- column relation: trade_reports or trade
-- column method [code]: method of core.trade; null for a report
-- column source: comtrade, imts or cowtrade
-- column product [code]: TOTAL, or a code of the Harmonized System
-- column year: calendar year
-- column exporter_iso3: where the goods went out
-- column importer_iso3: where they came in
-- column reported_by [code]: exporter or importer; null for core.trade
-- column value_usd [US dollars]: the value
select
    'trade_reports' as relation,
    cast(null as varchar) as method,
    t.source,
    t.product,
    t.year,
    t.exporter_iso3,
    t.importer_iso3,
    t.reported_by,
    t.value_usd,
from core.trade_reports as t
where t.value_usd < 0 or not isfinite(t.value_usd)
union all
select
    'trade' as relation,
    t.method,
    t.source,
    t.product,
    t.year,
    t.exporter_iso3,
    t.importer_iso3,
    cast(null as varchar) as reported_by,
    t.value_usd,
from core.trade as t
where t.value_usd is null or t.value_usd < 0 or not isfinite(t.value_usd)
