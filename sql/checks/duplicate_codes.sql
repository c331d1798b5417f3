-- A source reports one flow twice in a year, under two of its codes for one state:
-- core.trade_reports keeps one of the reports.
-- level: warning
-- grain: one flow as one side reports it, with two or more reports
-- column source: comtrade, imts or cowtrade
-- column product [code]: TOTAL, or a code of the Harmonized System
-- column year: calendar year
-- column flow [code]: X for the reporter's exports, M for its imports; in imts the
--   indicator
-- column reporter_iso3: who reports
-- column partner_iso3: the partner
-- column codes: code of the reporter and of the partner in each report, with a stroke
-- column report_count [reports]: the reports, among them the one that is kept
with reports as (
    select
        'comtrade' as source,
        c.product,
        c.year,
        c.flow,
        c.reporter_iso3,
        c.partner_iso3,
        cast(c.reporter_code as varchar) as reporter_code,
        cast(c.partner_code as varchar) as partner_code,
    from raw.comtrade_flows as c
    where c.flow in ('X', 'M') and c.primary_value_usd is not null
    union all
    select
        'imts' as source,
        'TOTAL' as product,
        i.year,
        i.indicator as flow,
        i.reporter_iso3,
        i.partner_iso3,
        i.reporter_code,
        i.partner_code,
    from raw.imts_flows as i
    where i.flow in ('X', 'M') and i.value_usd is not null
    union all
    select
        'cowtrade' as source,
        'TOTAL' as product,
        w.year,
        'M' as flow,
        w.iso3_1 as reporter_iso3,
        w.iso3_2 as partner_iso3,
        cast(w.ccode1 as varchar) as reporter_code,
        cast(w.ccode2 as varchar) as partner_code,
    from raw.cow_trade_dyads as w
    where w.flow1_musd is not null
    union all
    select
        'cowtrade' as source,
        'TOTAL' as product,
        w.year,
        'M' as flow,
        w.iso3_2 as reporter_iso3,
        w.iso3_1 as partner_iso3,
        cast(w.ccode2 as varchar) as reporter_code,
        cast(w.ccode1 as varchar) as partner_code,
    from raw.cow_trade_dyads as w
    where w.flow2_musd is not null
),

codes as (
    select
        r.source,
        r.year,
        r.reporter_iso3 as iso3,
        r.reporter_code as code,
    from reports as r
    union
    select
        r.source,
        r.year,
        r.partner_iso3 as iso3,
        r.partner_code as code,
    from reports as r
),

ambiguous as (
    select
        c.source,
        c.year,
        c.iso3,
    from codes as c
    group by c.source, c.year, c.iso3
    having count(*) > 1
)

select
    r.source,
    r.product,
    r.year,
    r.flow,
    r.reporter_iso3,
    r.partner_iso3,
    string_agg(
        r.reporter_code || '/' || r.partner_code, ', '
        order by r.reporter_code, r.partner_code
    ) as codes,
    count(*) as report_count,
from reports as r
where
    r.reporter_iso3 <> r.partner_iso3
    and (
        (r.source, r.year, r.reporter_iso3) in (
            select (a.source, a.year, a.iso3) from ambiguous as a
        )
        or (r.source, r.year, r.partner_iso3) in (
            select (a.source, a.year, a.iso3) from ambiguous as a
        )
    )
group by
    r.source, r.product, r.year, r.flow, r.reporter_iso3, r.partner_iso3
having count(*) > 1
