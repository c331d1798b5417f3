-- How often a member of a group voted otherwise than most of the group's other members.
-- grain: one member of one group in one session of one source, by scope
-- units: n is roll calls; deviation is a share from 0 to 1
-- method: the plurality is the most frequent ballot (yes, abstain, no) of the other
--   members, the member's own left out; roll calls on which two ballots are equally
--   frequent among them, or no other member voted, are dropped (V10)
-- column group_id: the group
-- column iso3: the member
-- column body: GA or SC
-- column source: unga, unsc, sciencespo or voeten
-- column session: session of the Assembly; empty for the Council, whose row covers all
--   years
-- column scope: all, or contested (at least two different ballots among all states,
--   members or not)
-- column is_default: whether the source is the default series of every text the row
--   covers
-- column deviation: share of n on which the member's ballot was not the plurality's
-- column n [roll calls]: roll calls with a ballot of the member and a plurality of the
--   others
-- column low_n: whether n is below 10, too few to report
with counted as (
    select
        g.group_id,
        g.iso3,
        g.body,
        g.source,
        g.session,
        g.contested,
        g.is_default,
        g.vote,
        count(*) filter (where g.vote = 'yes') over rollcall
            - cast(g.vote = 'yes' as integer) as y,
        count(*) filter (where g.vote = 'abstain') over rollcall
            - cast(g.vote = 'abstain' as integer) as a,
        count(*) filter (where g.vote = 'no') over rollcall
            - cast(g.vote = 'no' as integer) as n,
    from core.group_ballots as g
    window rollcall as (partition by g.group_id, g.source, g.resolution_id)
),

compared as (
    select
        c.group_id,
        c.iso3,
        c.body,
        c.source,
        c.session,
        c.contested,
        c.is_default,
        c.vote,
        case
            when c.y > greatest(c.a, c.n) then 'yes'
            when c.a > greatest(c.y, c.n) then 'abstain'
            when c.n > greatest(c.y, c.a) then 'no'
        end as plurality,
    from counted as c
)

select
    c.group_id,
    c.iso3,
    c.body,
    c.source,
    c.session,
    s.scope,
    bool_and(c.is_default) as is_default,
    avg(cast(c.vote <> c.plurality as integer)) as deviation,
    count(*) as n,
    count(*) < 10 as low_n,
from compared as c
inner join (values ('all'), ('contested')) as s (scope)
    on s.scope = 'all' or c.contested
where c.plurality is not null
group by c.group_id, c.iso3, c.body, c.source, c.session, s.scope
