-- How densely trade agreements bind the states of a region to each other (R3).
-- kind: table
-- key: region_version, region_id, year
-- grain: one region of one version in one calendar year
-- units: pairs, agreements
-- method: agreements in force (core.trade_agreement_dyads, so from entry into force and
--   not from signature) between pairs of states that were in the region together on any
--   day of the year (core.region_dyads). Agreements with states outside count only for
--   the pairs inside that they bind to each other. DESTA has no ends of agreements, so
--   agreements_per_dyad never falls unless states leave: compare agreement_share first.
--   Years are from the first entry into force to the last signature in the list, 2020
-- column region_version [code]: version of the assignment of states to regions
-- column region_id: the region
-- column year: calendar year
-- column dyad_count [pairs]: pairs of states in the region
-- column agreement_count [agreements]: agreements in force that bind a pair of the region
-- column agreement_dyad_count [pairs]: pairs with one agreement or more
-- column agreement_share [share]: agreement_dyad_count/dyad_count
-- column agreements_per_dyad [agreements]: agreements of all pairs, summed, / dyad_count
with years as (
    select
        unnest(
            generate_series(
                (select min(d.first_year) from core.trade_agreement_dyads as d),
                (
                    select max(t.signed_year)::bigint
                    from core.treaties as t
                    where t.source = 'desta'
                )
            )
        ) as year,
),

pairs as (
    select distinct
        d.region_version,
        d.region_id,
        y.year,
        d.iso3_a,
        d.iso3_b,
    from core.region_dyads as d
    inner join years as y
        on y.year between d.first_year and d.last_year
),

bound as (
    select
        p.region_version,
        p.region_id,
        p.year,
        count(distinct a.treaty_id) as agreement_count,
        count(distinct (p.iso3_a, p.iso3_b)) as agreement_dyad_count,
        count(distinct (p.iso3_a, p.iso3_b, a.treaty_id)) as dyad_agreement_count,
    from pairs as p
    inner join core.trade_agreement_dyads as a
        on a.iso3_a = p.iso3_a
        and a.iso3_b = p.iso3_b
        and p.year between a.first_year and a.last_year
    group by p.region_version, p.region_id, p.year
),

sizes as (
    select
        p.region_version,
        p.region_id,
        p.year,
        count(*) as dyad_count,
    from pairs as p
    group by p.region_version, p.region_id, p.year
)

select
    s.region_version,
    s.region_id,
    s.year::smallint as year,
    s.dyad_count::integer as dyad_count,
    coalesce(b.agreement_count, 0)::integer as agreement_count,
    coalesce(b.agreement_dyad_count, 0)::integer as agreement_dyad_count,
    coalesce(b.agreement_dyad_count, 0) / s.dyad_count as agreement_share,
    coalesce(b.dyad_agreement_count, 0) / s.dyad_count as agreements_per_dyad,
from sizes as s
left join bound as b
    on b.region_version = s.region_version
    and b.region_id = s.region_id
    and b.year = s.year
