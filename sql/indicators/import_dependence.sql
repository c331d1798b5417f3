-- On which suppliers an importer depends for a product or chapter (E10).
-- grain: one importer, supplier and product or chapter in one calendar year; no row
--   where the importer buys none from the supplier
-- units: current US dollars free on board; shares 0 to 1
-- method: M_ijp/M_i.p, what importer i buys of product p from supplier j over what it
--   buys of it from all. What it produces itself is not known, so the share is of
--   imports, not of use: an upper bound of dependence
-- column nomenclature [code]: edition of the Harmonized System
-- column year: calendar year
-- column importer_iso3: the importer
-- column supplier_iso3: the supplier, which is the exporter of core.product_flows
-- column level [code]: product or chapter: choose one
-- column product [code]: six digits of a product, two of a chapter
-- column import_usd [US dollars]: M_ijp
-- column product_total_usd [US dollars]: M_i.p, imports of the product from all suppliers
-- column importer_total_usd [US dollars]: M_i, imports of all products from all suppliers
-- column supplier_share [share]: M_ijp/M_i.p; null where M_i.p is 0
-- column import_share [share]: M_ijp/M_i; null where M_i is 0
with flows as (
    select
        f.nomenclature,
        f.year,
        f.importer_iso3,
        f.exporter_iso3,
        'product' as level,
        f.product,
        f.value_usd,
    from core.product_flows as f
    union all
    select
        f.nomenclature,
        f.year,
        f.importer_iso3,
        f.exporter_iso3,
        'chapter' as level,
        f.product[:2] as product,
        sum(f.value_usd) as value_usd,
    from core.product_flows as f
    group by f.nomenclature, f.year, f.importer_iso3, f.exporter_iso3, f.product[:2]
)

select
    f.nomenclature,
    f.year,
    f.importer_iso3,
    f.exporter_iso3 as supplier_iso3,
    f.level,
    f.product,
    f.value_usd as import_usd,
    p.value_usd as product_total_usd,
    p.economy_total_usd as importer_total_usd,
    f.value_usd / nullif(p.value_usd, 0) as supplier_share,
    f.value_usd / nullif(p.economy_total_usd, 0) as import_share,
from flows as f
inner join core.product_totals as p
    on p.flow = 'import'
    and p.nomenclature = f.nomenclature
    and p.year = f.year
    and p.level = f.level
    and p.iso3 = f.importer_iso3
    and p.product = f.product
