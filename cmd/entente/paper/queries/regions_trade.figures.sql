select
    s.region_id,
    max(s.year) as year,
    arg_max(s.introversion, s.year) as introversion,
    arg_max(s.member_count, s.year) as member_count,
    min(s.year) as first_year,
    arg_min(s.introversion, s.year) as first_introversion,
    arg_min(s.member_count, s.year) as first_member_count,
    case s.region_id
        when 'east_asia' then 'East Asia' when 'europe' then 'Europe'
        when 'middle_east' then 'the Middle East' when 'africa' then 'Africa'
        else 'Latin America'
    end as name,
from shown as s
group by s.region_id
order by introversion desc
