-- A source reports trade of a state with itself, under one code or two that mean the
-- same; no table has it.
-- level: warning
-- grain: one state, year and flow of one source
-- column source: comtrade, imts or cowtrade
-- column year: calendar year
-- column iso3: the state
-- column flow [code]: as the source writes it; in cowtrade M
-- column report_count [reports]: such reports
-- column value_usd [US dollars]: their sum
with reports as (
    select
        'comtrade' as source,
        c.year,
        c.reporter_iso3 as iso3,
        c.flow,
        c.primary_value_usd as value_usd,
    from raw.comtrade_flows as c
    where c.reporter_iso3 = c.partner_iso3
    union all
    select
        'imts' as source,
        i.year,
        i.reporter_iso3 as iso3,
        i.flow,
        i.value_usd,
    from raw.imts_flows as i
    where i.reporter_iso3 = i.partner_iso3
    union all
    select
        'cowtrade' as source,
        w.year,
        w.iso3_1 as iso3,
        'M' as flow,
        unnest([w.flow1_musd, w.flow2_musd]) * 1e6 as value_usd,
    from raw.cow_trade_dyads as w
    where w.iso3_1 = w.iso3_2
)

select
    r.source,
    r.year,
    r.iso3,
    r.flow,
    count(*) as report_count,
    sum(r.value_usd) as value_usd,
from reports as r
where r.value_usd is not null
group by r.source, r.year, r.iso3, r.flow
