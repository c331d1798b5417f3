-- How much more a state exports to another than the other's part in world trade would
-- have it, by three denominators (E6).
-- grain: one flow from exporter to importer in one calendar year that somebody reported,
--   by method and source
-- units: current US dollars; ratios, 1 being neutral
-- method: x is the flow, X all exports of the exporter, M all imports of the importer, W
--   all trade of the world: sums of core.trade over states and territories, so that W
--   is the sum of all X and of all M. Brown 1949; Kojima 1964. A null denominator or one
--   of 0 gives null
-- column method [code]: import_priority or reconciled; choose one
-- column source: comtrade, imts or cowtrade
-- column year: calendar year
-- column exporter_iso3: the exporter
-- column importer_iso3: the importer
-- column is_default: whether the source is the default of the year
-- column value_usd [US dollars]: x
-- column exporter_total_usd [US dollars]: X, exports of the exporter to all partners
-- column importer_total_usd [US dollars]: M, imports of the importer from all partners
-- column world_usd [US dollars]: W, exports of all states and territories
-- column exporter_share [share]: x/X
-- column intensity: exporter_share/(M/W)
-- column intensity_rest_of_world: exporter_share/(M/(W - X)): the world without the exporter's
--   own exports
-- column intensity_excluding_own: exporter_share/((M - x)/(W - X)): the importer's imports
--   without those from the exporter, too
with worlds as (
    select
        t.method,
        t.source,
        t.year,
        sum(t.export_usd) as world_usd,
    from core.trade_totals as t
    group by t.method, t.source, t.year
)

select
    t.method,
    t.source,
    t.year,
    t.exporter_iso3,
    t.importer_iso3,
    t.is_default,
    t.value_usd,
    x.export_usd as exporter_total_usd,
    m.import_usd as importer_total_usd,
    w.world_usd,
    t.value_usd / nullif(x.export_usd, 0) as exporter_share,
    exporter_share / nullif(m.import_usd / nullif(w.world_usd, 0), 0) as intensity,
    exporter_share
        / nullif(m.import_usd / nullif(greatest(w.world_usd - x.export_usd, 0), 0), 0)
        as intensity_rest_of_world,
    exporter_share
        / nullif(
            greatest(m.import_usd - t.value_usd, 0)
            / nullif(greatest(w.world_usd - x.export_usd, 0), 0),
            0
        ) as intensity_excluding_own,
from core.trade as t
inner join core.trade_totals as x
    on x.method = t.method
    and x.source = t.source
    and x.year = t.year
    and x.iso3 = t.exporter_iso3
inner join core.trade_totals as m
    on m.method = t.method
    and m.source = t.source
    and m.year = t.year
    and m.iso3 = t.importer_iso3
inner join worlds as w
    on w.method = t.method
    and w.source = t.source
    and w.year = t.year
where t.product = 'TOTAL'
