-- Members of NATO after each change.
select
    year(m.valid_from) as year,
    m.valid_from,
    m.member_count,
    m.entered_iso3,
    m.left_iso3,
from indicators.alliance_membership as m
where m.group_id = 'NATO'
order by m.valid_from
