-- Who reported its trade, by source, year and direction.
-- grain: one reporter's exports or imports of all goods in one calendar year of one
--   source
-- units: current US dollars; partners
-- method: sums over core.trade_reports of product TOTAL
-- column source: comtrade, imts or cowtrade
-- column year: calendar year
-- column iso3: the reporter
-- column flow [code]: export or import
-- column partner_count [partners]: states and territories that the reports name, zeros
--   included
-- column own_partner_count [partners]: of these, reports that the source did not
--   estimate
-- column value_usd [US dollars]: sum of the reports
-- column implies_zero: whether a partner that has no report may be read as no trade: the
--   reporter filed reports of its own. Never so in cowtrade, which writes its zeros and
--   leaves out what it does not know
select
    t.source,
    t.year,
    case t.reported_by when 'exporter' then t.exporter_iso3 else t.importer_iso3 end
        as iso3,
    case t.reported_by when 'exporter' then 'export' else 'import' end as flow,
    count(*) as partner_count,
    count(*) filter (where not t.is_estimate) as own_partner_count,
    sum(t.value_usd) as value_usd,
    t.source <> 'cowtrade' and own_partner_count > 0 as implies_zero,
from core.trade_reports as t
where t.product = 'TOTAL'
group by t.source, t.year, iso3, t.reported_by
