-- No state has two spells on one day, and no member two memberships of one group.
-- level: error
-- grain: one pair of spells that overlap
-- column kind: state, or the group
-- column iso3: the state
-- column valid_from [day]: first day of the later spell
-- column earlier_from [day]: first day of the earlier spell
-- column earlier_to [day]: first day after the earlier spell; null if it lasts
with spells as (
    select
        'state' as kind,
        s.iso3,
        s.valid_from,
        s.valid_to,
    from core.states as s
    union all
    select
        m.group_id as kind,
        m.iso3,
        m.valid_from,
        m.valid_to,
    from core.group_members as m
)

select
    y.kind,
    y.iso3,
    y.valid_from,
    x.valid_from as earlier_from,
    x.valid_to as earlier_to,
from spells as x
inner join spells as y
    on y.kind = x.kind
    and y.iso3 = x.iso3
    and y.valid_from > x.valid_from
    and (x.valid_to is null or y.valid_from < x.valid_to)
