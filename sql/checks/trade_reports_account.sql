-- Every value of a raw table of trade is in core.trade_reports, but for those left out by
-- a stated rule.
-- level: error
-- grain: one source whose counts do not add up
-- method: raw_count - reexport_count - missing_count - self_count - duplicate_count =
--   report_count
-- column source: comtrade, imts or cowtrade
-- column raw_count [reports]: rows of the raw table; for cowtrade two a row, one a
--   direction
-- column reexport_count [reports]: re-exports, re-imports and other flows that are
--   neither exports nor imports
-- column missing_count [reports]: of the others, those without a value
-- column self_count [reports]: of the others, those of a state's trade with itself
-- column duplicate_count [reports]: of the others, those beyond the first of one flow,
--   side and product
-- column report_count [reports]: rows of core.trade_reports
with raw_reports as (
    select
        'comtrade' as source,
        c.flow,
        c.product,
        c.year,
        c.reporter_iso3,
        c.partner_iso3,
        c.primary_value_usd as value_usd,
    from raw.comtrade_flows as c
    union all
    select
        'imts' as source,
        i.flow,
        'TOTAL' as product,
        i.year,
        i.reporter_iso3,
        i.partner_iso3,
        i.value_usd,
    from raw.imts_flows as i
    union all
    select
        'cowtrade' as source,
        'M' as flow,
        'TOTAL' as product,
        w.year,
        w.iso3_1 as reporter_iso3,
        w.iso3_2 as partner_iso3,
        w.flow1_musd as value_usd,
    from raw.cow_trade_dyads as w
    union all
    select
        'cowtrade' as source,
        'M' as flow,
        'TOTAL' as product,
        w.year,
        w.iso3_2 as reporter_iso3,
        w.iso3_1 as partner_iso3,
        w.flow2_musd as value_usd,
    from raw.cow_trade_dyads as w
),

keyed as (
    select
        r.source,
        r.flow,
        r.product,
        r.year,
        r.reporter_iso3,
        r.partner_iso3,
        count(*) as raw_count,
        count(r.value_usd) as value_count,
    from raw_reports as r
    group by r.source, r.flow, r.product, r.year, r.reporter_iso3, r.partner_iso3
),

counts as (
    select
        k.source,
        sum(k.raw_count) as raw_count,
        coalesce(sum(k.raw_count) filter (where k.flow not in ('X', 'M')), 0)
            as reexport_count,
        coalesce(
            sum(k.raw_count - k.value_count) filter (where k.flow in ('X', 'M')), 0
        ) as missing_count,
        coalesce(
            sum(k.value_count) filter (
                where k.flow in ('X', 'M') and k.reporter_iso3 = k.partner_iso3
            ),
            0
        ) as self_count,
        coalesce(
            sum(k.value_count - 1) filter (
                where
                    k.flow in ('X', 'M')
                    and k.reporter_iso3 <> k.partner_iso3
                    and k.value_count > 0
            ),
            0
        ) as duplicate_count,
    from keyed as k
    group by k.source
),

reports as (
    select
        t.source,
        count(*) as report_count,
    from core.trade_reports as t
    group by t.source
)

select
    coalesce(c.source, r.source) as source,
    coalesce(c.raw_count, 0) as raw_count,
    coalesce(c.reexport_count, 0) as reexport_count,
    coalesce(c.missing_count, 0) as missing_count,
    coalesce(c.self_count, 0) as self_count,
    coalesce(c.duplicate_count, 0) as duplicate_count,
    coalesce(r.report_count, 0) as report_count,
from counts as c
full join reports as r
    on r.source = c.source
where
    coalesce(
        c.raw_count
        - c.reexport_count
        - c.missing_count
        - c.self_count
        - c.duplicate_count,
        0
    ) <> coalesce(r.report_count, 0)
