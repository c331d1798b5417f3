-- In which products, chapters and sections an economy exports more than its share of
-- the world's exports (E10).
-- grain: one exporter and product, chapter or section in one calendar year; no row where
--   it exports none, which is an advantage of 0
-- units: current US dollars free on board; shares 0 to 1; ratio
-- method: Balassa 1965: (x_cp/X_c)/(X_p/X), x_cp the exports of economy c of product p,
--   X_c its exports of all products, X_p the world's exports of the product, X the
--   world's exports of all. The world is all exporters of core.product_totals, the
--   economy itself included; products of one edition only are compared
-- column nomenclature [code]: edition of the Harmonized System
-- column year: calendar year
-- column exporter_iso3: the exporter
-- column level [code]: product, chapter or section: choose one
-- column product [code]: six digits of a product, two of a chapter or section
-- column export_usd [US dollars]: x_cp
-- column exporter_total_usd [US dollars]: X_c
-- column product_total_usd [US dollars]: X_p
-- column world_total_usd [US dollars]: X
-- column export_share [share]: x_cp/X_c; null where X_c is 0
-- column world_share [share]: X_p/X; null where X is 0
-- column advantage [ratio]: export_share over world_share, above 1 an advantage; null
--   where a denominator is 0
select
    x.nomenclature,
    x.year,
    x.iso3 as exporter_iso3,
    x.level,
    x.product,
    x.value_usd as export_usd,
    x.economy_total_usd as exporter_total_usd,
    x.product_total_usd,
    x.world_total_usd,
    x.value_usd / nullif(x.economy_total_usd, 0) as export_share,
    x.product_total_usd / nullif(x.world_total_usd, 0) as world_share,
    export_share / nullif(world_share, 0) as advantage,
from core.product_totals as x
where x.flow = 'export' and x.level <> 'total'
