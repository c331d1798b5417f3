-- A reporter names less than a quarter of the partners that it named the year before:
-- its file is likely not complete.
-- level: warning
-- grain: one reporter's exports or imports in one year of one source
-- method: only reports that the source did not estimate count
-- column source: comtrade, imts or cowtrade
-- column year: calendar year
-- column iso3: the reporter
-- column flow [code]: export or import
-- column partner_count [partners]: partners in its reports of the year
-- column before_count [partners]: partners in its reports of the year before
with filings as (
    select
        f.source,
        f.year,
        f.iso3,
        f.flow,
        f.own_partner_count as partner_count,
    from core.trade_filings as f
    where f.own_partner_count > 0
)

select
    f.source,
    f.year,
    f.iso3,
    f.flow,
    f.partner_count,
    b.partner_count as before_count,
from filings as f
inner join filings as b
    on b.source = f.source
    and b.iso3 = f.iso3
    and b.flow = f.flow
    and b.year = f.year - 1
where f.partner_count < b.partner_count / 4
