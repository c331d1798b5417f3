-- How often pairs of states in a region come into conflict with each other, all pairs and
-- allied ones apart (C1).
-- kind: table
-- key: region_version, region_id, source, coding, tie, year
-- grain: one region of one version in one calendar year of one source, by tie
-- units: pairs; onsets for 1,000 pairs and years
-- method: 1000 x pairs with one onset or more / pairs of states that were in the region
--   together on any day of the year (core.region_dyads). Several onsets of a pair in a
--   year count once. Years are all from the first to the last with a conflict in the
--   source: mid 1816 to 2014, ucdp from 1946. Allied pairs are those of core.allied_dyads:
--   one owes the other defense; they have rows in the years that the coding covers.
--   After Gibler, Miller and Little 2016
-- column region_version [code]: version of the assignment of states to regions
-- column region_id: the region
-- column source [code]: mid or ucdp; their onsets are different things
-- column coding [code]: whose alliances: atop or cow; any where tie is all
-- column tie [code]: all pairs, allied or not_allied ones
-- column year: calendar year
-- column dyad_count [pairs]: pairs of states in the region
-- column conflict_count [pairs]: of them, those in conflict with each other, whenever it
--   began
-- column onset_count [pairs]: of them, those with an onset in the year
-- column force_onset_count [pairs]: of them, those with an onset with use of force or war
--   (hostility 4 or 5); null in ucdp, where every conflict is one
-- column conflict_rate [per thousand]: 1000 x onset_count/dyad_count
-- column force_conflict_rate [per thousand]: 1000 x force_onset_count/dyad_count
with covered as (
    select
        c.source,
        min(c.year) as first_year,
        max(c.year) as last_year,
    from core.conflicts as c
    group by c.source
),

years as (
    select
        c.source,
        unnest(generate_series(c.first_year::bigint, c.last_year::bigint)) as year,
    from covered as c
),

pairs as (
    select distinct
        d.region_version,
        d.region_id,
        y.source,
        y.year,
        d.iso3_a,
        d.iso3_b,
    from core.region_dyads as d
    inner join years as y
        on y.year between d.first_year and d.last_year
),

codings as (
    select
        a.coding,
        min(a.year) as first_year,
        max(a.year) as last_year,
    from core.allied_dyads as a
    group by a.coding
),

tied as (
    select
        p.region_version,
        p.region_id,
        p.source,
        p.year,
        p.iso3_a,
        p.iso3_b,
        'any' as coding,
        'all' as tie,
    from pairs as p
    union all
    select
        p.region_version,
        p.region_id,
        p.source,
        p.year,
        p.iso3_a,
        p.iso3_b,
        k.coding,
        case when a.iso3_a is not null then 'allied' else 'not_allied' end as tie,
    from pairs as p
    inner join codings as k
        on p.year between k.first_year and k.last_year
    left join core.allied_dyads as a
        on a.coding = k.coding
        and a.year = p.year
        and a.iso3_a = p.iso3_a
        and a.iso3_b = p.iso3_b
)

select
    p.region_version,
    p.region_id,
    p.source,
    p.coding,
    p.tie,
    p.year::smallint as year,
    count(*)::integer as dyad_count,
    count(c.iso3_a)::integer as conflict_count,
    (count(*) filter (where c.onset))::integer as onset_count,
    case
        when p.source = 'mid'
            then (count(*) filter (where c.onset_with_force))::integer
    end as force_onset_count,
    1000 * onset_count / dyad_count as conflict_rate,
    1000 * force_onset_count / dyad_count as force_conflict_rate,
from tied as p
left join core.conflicts as c
    on c.source = p.source
    and c.year = p.year
    and c.iso3_a = p.iso3_a
    and c.iso3_b = p.iso3_b
group by p.region_version, p.region_id, p.source, p.coding, p.tie, p.year
