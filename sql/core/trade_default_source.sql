-- Which source of trade is the default of a year, with the counts that decide.
-- grain: one source in one calendar year
-- units: reports
-- method: the source with most reports of total trade is the default; in a tie comtrade
--   goes before imts and imts before cowtrade
-- column year: calendar year
-- column source: comtrade, imts or cowtrade
-- column report_count [reports]: reports of total trade that the source has in the year
-- column rank: place by number of reports, ties broken by the rule; 1 is the default
-- column is_default: whether the source is the default of the year
with counts as (
    select
        t.year,
        t.source,
        count(*) as report_count,
    from core.trade_reports as t
    where t.product = 'TOTAL'
    group by t.year, t.source
)

select
    c.year,
    c.source,
    c.report_count,
    row_number() over (
        partition by c.year
        order by
            c.report_count desc,
            list_position(['comtrade', 'imts', 'cowtrade'], c.source)
    ) as rank,
    rank = 1 as is_default,
from counts as c
