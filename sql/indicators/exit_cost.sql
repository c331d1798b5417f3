-- How much it would cost an importer to do without a supplier, by a proxy: what it buys
-- there, weighed by how far the supplier is the only one (E4).
-- grain: one importer and supplier in one calendar year
-- units: current US dollars; shares and indices 0 to 1
-- method: sum over products of (M_ijp/M_i) * (M_ijp/M_i.p) * HHI_ip: the product's part
--   in all imports, the supplier's part in the imports of the product, and the
--   concentration of the importer's suppliers of it (Hirschman's sum of squared
--   shares). A proxy, and not Crescenzi's 2003 measure, which rests on elasticities of
--   demand (kappa_p, here 1 for every product); after Peterson 2014. It sees neither
--   production at home nor stocks, and no substitute in another product. 0 for a
--   supplier without trade, who has no row
-- column nomenclature [code]: edition of the Harmonized System; editions do not compare
-- column year: calendar year
-- column importer_iso3: the importer
-- column supplier_iso3: the supplier
-- column product_count [products]: products bought there
-- column import_usd [US dollars]: M_ij, all that is bought there
-- column importer_total_usd [US dollars]: M_i, all imports
-- column import_share [share]: M_ij/M_i
-- column exit_cost: the sum, above 0 and at most import_share
-- column sole_source_share [share]: part of M_i bought there of products that have no
--   other supplier
with shares as (
    select
        f.nomenclature,
        f.year,
        f.importer_iso3,
        f.exporter_iso3 as supplier_iso3,
        f.value_usd,
        p.economy_total_usd,
        f.value_usd / nullif(p.value_usd, 0) as supplier_share,
        f.value_usd / nullif(p.economy_total_usd, 0) as import_share,
        sum((f.value_usd / nullif(p.value_usd, 0)) ** 2) over (
            partition by f.nomenclature, f.year, f.importer_iso3, f.product
        ) as concentration,
    from core.product_flows as f
    inner join core.product_totals as p
        on p.flow = 'import'
        and p.level = 'product'
        and p.nomenclature = f.nomenclature
        and p.year = f.year
        and p.iso3 = f.importer_iso3
        and p.product = f.product
)

select
    s.nomenclature,
    s.year,
    s.importer_iso3,
    s.supplier_iso3,
    count(*)::integer as product_count,
    sum(s.value_usd) as import_usd,
    any_value(s.economy_total_usd) as importer_total_usd,
    sum(s.import_share) as import_share,
    sum(s.import_share * s.supplier_share * s.concentration) as exit_cost,
    coalesce(sum(s.import_share) filter (where s.supplier_share = 1), 0)
        as sole_source_share,
from shares as s
where s.value_usd > 0
group by s.nomenclature, s.year, s.importer_iso3, s.supplier_iso3
