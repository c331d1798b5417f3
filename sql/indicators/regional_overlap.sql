-- Whether the pairs of a region that are allied are those that have a trade agreement (R4).
-- kind: table
-- key: region_version, region_id, coding, year
-- grain: one region of one version in one calendar year, by coding of alliances
-- units: pairs, shares
-- method: over the pairs of core.region_dyads, allied if one owes the other defense
--   (core.allied_dyads) and bound if an agreement is in force between them
--   (core.trade_agreement_dyads). phi = (n11*n00 - n10*n01) / sqrt(product of the four
--   margins). Only years that both the coding and DESTA cover. In a small region one
--   pair moves it much: look at dyad_count
-- column region_version [code]: version of the assignment of states to regions
-- column region_id: the region
-- column coding [code]: atop or cow
-- column year: calendar year
-- column dyad_count [pairs]: pairs of states in the region
-- column allied_count [pairs]: allied ones
-- column agreement_count [pairs]: those with a trade agreement in force
-- column both_count [pairs]: those with both
-- column allied_share [share]: P(allied)
-- column agreement_share [share]: P(agreement)
-- column both_share [share]: P(both)
-- column expected_both_share [share]: P(both) if the two had nothing to do with each other
-- column phi: correlation of the two, -1 to 1; null if all pairs or none are allied, or
--   have an agreement
with covered as (
    select
        t.coding,
        greatest(
            min(t.year), (select min(r.year) from indicators.regional_institutions as r)
        ) as first_year,
        least(
            max(t.year), (select max(r.year) from indicators.regional_institutions as r)
        ) as last_year,
    from core.allied_dyads as t
    group by t.coding
),

years as (
    select
        c.coding,
        unnest(generate_series(c.first_year::bigint, c.last_year::bigint)) as year,
    from covered as c
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

bound as (
    select distinct
        y.year,
        a.iso3_a,
        a.iso3_b,
    from core.trade_agreement_dyads as a
    inner join (select distinct x.year from years as x) as y
        on y.year between a.first_year and a.last_year
),

counts as (
    select
        p.region_version,
        p.region_id,
        p.coding,
        p.year,
        count(*) as n,
        count(t.iso3_a) as allied,
        count(b.iso3_a) as agreed,
        count(*) filter (where t.iso3_a is not null and b.iso3_a is not null) as both,
    from pairs as p
    left join core.allied_dyads as t
        on t.coding = p.coding
        and t.year = p.year
        and t.iso3_a = p.iso3_a
        and t.iso3_b = p.iso3_b
    left join bound as b
        on b.year = p.year
        and b.iso3_a = p.iso3_a
        and b.iso3_b = p.iso3_b
    group by p.region_version, p.region_id, p.coding, p.year
)

select
    c.region_version,
    c.region_id,
    c.coding,
    c.year::smallint as year,
    c.n::integer as dyad_count,
    c.allied::integer as allied_count,
    c.agreed::integer as agreement_count,
    c.both::integer as both_count,
    c.allied / c.n as allied_share,
    c.agreed / c.n as agreement_share,
    c.both / c.n as both_share,
    (c.allied / c.n) * (c.agreed / c.n) as expected_both_share,
    (c.both * c.n - c.allied * c.agreed)
        / nullif(
            sqrt(
                c.allied::double * (c.n - c.allied) * c.agreed * (c.n - c.agreed)
            ),
            0
        ) as phi,
from counts as c
