-- How many of a region's states fight in an armed conflict, inside or between states (C1).
-- kind: table
-- key: region_version, region_id, year
-- grain: one region of one version in one calendar year since 1946
-- units: states; states in conflict for 1,000 states and years
-- method: 1000 x states that are a primary party to a conflict with 25 battle deaths or
--   more in the year (raw.ucdp_parties) / states of the region on any day of the year
--   (core.region_states). A state that only gave troops is not counted, nor is where the
--   fighting was: a state that fights abroad counts in its own region. Gleditsch et al.
--   2002
-- column region_version [code]: version of the assignment of states to regions
-- column region_id: the region
-- column year: calendar year
-- column state_count [states]: states of the region
-- column conflict_count [states]: of them, primary parties to a conflict of any type
-- column war_count [states]: of them, those in one with 1,000 deaths or more in the year
-- column interstate_count [states]: of them, those in one between states
-- column conflict_rate [per thousand]: 1000 x conflict_count/state_count
-- column war_rate [per thousand]: 1000 x war_count/state_count
with parties as (
    select
        p.iso3,
        p.year,
        max(c.intensity_level) as intensity,
        bool_or(c.type_of_conflict = 2) as is_interstate,
    from raw.ucdp_parties as p
    inner join raw.ucdp_conflicts as c
        on c.conflict_id = p.conflict_id
        and c.year = p.year
    where p.role = 'primary'
    group by p.iso3, p.year
),

years as (
    select unnest(generate_series(min(c.year)::bigint, max(c.year)::bigint)) as year,
    from raw.ucdp_conflicts as c
),

members as (
    select distinct
        s.region_version,
        s.region_id,
        y.year,
        s.iso3,
    from core.region_states as s
    inner join years as y
        on y.year between s.first_year and s.last_year
)

select
    m.region_version,
    m.region_id,
    m.year::smallint as year,
    count(*)::integer as state_count,
    count(p.iso3)::integer as conflict_count,
    (count(*) filter (where p.intensity = 2))::integer as war_count,
    (count(*) filter (where p.is_interstate))::integer as interstate_count,
    1000 * conflict_count / state_count as conflict_rate,
    1000 * war_count / state_count as war_rate,
from members as m
left join parties as p
    on p.iso3 = m.iso3
    and p.year = m.year
group by m.region_version, m.region_id, m.year
