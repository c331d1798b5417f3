-- The group's members.
select
    m.iso3,
    (
        select max_by(s.name, s.valid_from)
        from core.states as s
        where s.iso3 = m.iso3
    ) as name,
    m.valid_from,
    m.valid_to,
from core.group_members as m
where m.group_id = $group
order by m.valid_from, m.iso3
