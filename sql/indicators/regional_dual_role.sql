-- Whether a region binds itself together by trade more than by security (X6).
-- kind: table
-- key: region_version, coding, year, region_id
-- grain: one region of one version in one calendar year, by coding of alliances
-- units: shares 0 to 1; standard deviations
-- method: gap = z(introversion) - z(cohesion): introversion of trade (E8 of
--   indicators.regional_trade, default source, method import_priority) and cohesion =
--   share of pairs of the region that are allied for defense * (1 - extra-regional
--   dominance), both of indicators.regional_security. z is over all regions and years
--   of the version and coding in which both are known, so that gap_all tells the years
--   of a region apart; gap is of z within the year, which tells regions apart. Missing:
--   null unless both parts are known, and within a year unless two regions have both.
--   High: trade turns inward more than security does. It moves with what counts as a
--   region and with its size, and a region without alliances has cohesion 0, whoever
--   protects it. Sources: any of trade; atop or cowalliances, cownmc, cowstates
-- trace indicators.regional_trade: t.region_version = r.region_version and t.is_default
--   and t.method = 'import_priority' and t.region_id = r.region_id and t.year = r.year
-- column region_version [code]: version of the assignment of states to regions
-- column coding [code]: atop or cow
-- column year: calendar year
-- column region_id: the region
-- column trade_source: source of introversion: comtrade, imts or cowtrade
-- column introversion: E8, from -1 to 1
-- column state_count [states]: states of the region
-- column dyad_count [pairs]: pairs of them
-- column allied_share [share]: pairs allied for defense / dyad_count
-- column extra_regional_share [share]: states whose dominant ally is from outside /
--   state_count; enters nothing
-- column extra_regional_dominance [share]: mean part of that ally in the capabilities
--   of a state and all its allies
-- column unknown_count [states]: states that are left out of that mean
-- column cohesion [share]: allied_share*(1 - extra_regional_dominance)
-- column introversion_z_all [standard deviations]: introversion among all regions and
--   years
-- column cohesion_z_all [standard deviations]: cohesion among all regions and years
-- column gap_all [standard deviations]: introversion_z_all - cohesion_z_all
-- column introversion_z [standard deviations]: introversion among the regions of the
--   year
-- column cohesion_z [standard deviations]: cohesion among the regions of the year
-- column gap [standard deviations]: introversion_z - cohesion_z
with parts as (
    select
        s.region_version,
        s.coding,
        s.year,
        s.region_id,
        t.source as trade_source,
        t.introversion,
        s.state_count,
        s.dyad_count,
        s.allied_share,
        s.extra_regional_share,
        s.extra_regional_dominance,
        s.unknown_count,
        s.allied_share * (1 - s.extra_regional_dominance) as cohesion,
    from indicators.regional_security as s
    left join indicators.regional_trade as t
        on t.region_version = s.region_version
        and t.region_id = s.region_id
        and t.year = s.year
        and t.is_default
        and t.method = 'import_priority'
),

complete as (
    select
        p.region_version,
        p.coding,
        p.year,
        p.region_id,
        (p.introversion - avg(p.introversion) over overall)
            / nullif(stddev_samp(p.introversion) over overall, 0) as introversion_z_all,
        (p.cohesion - avg(p.cohesion) over overall)
            / nullif(stddev_samp(p.cohesion) over overall, 0) as cohesion_z_all,
        (p.introversion - avg(p.introversion) over yearly)
            / nullif(stddev_samp(p.introversion) over yearly, 0) as introversion_z,
        (p.cohesion - avg(p.cohesion) over yearly)
            / nullif(stddev_samp(p.cohesion) over yearly, 0) as cohesion_z,
    from parts as p
    where p.introversion is not null and p.cohesion is not null
    window
        overall as (partition by p.region_version, p.coding),
        yearly as (partition by p.region_version, p.coding, p.year)
)

select
    p.region_version,
    p.coding,
    p.year,
    p.region_id,
    p.trade_source,
    p.introversion,
    p.state_count,
    p.dyad_count,
    p.allied_share,
    p.extra_regional_share,
    p.extra_regional_dominance,
    p.unknown_count,
    p.cohesion,
    c.introversion_z_all,
    c.cohesion_z_all,
    c.introversion_z_all - c.cohesion_z_all as gap_all,
    c.introversion_z,
    c.cohesion_z,
    c.introversion_z - c.cohesion_z as gap,
from parts as p
left join complete as c
    on c.region_version = p.region_version
    and c.coding = p.coding
    and c.year = p.year
    and c.region_id = p.region_id
