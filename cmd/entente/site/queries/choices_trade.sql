-- Series of trade, the default of most years first.
select
    t.source,
    min(t.year) as first_year,
    max(t.year) as last_year,
    count(*) filter (where t.is_default) as default_count,
from core.trade_default_source as t
group by t.source
order by default_count desc, t.source
