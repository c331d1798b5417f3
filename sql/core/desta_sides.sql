-- On which side of a trade agreement between a bloc and a third country, or between two
-- blocs, each of its members stands.
-- kind: view
-- grain: one member of one agreement that has two sides
-- units: none
-- method: the members of such an agreement are bound to the other side, not to their own:
--   the African states of the Cotonou Agreement have one with Europe, and none among
--   each other. Sides are the roles of raw.desta_parties in base treaties of types 3 and 4
--   that have two. Who acceded stands opposite to the members with role 3 of that
--   round; where it has none, where most of the others of the round (role 2) stand. An
--   agreement without rows here has no sides, and a member without a role is on none: it
--   is bound to all
-- column number: number of the agreement
-- column iso3: the member
-- column side [code]: a role that stands for the side; it means nothing else
with listed as (
    select
        t.number,
        p.iso3,
        p.role as side,
        min(p.role) over (partition by t.number)
            < max(p.role) over (partition by t.number) as has_sides,
    from raw.desta_treaties as t
    inner join raw.desta_parties as p
        on p.number = t.number
    where
        t.entry_type = 'base_treaty'
        and t.member_type in (3, 4)
        and p.role is not null
),

sides as (
    select distinct
        l.number,
        l.iso3,
        l.side,
    from listed as l
    where l.has_sides
),

rounds as (
    select
        t.number as round,
        t.base_treaty as number,
        min(s.side) as first_side,
        max(s.side) as second_side,
    from raw.desta_treaties as t
    inner join sides as s
        on s.number = t.base_treaty
    where t.entry_type = 'accession'
    group by t.number, t.base_treaty
),

others as (
    select
        r.round,
        mode(s.side) filter (where p.role = 3) as opposite_side,
        mode(s.side) filter (where p.role = 2) as same_side,
    from rounds as r
    inner join raw.desta_parties as p
        on p.number = r.round
    inner join sides as s
        on s.number = r.number
        and s.iso3 = p.iso3
    group by r.round
),

joined as (
    select
        m.base_treaty as number,
        m.iso3,
        case
            when o.opposite_side = r.first_side then r.second_side
            when o.opposite_side is not null then r.first_side
            else o.same_side
        end as side,
    from core.desta_moves as m
    inner join rounds as r
        on r.round = m.number
    left join others as o
        on o.round = m.number
    where m.joins
)

select
    s.number,
    s.iso3,
    s.side,
from sides as s
union
select
    j.number,
    j.iso3,
    j.side,
from joined as j
where
    j.side is not null
    and (j.number, j.iso3) not in (select (s.number, s.iso3) from sides as s)
