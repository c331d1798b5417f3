-- Every report of a trade flow: what one side of it says that it was worth.
-- kind: table
-- key: source, product, year, exporter_iso3, importer_iso3, reported_by
-- grain: one report of one flow of goods from one state or territory to another
-- units: current US dollars
-- method: reported zeros are kept; where nobody reported, there is no row. Left out
--   (checks.trade_reports_account counts them) are re-exports and re-imports, reports
--   without a value, reports of a state's trade with itself, and, where a source has
--   two codes for one state in one year, all but one report of a flow: the code that
--   core.states lists goes first (in imts: the code that is the state's iso3), then the
--   lower one; of imports that imts gives both cif and fob, the fob ones. Aggregates
--   and areas not elsewhere specified never get here. cowtrade gives imports only: the
--   importer's report or, where there was none, the exporter's, without saying which
-- trace raw.comtrade_flows: r.source = 'comtrade' and t.year = r.year and t.product = r.product
--   and t.reporter_iso3 =
--     case r.reported_by when 'exporter' then r.exporter_iso3 else r.importer_iso3 end
--   and t.partner_iso3 =
--     case r.reported_by when 'exporter' then r.importer_iso3 else r.exporter_iso3 end
--   and t.flow = case r.reported_by when 'exporter' then 'X' else 'M' end
-- trace raw.imts_flows: r.source = 'imts' and t.year = r.year
--   and t.reporter_iso3 =
--     case r.reported_by when 'exporter' then r.exporter_iso3 else r.importer_iso3 end
--   and t.partner_iso3 =
--     case r.reported_by when 'exporter' then r.importer_iso3 else r.exporter_iso3 end
--   and t.flow = case r.reported_by when 'exporter' then 'X' else 'M' end
-- trace raw.cow_trade_dyads: r.source = 'cowtrade' and t.year = r.year
--   and (t.iso3_2 = r.exporter_iso3 and t.iso3_1 = r.importer_iso3
--     or t.iso3_1 = r.exporter_iso3 and t.iso3_2 = r.importer_iso3)
-- column source: comtrade, imts or cowtrade
-- column product [code]: TOTAL for all goods, or a code of the Harmonized System
-- column year: calendar year
-- column exporter_iso3: where the goods went out
-- column importer_iso3: where they came in
-- column reported_by [code]: exporter or importer
-- column value_usd [US dollars]: the value reported
-- column valuation [code]: fob, or cif (with insurance and freight to the importer).
--   Exports are fob. Imports in comtrade are cif unless only a fob value is given; in
--   imts as published, but fob for importers that raw.reference_import_valuation lists;
--   in cowtrade cif
-- column is_estimate: whether the source says that it estimated the value; a total that
--   Comtrade added up from reported parts is no estimate
with listed as (
    select distinct
        s.iso3,
        s.comtrade,
    from core.states as s
    where s.comtrade is not null
),

fob_importers as (
    select distinct
        'M' as flow,
        v.iso3,
        unnest(range(v.year_from, coalesce(v.year_to, 2199) + 1)) as year,
    from raw.reference_import_valuation as v
    where v.valuation = 'fob'
),

reports as (
    select
        'comtrade' as source,
        c.product,
        c.year,
        case c.flow when 'X' then c.reporter_iso3 else c.partner_iso3 end
            as exporter_iso3,
        case c.flow when 'X' then c.partner_iso3 else c.reporter_iso3 end
            as importer_iso3,
        case c.flow when 'X' then 'exporter' else 'importer' end as reported_by,
        c.primary_value_usd as value_usd,
        c.flow = 'X' or (c.cif_value_usd is null and c.fob_value_usd is not null)
            as is_fob,
        not c.is_reported and not c.is_aggregate as is_estimate,
        r.iso3 is null as is_other_reporter,
        lpad(c.reporter_code::varchar, 5, '0') as reporter,
        p.iso3 is null as is_other_partner,
        lpad(c.partner_code::varchar, 5, '0') as partner,
        false as is_other_indicator,
    from raw.comtrade_flows as c
    left join listed as r
        on r.iso3 = c.reporter_iso3
        and r.comtrade = c.reporter_code
    left join listed as p
        on p.iso3 = c.partner_iso3
        and p.comtrade = c.partner_code
    where
        c.flow in ('X', 'M')
        and c.primary_value_usd is not null
        and c.reporter_iso3 <> c.partner_iso3
    union all
    select
        'imts' as source,
        'TOTAL' as product,
        i.year,
        case i.flow when 'X' then i.reporter_iso3 else i.partner_iso3 end
            as exporter_iso3,
        case i.flow when 'X' then i.partner_iso3 else i.reporter_iso3 end
            as importer_iso3,
        case i.flow when 'X' then 'exporter' else 'importer' end as reported_by,
        i.value_usd,
        case
            when f.iso3 is not null then true
            when i.valuation is not null then lower(i.valuation) = 'fob'
            else contains(i.indicator, '_FOB_')
        end as is_fob,
        coalesce(i.is_estimate, false) as is_estimate,
        i.reporter_code <> i.reporter_iso3 as is_other_reporter,
        i.reporter_code as reporter,
        i.partner_code <> i.partner_iso3 as is_other_partner,
        i.partner_code as partner,
        contains(i.indicator, '_FOB_') as is_other_indicator,
    from raw.imts_flows as i
    left join fob_importers as f
        on f.flow = i.flow
        and f.iso3 = i.reporter_iso3
        and f.year = i.year
    where
        i.flow in ('X', 'M')
        and i.value_usd is not null
        and i.reporter_iso3 <> i.partner_iso3
    union all
    select
        'cowtrade' as source,
        'TOTAL' as product,
        w.year,
        w.iso3_2 as exporter_iso3,
        w.iso3_1 as importer_iso3,
        'importer' as reported_by,
        w.flow1_musd * 1e6 as value_usd,
        false as is_fob,
        false as is_estimate,
        false as is_other_reporter,
        lpad(w.ccode1::varchar, 5, '0') as reporter,
        false as is_other_partner,
        lpad(w.ccode2::varchar, 5, '0') as partner,
        false as is_other_indicator,
    from raw.cow_trade_dyads as w
    where w.flow1_musd is not null and w.iso3_1 <> w.iso3_2
    union all
    select
        'cowtrade' as source,
        'TOTAL' as product,
        w.year,
        w.iso3_1 as exporter_iso3,
        w.iso3_2 as importer_iso3,
        'importer' as reported_by,
        w.flow2_musd * 1e6 as value_usd,
        false as is_fob,
        false as is_estimate,
        false as is_other_reporter,
        lpad(w.ccode1::varchar, 5, '0') as reporter,
        false as is_other_partner,
        lpad(w.ccode2::varchar, 5, '0') as partner,
        false as is_other_indicator,
    from raw.cow_trade_dyads as w
    where w.flow2_musd is not null and w.iso3_1 <> w.iso3_2
)

select
    r.source,
    r.product,
    r.year,
    r.exporter_iso3,
    r.importer_iso3,
    r.reported_by,
    r.value_usd,
    case when r.is_fob then 'fob' else 'cif' end as valuation,
    r.is_estimate,
from reports as r
qualify
    row_number() over (
        partition by
            r.source,
            r.product,
            r.year,
            r.exporter_iso3,
            r.importer_iso3,
            r.reported_by
        order by
            r.is_other_reporter,
            r.reporter,
            r.is_other_partner,
            r.partner,
            r.is_other_indicator
    ) = 1
