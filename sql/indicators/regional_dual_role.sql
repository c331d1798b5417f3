-- Whether a region binds itself together by trade more than by security (X6).
-- kind: table
-- key: coding, year, region_id
-- grain: one primary region of version 2026 in one calendar year, by coding of
--   alliances
-- units: shares 0 to 1; standard deviations
-- method: gap = z(introversion) - z(cohesion): introversion of trade (E8 of
--   indicators.regional_trade, default source, method import_priority) and cohesion =
--   share of pairs of the region that are allied for defence
--   (indicators.alliance_density) * (1 - share of its states whose dominant ally is
--   from outside it, indicators.alliance_structure). z is over all regions and years of
--   the coding in which both are known, so that gap_all tells years of a region apart;
--   gap is of z within the year, which tells regions apart. Missing: null unless both
--   parts are known, and within a year unless two regions have both. High: trade turns
--   inward more than security does. It moves with what counts as a region (try another
--   version with regional_trade) and with the size of a region, and a region without
--   alliances has cohesion 0, whoever protects it. Sources: any of trade; atop or
--   cowalliances, cownmc, cowstates
-- trace indicators.regional_trade: t.region_version = '2026' and t.is_default
--   and t.method = 'import_priority' and t.region_id = r.region_id and t.year = r.year
-- column coding [code]: atop or cow
-- column year: calendar year
-- column region_id: the region
-- column trade_source: source of introversion: comtrade, imts or cowtrade
-- column introversion: E8, from -1 to 1
-- column state_count [states]: states of the system in the region
-- column dyad_count [pairs]: pairs of them
-- column allied_share [share]: pairs allied for defence / dyad_count
-- column extra_regional_count [states]: states whose dominant ally is from outside
-- column extra_regional_share [share]: extra_regional_count/state_count
-- column cohesion [share]: allied_share*(1 - extra_regional_share)
-- column introversion_z_all [standard deviations]: introversion among all regions and
--   years
-- column cohesion_z_all [standard deviations]: cohesion among all regions and years
-- column gap_all [standard deviations]: introversion_z_all - cohesion_z_all
-- column introversion_z [standard deviations]: introversion among the regions of the
--   year
-- column cohesion_z [standard deviations]: cohesion among the regions of the year
-- column gap [standard deviations]: introversion_z - cohesion_z
with dominance as (
    select
        s.coding,
        s.year,
        s.region_id,
        count(*) as state_count,
        count(*) filter (where s.is_extra_regional) as extra_regional_count,
    from indicators.alliance_structure as s
    where s.coding in ('atop', 'cow') and s.region_id is not null
    group by s.coding, s.year, s.region_id
),

trades as (
    select
        t.year,
        t.region_id,
        t.source,
        t.introversion,
    from indicators.regional_trade as t
    where t.region_version = '2026' and t.is_default and t.method = 'import_priority'
),

parts as (
    select
        d.coding,
        d.year,
        d.region_id,
        t.source as trade_source,
        t.introversion,
        d.state_count,
        a.dyad_count,
        a.density as allied_share,
        d.extra_regional_count,
        d.extra_regional_count / d.state_count as extra_regional_share,
        a.density * (1 - d.extra_regional_count / d.state_count) as cohesion,
    from dominance as d
    left join indicators.alliance_density as a
        on a.coding = d.coding
        and a.year = d.year
        and a.region_id = d.region_id
    left join trades as t
        on t.year = d.year
        and t.region_id = d.region_id
),

complete as (
    select
        p.coding,
        p.year,
        p.region_id,
        (p.introversion - avg(p.introversion) over (partition by p.coding))
            / nullif(stddev_samp(p.introversion) over (partition by p.coding), 0)
            as introversion_z_all,
        (p.cohesion - avg(p.cohesion) over (partition by p.coding))
            / nullif(stddev_samp(p.cohesion) over (partition by p.coding), 0)
            as cohesion_z_all,
        (p.introversion - avg(p.introversion) over (partition by p.coding, p.year))
            / nullif(
                stddev_samp(p.introversion) over (partition by p.coding, p.year), 0
            ) as introversion_z,
        (p.cohesion - avg(p.cohesion) over (partition by p.coding, p.year))
            / nullif(stddev_samp(p.cohesion) over (partition by p.coding, p.year), 0)
            as cohesion_z,
    from parts as p
    where p.introversion is not null and p.cohesion is not null
)

select
    p.coding,
    p.year,
    p.region_id,
    p.trade_source,
    p.introversion,
    p.state_count::integer as state_count,
    p.dyad_count::integer as dyad_count,
    p.allied_share,
    p.extra_regional_count::integer as extra_regional_count,
    p.extra_regional_share,
    p.cohesion,
    c.introversion_z_all,
    c.cohesion_z_all,
    c.introversion_z_all - c.cohesion_z_all as gap_all,
    c.introversion_z,
    c.cohesion_z,
    c.introversion_z - c.cohesion_z as gap,
from parts as p
left join complete as c
    on c.coding = p.coding
    and c.year = p.year
    and c.region_id = p.region_id
