-- The graphs that states form by year: who trades with whom, and who is allied.
-- grain: one tie between two states in one calendar year of one graph; and a row
--   without a partner for every state of the graph, so that those without a tie are in
--   it
-- units: current US dollars in trade; 1 in the others
-- method: trade is directed, from exporter to importer, and weighs what the flow is
--   worth by method reconciled, or import_priority where the default source of the year
--   has no other; its states are those that anybody reported trade with. alliance_atop
--   and alliance_cow are undirected: one of the two owes the other defense
--   (core.allied_dyads); their states are those of the international system
--   (core.system_members) in years that the coding covers
-- column graph [code]: trade, alliance_atop or alliance_cow
-- column year: calendar year
-- column is_directed: whether ties have a direction
-- column from_iso3: the exporter; the ally whose code comes first; or a state of the
--   graph
-- column to_iso3: the importer; the other ally; null in the row of a state
-- column weight: value of the flow in US dollars, 1 for an alliance; null in the row of
--   a state
with codings as (
    select
        t.coding,
        min(t.year) as year_from,
        max(t.year) as year_to,
    from core.alliance_ties as t
    where t.coding in ('atop', 'cow')
    group by t.coding
)

select
    'trade' as graph,
    t.year,
    true as is_directed,
    t.exporter_iso3 as from_iso3,
    t.importer_iso3 as to_iso3,
    t.value_usd as weight,
from core.trade as t
inner join core.trade_series as c
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
inner join core.trade_series as c
    on c.source = t.source
    and c.method = t.method
    and c.year = t.year
union all
select
    'alliance_' || a.coding as graph,
    a.year,
    false as is_directed,
    a.iso3_a as from_iso3,
    a.iso3_b as to_iso3,
    1.0::double as weight,
from core.allied_dyads as a
inner join core.system_members as x
    on x.iso3 = a.iso3_a
    and a.year between x.year_from and coalesce(x.year_to, 9999)
inner join core.system_members as y
    on y.iso3 = a.iso3_b
    and a.year between y.year_from and coalesce(y.year_to, 9999)
union all
select
    'alliance_' || c.coding as graph,
    unnest(
        range(
            greatest(c.year_from, s.year_from),
            least(c.year_to, coalesce(s.year_to, c.year_to)) + 1
        )
    )::smallint as year,
    false as is_directed,
    s.iso3 as from_iso3,
    null as to_iso3,
    null as weight,
from codings as c
inner join core.system_members as s
    on s.year_from <= c.year_to
    and coalesce(s.year_to, 9999) >= c.year_from
