-- Which members of a group its cohesion turns on: how alike the others would vote
-- without each of them (for P27).
-- grain: one member of one group in one session and calendar year of one source, by
--   scope
-- units: counts are roll calls; shares 0 to 1
-- method: pairwise is the share of all pairs of members' ballots on one roll call that
--   are alike (V9, indicators.group_session_cohesion); the same without the pairs of
--   the member; influence is the second less the first. Roll calls on which two members
--   or more cast a ballot. What a group would do without a member it does not know:
--   this takes a column out of the table and no more
-- column group_id: the group
-- column iso3: the member
-- column body: GA or SC
-- column source: unga, unsc, sciencespo or voeten
-- column session: session of the Assembly; empty for the Council and where it is not
--   known
-- column year: calendar year of the votes
-- column scope: all, or contested (at least two different ballots among all states,
--   members or not)
-- column is_default: whether the source is the default series of every text of the
--   member's row
-- column n [roll calls]: roll calls with a ballot of the member and of another one
-- column pairwise [share]: of all pairs
-- column pairwise_without [share]: of the pairs without the member; null if there is
--   none
-- column influence [share]: pairwise_without - pairwise: above 0 where the others are
--   more alike without it
-- column rank: place in the group, 1 for the member without whom the others are most
--   alike; null where influence is
-- column low_n: whether n is below 10, too few to report
with ballots as (
    select
        g.group_id,
        g.iso3,
        g.body,
        g.source,
        g.session,
        g.year,
        g.resolution_id,
        g.contested,
        g.is_default,
        count(*) over rollcall - 1 as others,
        count(*) over (
            partition by g.group_id, g.source, g.resolution_id, g.vote
        ) - 1 as alike,
    from core.group_ballots as g
    window rollcall as (partition by g.group_id, g.source, g.resolution_id)
),

members as (
    select
        b.group_id,
        b.iso3,
        b.body,
        b.source,
        b.session,
        b.year,
        s.scope,
        bool_and(b.is_default) as is_default,
        count(*) as n,
        sum(b.others) as pairs,
        sum(b.alike) as alike_pairs,
    from ballots as b
    inner join (values ('all'), ('contested')) as s (scope)
        on s.scope = 'all' or b.contested
    where b.others > 0
    group by b.group_id, b.iso3, b.body, b.source, b.session, b.year, s.scope
),

totals as (
    select
        m.group_id,
        m.iso3,
        m.body,
        m.source,
        m.session,
        m.year,
        m.scope,
        m.is_default,
        m.n,
        m.pairs,
        m.alike_pairs,
        sum(m.pairs) over whole / 2 as all_pairs,
        sum(m.alike_pairs) over whole / 2 as all_alike,
    from members as m
    window
        whole as (
            partition by m.group_id, m.body, m.source, m.session, m.year, m.scope
        )
),

influences as (
    select
        t.group_id,
        t.iso3,
        t.body,
        t.source,
        t.session,
        t.year,
        t.scope,
        t.is_default,
        t.n,
        t.all_alike / t.all_pairs as pairwise,
        (t.all_alike - t.alike_pairs) / nullif(t.all_pairs - t.pairs, 0)
            as pairwise_without,
    from totals as t
)

select
    i.group_id,
    i.iso3,
    i.body,
    i.source,
    i.session,
    i.year,
    i.scope,
    i.is_default,
    i.n,
    i.pairwise,
    i.pairwise_without,
    i.pairwise_without - i.pairwise as influence,
    case
        when i.pairwise_without is not null
            then
                rank() over (
                    partition by
                        i.group_id, i.body, i.source, i.session, i.year, i.scope
                    order by round(i.pairwise_without, 12) desc nulls last
                )
    end as rank,
    i.n < 10 as low_n,
from influences as i
