-- How far a region's states are allied with each other, and how far their security rests
-- on a state from outside (R2).
-- kind: table
-- key: region_version, region_id, coding, year
-- grain: one region of one version in one calendar year, by coding of alliances
-- units: states, pairs, shares 0 to 1
-- method: pairs allied for defense (core.allied_dyads) over pairs of the region
--   (core.region_dyads): A3 within the region. Extra-regional dominance is the mean, over
--   the region's states, of the dominant ally's part of the capabilities of a state and
--   all its allies (indicators.alliance_structure, A4) where that ally is no state of the
--   region, and 0 where it is, or where there is no ally. A state whose share is not
--   known is left out of the mean and counted. Years are those that the coding covers
-- column region_version [code]: version of the assignment of states to regions
-- column region_id: the region
-- column coding [code]: atop or cow
-- column year: calendar year
-- column state_count [states]: states of the region on any day of the year
-- column dyad_count [pairs]: pairs of them; 0 in a region of one state
-- column allied_count [pairs]: allied ones
-- column allied_share [share]: allied_count/dyad_count; null if there is no pair
-- column protected_count [states]: states with an ally that owes them defense, from
--   inside or outside; null if indicators.alliance_structure has no row of the coding and
--   year, so that nobody's allies are known
-- column extra_regional_count [states]: states whose dominant ally is from outside; null
--   as protected_count is
-- column extra_regional_share [share]: extra_regional_count/state_count
-- column unknown_count [states]: states whose share is not known: those with an ally, or
--   all where protected_count is null
-- column extra_regional_dominance [share]: mean as above; null if no state has a value
-- column patron_iso3: the state that is the dominant ally from outside of most states of
--   the region, of equals the first by code; null if none is
with covered as (
    select
        a.coding,
        min(a.year) as first_year,
        max(a.year) as last_year,
    from core.allied_dyads as a
    group by a.coding
),

years as (
    select
        c.coding,
        unnest(generate_series(c.first_year::bigint, c.last_year::bigint)) as year,
    from covered as c
),

members as (
    select distinct
        s.region_version,
        s.region_id,
        y.coding,
        y.year,
        s.iso3,
    from core.region_states as s
    inner join years as y
        on y.year between s.first_year and s.last_year
),

pairs as (
    select distinct
        d.region_version,
        d.region_id,
        y.coding,
        y.year,
        d.iso3_a,
        d.iso3_b,
    from core.region_dyads as d
    inner join years as y
        on y.year between d.first_year and d.last_year
),

dyads as (
    select
        p.region_version,
        p.region_id,
        p.coding,
        p.year,
        count(*) as dyad_count,
        count(a.iso3_a) as allied_count,
    from pairs as p
    left join core.allied_dyads as a
        on a.coding = p.coding
        and a.year = p.year
        and a.iso3_a = p.iso3_a
        and a.iso3_b = p.iso3_b
    group by p.region_version, p.region_id, p.coding, p.year
),

structured as (
    select distinct
        s.coding,
        s.year,
    from indicators.alliance_structure as s
),

states as (
    select
        m.region_version,
        m.region_id,
        m.coding,
        m.year,
        k.year is not null as is_known,
        s.ally_count > 0 as is_protected,
        case when i.iso3 is null then s.dominant_iso3 end as patron_iso3,
        case
            when k.year is null then null
            when coalesce(s.ally_count, 0) = 0 or i.iso3 is not null then 0
            else s.dominance_share
        end as dominance,
    from members as m
    left join structured as k
        on k.coding = m.coding
        and k.year = m.year
    left join indicators.alliance_structure as s
        on s.coding = m.coding
        and s.year = m.year
        and s.iso3 = m.iso3
    left join members as i
        on i.region_version = m.region_version
        and i.region_id = m.region_id
        and i.coding = m.coding
        and i.year = m.year
        and i.iso3 = s.dominant_iso3
),

regions as (
    select
        s.region_version,
        s.region_id,
        s.coding,
        s.year,
        count(*) as state_count,
        case
            when bool_or(s.is_known) then count(*) filter (where s.is_protected)
        end as protected_count,
        case when bool_or(s.is_known) then count(s.patron_iso3) end
            as extra_regional_count,
        count(*) - count(s.dominance) as unknown_count,
        favg(s.dominance) as extra_regional_dominance,
    from states as s
    group by s.region_version, s.region_id, s.coding, s.year
),

patrons as (
    select
        p.region_version,
        p.region_id,
        p.coding,
        p.year,
        arg_min(p.patron_iso3, row(-p.client_count, p.patron_iso3)) as patron_iso3,
    from (
        select
            s.region_version,
            s.region_id,
            s.coding,
            s.year,
            s.patron_iso3,
            count(*) as client_count,
        from states as s
        where s.patron_iso3 is not null
        group by s.region_version, s.region_id, s.coding, s.year, s.patron_iso3
    ) as p
    group by p.region_version, p.region_id, p.coding, p.year
)

select
    r.region_version,
    r.region_id,
    r.coding,
    r.year::smallint as year,
    r.state_count::integer as state_count,
    coalesce(d.dyad_count, 0)::integer as dyad_count,
    coalesce(d.allied_count, 0)::integer as allied_count,
    d.allied_count / d.dyad_count as allied_share,
    r.protected_count::integer as protected_count,
    r.extra_regional_count::integer as extra_regional_count,
    r.extra_regional_count / r.state_count as extra_regional_share,
    r.unknown_count::integer as unknown_count,
    r.extra_regional_dominance,
    p.patron_iso3,
from regions as r
left join dyads as d
    on d.region_version = r.region_version
    and d.region_id = r.region_id
    and d.coding = r.coding
    and d.year = r.year
left join patrons as p
    on p.region_version = r.region_version
    and p.region_id = r.region_id
    and p.coding = r.coding
    and p.year = r.year
