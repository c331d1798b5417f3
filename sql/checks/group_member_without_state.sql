-- Every member of a group is a state that existed when it was a member.
-- level: error
-- grain: one membership without a state
-- column group_id: the group
-- column iso3: the code that no spell of core.states has on the first day of membership
-- column valid_from [day]: first day of membership
select
    m.group_id,
    m.iso3,
    m.valid_from,
from core.group_members as m
left join core.states as s
    on s.iso3 = m.iso3
    and s.valid_from <= m.valid_from
    and (s.valid_to is null or m.valid_from < s.valid_to)
where s.iso3 is null
