-- How many pairs of states became allies for defence, and how many ceased to be, each year
-- (A8).
-- grain: one region, or the world, in one calendar year, by coding
-- units: pairs of states; years
-- method: a pair is allied if either owes the other defence (core.alliance_ties); new is
--   one that was not in the year before, ended one that was and is not. A region has the
--   pairs of which both states are of it (primary, version 2026, on 1 July). A state that
--   comes to be or ceases to be makes or ends ties: Yugoslavia's are ended in 2003, and
--   Serbia and Montenegro's new. Pacts of war come in waves, and one large treaty counts
--   as many pairs
-- column coding [code]: atop, cow or treaty
-- column year: calendar year
-- column region_id: the region, or world
-- column dyad_count [pairs]: pairs allied for defence
-- column new_dyad_count [pairs]: of these, not allied in the year before; null in the first
--   year of the coding
-- column ended_dyad_count [pairs]: allied in the year before and not in this one; null in
--   the first year
-- column mean_age [years]: years since the first of the unbroken run of years, mean over
--   the pairs; an alliance older than the coding counts from its first year
with pairs as (
    select distinct
        t.coding,
        t.year,
        least(t.provider_iso3, t.receiver_iso3) as iso3_a,
        greatest(t.provider_iso3, t.receiver_iso3) as iso3_b,
    from core.alliance_ties as t
    where t.defense
),

spans as (
    select
        t.coding,
        min(t.year) as first_year,
        max(t.year) as last_year,
    from core.alliance_ties as t
    group by t.coding
),

runs as (
    select
        p.coding,
        p.year,
        p.iso3_a,
        p.iso3_b,
        p.year - row_number() over (
            partition by p.coding, p.iso3_a, p.iso3_b
            order by p.year
        ) as run,
    from pairs as p
),

aged as (
    select
        r.coding,
        r.year,
        r.iso3_a,
        r.iso3_b,
        min(r.year) over run_of as began,
        r.year = max(r.year) over run_of as is_last,
    from runs as r
    window run_of as (partition by r.coding, r.iso3_a, r.iso3_b, r.run)
),

events as (
    select
        a.coding,
        a.year,
        a.iso3_a,
        a.iso3_b,
        a.year - a.began as age,
        a.year = a.began as is_new,
        false as is_ended,
    from aged as a
    union all
    select
        a.coding,
        a.year + 1 as year,
        a.iso3_a,
        a.iso3_b,
        null as age,
        false as is_new,
        true as is_ended,
    from aged as a
    inner join spans as s
        on s.coding = a.coding
        and a.year < s.last_year
    where a.is_last
),

regions as (
    select
        r.iso3,
        r.region_id,
        r.valid_from,
        coalesce(r.valid_to, date '9999-12-31') as valid_to,
    from core.region_members as r
    where r.region_version = '2026' and r.is_primary
),

placed as (
    select
        e.coding,
        e.year,
        'world' as region_id,
        e.age,
        e.is_new,
        e.is_ended,
    from events as e
    union all
    select
        e.coding,
        e.year,
        a.region_id,
        e.age,
        e.is_new,
        e.is_ended,
    from events as e
    inner join regions as a
        on a.iso3 = e.iso3_a
        and make_date(e.year, 7, 1) >= a.valid_from
        and make_date(e.year, 7, 1) < a.valid_to
    inner join regions as b
        on b.iso3 = e.iso3_b
        and b.region_id = a.region_id
        and make_date(e.year, 7, 1) >= b.valid_from
        and make_date(e.year, 7, 1) < b.valid_to
),

grid as (
    select
        s.coding,
        unnest(range(s.first_year, s.last_year + 1))::smallint as year,
        g.region_id,
        s.first_year,
    from spans as s
    cross join (
        select 'world' as region_id
        union
        select r.region_id from regions as r
    ) as g
)

select
    g.coding,
    g.year,
    g.region_id,
    count(p.age)::integer as dyad_count,
    case
        when g.year > g.first_year then count(*) filter (where p.is_new)::integer
    end as new_dyad_count,
    case
        when g.year > g.first_year then count(*) filter (where p.is_ended)::integer
    end as ended_dyad_count,
    avg(p.age) as mean_age,
from grid as g
left join placed as p
    on p.coding = g.coding
    and p.year = g.year
    and p.region_id = g.region_id
group by g.coding, g.year, g.region_id, g.first_year
