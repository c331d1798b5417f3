-- Which series of trade stands for a year where one is needed: its default source, by
-- the better of the two methods.
-- grain: one calendar year with trade
-- units: none
-- method: method reconciled where the default source of the year has it, else
--   import_priority
-- column source: default source of the year
-- column year: calendar year
-- column method [code]: reconciled or import_priority
select
    t.source,
    t.year,
    case
        when bool_or(t.method = 'reconciled') then 'reconciled'
        else 'import_priority'
    end as method,
from core.trade_totals as t
where t.is_default
group by t.source, t.year
