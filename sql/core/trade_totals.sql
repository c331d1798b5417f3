-- All exports and imports of a state in a year: the denominators of every share of
-- trade.
-- kind: table
-- key: method, source, year, iso3
-- grain: one state or territory that anybody reported trade with, in one calendar year,
--   by method and source
-- units: current US dollars; partners
-- method: sums of core.trade, product TOTAL, over partner states and territories, so
--   that the shares of the partners add up to 1; trade with areas not elsewhere
--   specified is in no sum
-- column method [code]: import_priority or reconciled
-- column source: comtrade, imts or cowtrade
-- column year: calendar year
-- column iso3: the state
-- column is_default: whether the source is the default of the year
-- column export_usd [US dollars]: sum of its exports to all partners; 0 if there are
--   none
-- column import_usd [US dollars]: sum of its imports from all partners; 0 if there are
--   none
-- column trade_usd [US dollars]: export_usd + import_usd
-- column export_partner_count [partners]: partners with exports to them above 0
-- column import_partner_count [partners]: partners with imports from them above 0
-- column zero_exports: whether a partner to which nobody reports exports of this state
--   may be read as no trade (core.trade_filings.implies_zero)
-- column zero_imports: the same for imports
with sides as (
    select
        t.method,
        t.source,
        t.year,
        t.exporter_iso3 as iso3,
        t.is_default,
        t.value_usd as export_usd,
        0 as import_usd,
    from core.trade as t
    where t.product = 'TOTAL'
    union all
    select
        t.method,
        t.source,
        t.year,
        t.importer_iso3 as iso3,
        t.is_default,
        0 as export_usd,
        t.value_usd as import_usd,
    from core.trade as t
    where t.product = 'TOTAL'
),

sums as (
    select
        s.method,
        s.source,
        s.year,
        s.iso3,
        bool_and(s.is_default) as is_default,
        fsum(s.export_usd) as export_usd,
        fsum(s.import_usd) as import_usd,
        count(*) filter (where s.export_usd > 0) as export_partner_count,
        count(*) filter (where s.import_usd > 0) as import_partner_count,
    from sides as s
    group by s.method, s.source, s.year, s.iso3
)

select
    s.method,
    s.source,
    s.year,
    s.iso3,
    s.is_default,
    s.export_usd,
    s.import_usd,
    s.export_usd + s.import_usd as trade_usd,
    s.export_partner_count,
    s.import_partner_count,
    coalesce(x.implies_zero, false) as zero_exports,
    coalesce(m.implies_zero, false) as zero_imports,
from sums as s
left join core.trade_filings as x
    on x.flow = 'export'
    and x.source = s.source
    and x.year = s.year
    and x.iso3 = s.iso3
left join core.trade_filings as m
    on m.flow = 'import'
    and m.source = s.source
    and m.year = s.year
    and m.iso3 = s.iso3
