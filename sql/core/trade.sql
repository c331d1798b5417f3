-- One value of every trade flow that anybody reported, by two methods that are never
-- mixed, with the evidence beside it.
-- kind: table
-- key: exporter_iso3, importer_iso3, product, source, method, year
-- transform: trade
-- grain: one flow of goods from one state or territory to another in one calendar year,
--   by method and source
-- units: current US dollars
-- method: the select gives the transform one row a flow with both reports, the distance
--   of the capitals in that year, contiguity by land and coasts. import_priority is the
--   importer's report, or the exporter's times the factor of the IMF; reconciled is a
--   mean of both, after the cost of insurance and freight, estimated by regression, is
--   taken off the importer's, weighted by how well each reporter agrees with its
--   partners (Gaulier and Zignago 2010). The key begins with the pair, so that all
--   years of one pair lie together
-- column method [code]: import_priority or reconciled; choose one
-- column source: comtrade, imts or cowtrade
-- column product [code]: TOTAL for all goods, or a code of the Harmonized System
-- column year: calendar year
-- column exporter_iso3: where the goods went out
-- column importer_iso3: where they came in
-- column value_usd [US dollars]: the flow: cif in import_priority (fob if the importer
--   reports fob), fob in reconciled
-- column exporter_report_usd [US dollars]: what the exporter reported; null if nothing
-- column importer_report_usd [US dollars]: what the importer reported; null if nothing
-- column importer_valuation [code]: cif or fob: valuation of the importer's report, or
--   that in which it would report
-- column exporter_is_estimate: whether the source estimated the exporter's report
-- column importer_is_estimate: whether the source estimated the importer's report
-- column evidence [code]: whose reports the value rests on: both, exporter or importer
-- column discrepancy: ln(importer_report_usd/exporter_report_usd); null unless both are
--   above 0
-- column cif_factor: fitted CIF/FOB rate that the importer's report was divided by, or
--   factor of the IMF that the exporter's report was multiplied by; null if neither
-- column importer_fob_usd [US dollars]: the importer's report, fob
-- column exporter_weight: weight of the exporter's report in the mean, 0 to 1
-- column exporter_sigma: standard deviation of the logarithm of the exporter's reports
-- column importer_sigma: the same for the importer's reports
-- column is_default: whether the source is the default of the year
with flows as (
    select
        t.source,
        t.product,
        t.year,
        t.exporter_iso3,
        t.importer_iso3,
        max(t.value_usd) filter (where t.reported_by = 'exporter')
            as exporter_report_usd,
        bool_or(t.is_estimate) filter (where t.reported_by = 'exporter')
            as exporter_is_estimate,
        max(t.value_usd) filter (where t.reported_by = 'importer')
            as importer_report_usd,
        bool_or(t.is_estimate) filter (where t.reported_by = 'importer')
            as importer_is_estimate,
        max(t.valuation) filter (where t.reported_by = 'importer') as import_valuation,
    from core.trade_reports as t
    group by t.source, t.product, t.year, t.exporter_iso3, t.importer_iso3
),

fob_importers as (
    select distinct
        'imts' as source,
        v.iso3,
        unnest(range(v.year_from, coalesce(v.year_to, 2199) + 1)) as year,
    from raw.reference_import_valuation as v
    where v.valuation = 'fob'
),

land as (
    select distinct
        c.iso3_a,
        c.iso3_b,
        unnest(
            range(
                year(c.valid_from),
                coalesce(year(c.valid_to - 1), 2199) + 1
            )
        ) as year,
    from core.contiguity as c
    where c.contiguity = 1
)

select
    f.source,
    f.product,
    f.year,
    f.exporter_iso3,
    f.importer_iso3,
    f.exporter_report_usd,
    f.exporter_is_estimate,
    f.importer_report_usd,
    f.importer_is_estimate,
    coalesce(f.import_valuation, case when v.iso3 is null then 'cif' else 'fob' end)
        as importer_valuation,
    d.distance_km,
    l.year is not null as is_contiguous,
    x.landlocked as exporter_landlocked,
    m.landlocked as importer_landlocked,
    coalesce(s.is_default, false) as is_default,
from flows as f
left join core.trade_default_source as s
    on s.source = f.source
    and s.year = f.year
left join fob_importers as v
    on v.source = f.source
    and v.iso3 = f.importer_iso3
    and v.year = f.year
left join core.distances as d
    on d.iso3_a = least(f.exporter_iso3, f.importer_iso3)
    and d.iso3_b = greatest(f.exporter_iso3, f.importer_iso3)
    and f.year between d.year_from and coalesce(d.year_to, 9999)
left join land as l
    on l.iso3_a = f.exporter_iso3
    and l.iso3_b = f.importer_iso3
    and l.year = f.year
left join core.state_geography as x
    on x.iso3 = f.exporter_iso3
    and f.year between x.year_from and coalesce(x.year_to, 9999)
left join core.state_geography as m
    on m.iso3 = f.importer_iso3
    and f.year between m.year_from and coalesce(m.year_to, 9999)
order by f.source, f.product, f.year, f.exporter_iso3, f.importer_iso3
