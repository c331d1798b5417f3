-- The graphs that states form by year: who trades with whom.
-- grain: one tie between two states in one calendar year of one graph; and a row without
--   a partner for every state of the graph, so that those without a tie are in it
-- units: current US dollars
-- method: trade is directed, from exporter to importer, and weighs what the flow is worth
--   by method reconciled, or import_priority where the default source of the year has
--   no other; its states are those that anybody reported trade with
-- column graph [code]: trade
-- column year: calendar year
-- column is_directed: whether ties have a direction
-- column from_iso3: the exporter, or a state of the graph
-- column to_iso3: the importer; null in the row of a state
-- column weight [US dollars]: value of the flow; null in the row of a state
with chosen as (
    select
        t.source,
        t.year,
        case when bool_or(t.method = 'reconciled') then 'reconciled' else 'import_priority'
        end as method,
    from core.trade_totals as t
    where t.is_default
    group by t.source, t.year
)

select
    'trade' as graph,
    t.year,
    true as is_directed,
    t.exporter_iso3 as from_iso3,
    t.importer_iso3 as to_iso3,
    t.value_usd as weight,
from core.trade as t
inner join chosen as c
    on c.source = t.source
    and c.method = t.method
    and c.year = t.year
where t.product = 'TOTAL' and t.value_usd > 0 and t.exporter_iso3 <> t.importer_iso3
union all
select
    'trade' as graph,
    t.year,
    true as is_directed,
    t.iso3 as from_iso3,
    null as to_iso3,
    null as weight,
from core.trade_totals as t
inner join chosen as c
    on c.source = t.source
    and c.method = t.method
    and c.year = t.year
