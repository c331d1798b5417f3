select
    u.measure,
    max(u.year) as year,
    arg_max(u.name, u.value) as highest_name,
    max(u.value) as highest,
    arg_min(u.name, u.value) as lowest_name,
    min(u.value) as lowest,
from (
    select
        u.measure,
        u.year,
        u.value,
        case u.region_id
            when 'east_asia' then 'East Asia' when 'europe' then 'Europe'
            when 'middle_east' then 'the Middle East' when 'africa' then 'Africa'
            else 'Latin America'
        end as name,
    from (
        unpivot shown
        on east_asia, europe, middle_east, africa, latin_america
        into name region_id value value
    ) as u
) as u
group by u.measure
order by u.measure
