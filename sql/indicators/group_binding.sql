-- How tightly institutions bind the members of a group or alliance to each other, on
-- the mean of its pairs (A9, for P8).
-- grain: one group or alliance in one calendar year with two members or more, from the
--   first year with a binding to the last
-- units: pairs; means of percentiles 0 to 1
-- method: mean over all pairs of members of indicators.institutional_binding; a pair
--   that has no row there in a year that has others has nothing in common: 0. Members
--   are those of core.group_members, or of an alliance of ATOP (core.treaty_parties),
--   on 31 December, that belong to the international system. What the group itself sets
--   up is part of what binds its members, so that a group binds by its own existence
-- column group_id: a group of core.groups, or an alliance such as atop:3180
-- column year: calendar year
-- column member_count [states]: members that belong to the system
-- column pair_count [pairs]: pairs of them
-- column bound_count [pairs]: pairs with a row in indicators.institutional_binding
-- column mean_binding: mean over the pairs
-- column sd_binding: standard deviation over the pairs; null for one
-- column min_binding: of the pair that is bound least
with members as (
    select
        m.group_id,
        m.iso3,
        m.valid_from,
        m.valid_to,
    from core.group_members as m
    union all
    select
        p.treaty_id as group_id,
        p.iso3,
        p.valid_from,
        p.valid_to,
    from core.treaty_parties as p
    where p.source = 'atop'
),

years as (
    select i.year
    from indicators.institutional_binding as i
    group by i.year
    having count(i.binding) > 0
),

present as (
    select distinct
        m.group_id,
        y.year,
        m.iso3,
    from members as m
    inner join years as y
        on make_date(y.year, 12, 31) >= m.valid_from
        and (m.valid_to is null or make_date(y.year, 12, 31) < m.valid_to)
    semi join core.system_members as s
        on s.iso3 = m.iso3
        and y.year between s.year_from and coalesce(s.year_to, 9999)
),

pairs as (
    select
        a.group_id,
        a.year,
        i.iso3_a,
        coalesce(i.binding, 0) as binding,
    from present as a
    inner join present as b
        on b.group_id = a.group_id
        and b.year = a.year
        and b.iso3 > a.iso3
    left join indicators.institutional_binding as i
        on i.year = a.year
        and i.iso3_a = a.iso3
        and i.iso3_b = b.iso3
),

counts as (
    select
        p.group_id,
        p.year,
        count(*) as member_count,
    from present as p
    group by p.group_id, p.year
)

select
    p.group_id,
    p.year,
    any_value(c.member_count)::integer as member_count,
    count(*)::integer as pair_count,
    count(p.iso3_a)::integer as bound_count,
    avg(p.binding) as mean_binding,
    stddev_samp(p.binding) as sd_binding,
    min(p.binding) as min_binding,
from pairs as p
inner join counts as c
    on c.group_id = p.group_id
    and c.year = p.year
group by p.group_id, p.year
