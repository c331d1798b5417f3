-- A reconciled value is not between the two reports, the importer's being taken free of
-- insurance and freight.
-- level: error
-- grain: one reconciled flow that rests on both reports
-- method: the bounds give way by a billionth of the larger one, for rounding
-- column source: comtrade or imts
-- column product [code]: TOTAL, or a code of the Harmonized System
-- column year: calendar year
-- column exporter_iso3: where the goods went out
-- column importer_iso3: where they came in
-- column value_usd [US dollars]: the reconciled value
-- column exporter_report_usd [US dollars]: one bound
-- column importer_fob_usd [US dollars]: the other
select
    t.source,
    t.product,
    t.year,
    t.exporter_iso3,
    t.importer_iso3,
    t.value_usd,
    t.exporter_report_usd,
    t.importer_fob_usd,
from core.trade as t
where
    t.method = 'reconciled'
    and t.evidence = 'both'
    and not coalesce(
        t.value_usd between least(t.exporter_report_usd, t.importer_fob_usd)
            - 1e-9 * greatest(t.exporter_report_usd, t.importer_fob_usd)
        and greatest(t.exporter_report_usd, t.importer_fob_usd) * (1 + 1e-9),
        false
    )
