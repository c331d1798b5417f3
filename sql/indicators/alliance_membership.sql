-- How many members a group had, from each day on which that changed (A5).
-- grain: one group and day on which somebody entered or left
-- units: states; days
-- method: core.group_members: from the day on which an accession took effect, not that of
--   its signature
-- column group_id: the group
-- column valid_from [day]: first day of this membership
-- column valid_to [day]: first day after it; null while it lasts
-- column member_count [states]: members
-- column entered_iso3: who entered on the first day, separated by blanks; null if nobody
-- column left_iso3: who had left on that day, separated by blanks; null if nobody
with changes as (
    select
        m.group_id,
        m.iso3,
        m.valid_from as on_day,
        1 as change,
    from core.group_members as m
    union all
    select
        m.group_id,
        m.iso3,
        m.valid_to as on_day,
        -1 as change,
    from core.group_members as m
    where m.valid_to is not null
),

days as (
    select
        c.group_id,
        c.on_day,
        sum(c.change) as change,
        string_agg(c.iso3, ' ' order by c.iso3) filter (where c.change = 1)
            as entered_iso3,
        string_agg(c.iso3, ' ' order by c.iso3) filter (where c.change = -1)
            as left_iso3,
    from changes as c
    group by c.group_id, c.on_day
)

select
    d.group_id,
    d.on_day as valid_from,
    lead(d.on_day) over (partition by d.group_id order by d.on_day) as valid_to,
    sum(d.change) over (
        partition by d.group_id
        order by d.on_day
        rows unbounded preceding
    )::integer as member_count,
    d.entered_iso3,
    d.left_iso3,
from days as d
