-- What one economy exported to another in a year, by six-digit product, as BACI
-- reconciles both reports.
-- grain: one exporter, importer and product of the Harmonized System in one calendar
--   year; no row where BACI has none, which is no trade that either side reported
-- units: current US dollars free on board; metric tons
-- method: raw.baci_flows in dollars and states; a view, so that no row is stored twice.
--   BACI's values are by its own method and stay apart from core.trade. Fast for one
--   exporter, since the rows lie in the order of year, exporter, importer and product
-- column nomenclature [code]: edition of the Harmonized System that products are of
-- column year: calendar year
-- column exporter_iso3: the exporter
-- column importer_iso3: the importer
-- column product [code]: six digits of the Harmonized System; the first two are its
--   chapter
-- column value_usd [US dollars]: value of the flow
-- column quantity_t [metric tons]: its weight; null where BACI has none
select
    f.nomenclature,
    f.year,
    f.exporter_iso3,
    f.importer_iso3,
    f.product,
    1000 * f.value_kusd as value_usd,
    f.quantity_t,
from raw.baci_flows as f
