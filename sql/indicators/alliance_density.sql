-- How densely the states of a region, or of the world, are allied for defence (A3).
-- grain: one region, or the world, in one calendar year, by coding
-- units: states; pairs of states; shares 0 to 1
-- method: two states are allied if one owes the other defence, in either direction
--   (core.alliance_ties), and both belong to the system (core.system_members) and, for a
--   region, to it as their primary region in version 2026 on 1 July. Density is given on
--   two bases: of all pairs, and of pairs of states that have an ally in the region,
--   because isolates make it small whatever the others do. Density falls as a region
--   grows; years of the coding treaty have a few alliances only
-- column coding [code]: atop, cow or treaty
-- column year: calendar year
-- column region_id: the region, or world
-- column state_count [states]: states of the system in the region
-- column dyad_count [pairs]: pairs of them
-- column allied_dyad_count [pairs]: pairs allied for defence
-- column density [share]: allied_dyad_count/dyad_count; null if there is no pair
-- column allied_state_count [states]: states with an ally in the region
-- column density_of_allied [share]: allied_dyad_count over pairs of those; null if none
-- column mean_degree: allies in the region, mean over its states
with years as (
    select distinct
        t.coding,
        t.year,
    from core.alliance_ties as t
),

members as (
    select
        y.coding,
        y.year,
        s.iso3,
    from years as y
    inner join core.system_members as s
        on y.year between s.year_from and coalesce(s.year_to, 9999)
),

placed as (
    select
        m.coding,
        m.year,
        m.iso3,
        'world' as region_id,
    from members as m
    union all
    select
        m.coding,
        m.year,
        m.iso3,
        r.region_id,
    from members as m
    inner join core.region_members as r
        on r.iso3 = m.iso3
        and r.region_version = '2026'
        and r.is_primary
        and make_date(m.year, 7, 1) >= r.valid_from
        and (r.valid_to is null or make_date(m.year, 7, 1) < r.valid_to)
),

sizes as (
    select
        p.coding,
        p.year,
        p.region_id,
        count(*) as state_count,
    from placed as p
    group by p.coding, p.year, p.region_id
),

allies as (
    select distinct
        t.coding,
        t.year,
        o.iso3,
        o.ally_iso3,
    from core.alliance_ties as t
    cross join lateral (
        select
            t.provider_iso3 as iso3,
            t.receiver_iso3 as ally_iso3,
        union all
        select
            t.receiver_iso3 as iso3,
            t.provider_iso3 as ally_iso3,
    ) as o
    where t.defense
),

inside as (
    select
        a.coding,
        a.year,
        p.region_id,
        count(*) as tie_count,
        count(distinct a.iso3) as allied_state_count,
    from allies as a
    inner join placed as p
        on p.coding = a.coding
        and p.year = a.year
        and p.iso3 = a.iso3
    inner join placed as q
        on q.coding = a.coding
        and q.year = a.year
        and q.iso3 = a.ally_iso3
        and q.region_id = p.region_id
    group by a.coding, a.year, p.region_id
)

select
    s.coding,
    s.year,
    s.region_id,
    s.state_count::integer as state_count,
    (s.state_count * (s.state_count - 1) / 2)::integer as dyad_count,
    coalesce(i.tie_count / 2, 0)::integer as allied_dyad_count,
    coalesce(i.tie_count, 0) / nullif(s.state_count * (s.state_count - 1), 0)
        as density,
    coalesce(i.allied_state_count, 0)::integer as allied_state_count,
    i.tie_count / (i.allied_state_count * (i.allied_state_count - 1))
        as density_of_allied,
    coalesce(i.tie_count, 0) / s.state_count as mean_degree,
from sizes as s
left join inside as i
    on i.coding = s.coding
    and i.year = s.year
    and i.region_id = s.region_id
