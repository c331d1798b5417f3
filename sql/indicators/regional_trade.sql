-- How much a region trades with itself, beside how much others trade with it (E7, E8).
-- kind: table
-- key: region_version, region_id, method, source, year
-- grain: one region of one version in one calendar year, by method and source
-- units: current US dollars; shares 0 to 1; ratios
-- method: T_r is the exports and imports of all members, T_rr those with other members
--   (each flow counts twice: for the exporter and for the importer), T_w those of all
--   states and territories; T_or = T_r - T_rr is the outsiders' trade with the region,
--   T_o = T_w - T_r all trade of outsiders. Iapadre 2006; Hamanaka 2015. Members are
--   all that were in the region on any day of the year, as a primary region or not. The
--   sums are of core.trade: what nobody reported is in none of them. Materialized,
--   because it reads all trade
-- column region_version [code]: version of the assignment of states to regions
-- column region_id: the region
-- column method [code]: import_priority or reconciled; choose one
-- column source: comtrade, imts or cowtrade
-- column year: calendar year
-- column is_default: whether the source is the default of the year
-- column member_count [states]: members that have trade in core.trade_totals
-- column intra_flow_count [flows]: flows between members that are above 0
-- column intra_trade_usd [US dollars]: T_rr
-- column region_trade_usd [US dollars]: T_r
-- column world_trade_usd [US dollars]: T_w
-- column intra_share [share]: T_rr/T_r. It grows with the size of the region: compare
--   years, never regions
-- column intra_intensity: intra_share/(T_r/T_w)
-- column hi: HI = (T_rr/T_r)/(T_or/T_o); null if outsiders have no trade, or none with
--   the region
-- column he: HE = (1 - T_rr/T_r)/(1 - T_or/T_o); null if outsiders have no trade, or
--   none with each other
-- column introversion: (HI - HE)/(HI + HE), from -1 (all trade is with others) to 1
--   (all is inside); written without HI and HE, so that it exists where one is null
--   for want of a divisor; null if outsiders have no trade
with years as (
    select distinct t.year,
    from core.trade_totals as t
),

members as (
    select distinct
        m.region_version,
        m.region_id,
        m.iso3,
        y.year,
    from core.region_members as m
    inner join years as y
        on year(m.valid_from) <= y.year
        and y.year <= coalesce(year(m.valid_to - 1), 9999)
),

worlds as (
    select
        t.method,
        t.source,
        t.year,
        fsum(t.trade_usd) as world_trade_usd,
    from core.trade_totals as t
    group by t.method, t.source, t.year
),

regions as (
    select
        m.region_version,
        m.region_id,
        t.method,
        t.source,
        t.year,
        bool_and(t.is_default) as is_default,
        count(*) as member_count,
        fsum(t.trade_usd) as region_trade_usd,
    from core.trade_totals as t
    inner join members as m
        on m.iso3 = t.iso3
        and m.year = t.year
    group by m.region_version, m.region_id, t.method, t.source, t.year
),

inside as (
    select
        x.region_version,
        x.region_id,
        t.method,
        t.source,
        t.year,
        count(*) filter (where t.value_usd > 0) as intra_flow_count,
        2 * fsum(t.value_usd) as intra_trade_usd,
    from core.trade as t
    inner join members as x
        on x.iso3 = t.exporter_iso3
        and x.year = t.year
    inner join members as m
        on m.region_version = x.region_version
        and m.region_id = x.region_id
        and m.year = x.year
        and m.iso3 = t.importer_iso3
    where t.product = 'TOTAL'
    group by x.region_version, x.region_id, t.method, t.source, t.year
),

sums as (
    select
        r.region_version,
        r.region_id,
        r.method,
        r.source,
        r.year,
        r.is_default,
        r.member_count,
        coalesce(i.intra_flow_count, 0) as intra_flow_count,
        coalesce(i.intra_trade_usd, 0) as intra_trade_usd,
        r.region_trade_usd,
        w.world_trade_usd,
        coalesce(i.intra_trade_usd, 0) / nullif(r.region_trade_usd, 0) as p,
        greatest(r.region_trade_usd - coalesce(i.intra_trade_usd, 0), 0)
            / nullif(greatest(w.world_trade_usd - r.region_trade_usd, 0), 0) as q,
    from regions as r
    inner join worlds as w
        on w.method = r.method
        and w.source = r.source
        and w.year = r.year
    left join inside as i
        on i.region_version = r.region_version
        and i.region_id = r.region_id
        and i.method = r.method
        and i.source = r.source
        and i.year = r.year
)

select
    s.region_version,
    s.region_id,
    s.method,
    s.source,
    s.year,
    s.is_default,
    s.member_count,
    s.intra_flow_count,
    s.intra_trade_usd,
    s.region_trade_usd,
    s.world_trade_usd,
    s.p as intra_share,
    s.p / nullif(s.region_trade_usd / nullif(s.world_trade_usd, 0), 0)
        as intra_intensity,
    s.p / nullif(s.q, 0) as hi,
    (1 - s.p) / nullif(1 - s.q, 0) as he,
    case
        when s.p + s.q - 2 * s.p * s.q > 0
            then greatest(-1, least(1, (s.p - s.q) / (s.p + s.q - 2 * s.p * s.q)))
    end as introversion,
from sums as s
