-- What each economy exports and imports of each product, chapter and section, all
-- partners together: the denominators of measures by product.
-- kind: table
-- key: year, flow, level, iso3, product, nomenclature
-- grain: one economy, direction and product, chapter or section in one calendar year; no
--   row where it is not traded
-- units: current US dollars free on board
-- method: sums of core.product_flows; a state's partners are states and territories, so
--   that the shares of the partners add up to 1
-- column nomenclature [code]: edition of the Harmonized System
-- column year: calendar year
-- column flow [code]: export or import
-- column level [code]: product, chapter, section, or total
-- column iso3: the exporter or importer
-- column product [code]: six digits of a product, two of a chapter or section; other for
--   chapters in no section; all on level total
-- column value_usd [US dollars]: sum of the flows
-- column economy_total_usd [US dollars]: the same of all products of the economy
-- column product_total_usd [US dollars]: the same of the product, of all economies
-- column world_total_usd [US dollars]: the same of all products and economies
with products as (
    select
        f.nomenclature,
        f.year,
        'export' as flow,
        f.exporter_iso3 as iso3,
        f.product,
        sum(f.value_usd) as value_usd,
    from core.product_flows as f
    group by f.nomenclature, f.year, f.exporter_iso3, f.product
    union all
    select
        f.nomenclature,
        f.year,
        'import' as flow,
        f.importer_iso3 as iso3,
        f.product,
        sum(f.value_usd) as value_usd,
    from core.product_flows as f
    group by f.nomenclature, f.year, f.importer_iso3, f.product
),

levels as (
    select
        p.nomenclature,
        p.year,
        p.flow,
        p.iso3,
        p.value_usd,
        unnest([
            {'level': 'product', 'product': p.product},
            {'level': 'chapter', 'product': p.product[:2]},
            {'level': 'section', 'product': coalesce(s.section, 'other')},
            {'level': 'total', 'product': 'all'},
        ]) as item,
    from products as p
    left join core.product_sections as s
        on s.chapter = p.product[:2]
),

totals as (
    select
        l.nomenclature,
        l.year,
        l.flow,
        l.item.level as level,
        l.iso3,
        l.item.product as product,
        sum(l.value_usd) as value_usd,
    from levels as l
    group by l.nomenclature, l.year, l.flow, l.item.level, l.iso3, l.item.product
),

economies as (
    select
        t.nomenclature,
        t.year,
        t.flow,
        t.iso3,
        t.value_usd,
    from totals as t
    where t.level = 'total'
),

worlds as (
    select
        e.nomenclature,
        e.year,
        e.flow,
        sum(e.value_usd) as value_usd,
    from economies as e
    group by e.nomenclature, e.year, e.flow
),

all_economies as (
    select
        t.nomenclature,
        t.year,
        t.flow,
        t.level,
        t.product,
        sum(t.value_usd) as value_usd,
    from totals as t
    group by t.nomenclature, t.year, t.flow, t.level, t.product
)

select
    t.nomenclature,
    t.year,
    t.flow,
    t.level,
    t.iso3,
    t.product,
    t.value_usd,
    e.value_usd as economy_total_usd,
    a.value_usd as product_total_usd,
    w.value_usd as world_total_usd,
from totals as t
inner join economies as e
    on e.nomenclature = t.nomenclature
    and e.year = t.year
    and e.flow = t.flow
    and e.iso3 = t.iso3
inner join all_economies as a
    on a.nomenclature = t.nomenclature
    and a.year = t.year
    and a.flow = t.flow
    and a.level = t.level
    and a.product = t.product
inner join worlds as w
    on w.nomenclature = t.nomenclature
    and w.year = t.year
    and w.flow = t.flow
