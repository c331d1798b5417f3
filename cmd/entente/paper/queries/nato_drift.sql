-- Agreement of European members of NATO with the United States in the Assembly, mean over members.
select
    v.year,
    count(*) as member_count,
    avg(v.agree_half) as agree_half,
    quantile_cont(v.agree_half, 0.25) as lower_quarter,
    quantile_cont(v.agree_half, 0.75) as upper_quarter,
    max(v.n) as rollcall_count,
    max(v.n) < 10 as low_n,
from indicators.vote_alignment_by_year as v
inner join core.group_members as m
    on m.group_id = 'NATO'
    and m.iso3 = case v.iso3_a when 'USA' then v.iso3_b else v.iso3_a end
    and make_date(v.year, 12, 31) >= m.valid_from
    and (m.valid_to is null or make_date(v.year, 12, 31) < m.valid_to)
where
    v.body = 'GA'
    and v.scope = 'contested'
    and v.is_default
    and 'USA' in (v.iso3_a, v.iso3_b)
    and m.iso3 not in ('USA', 'CAN')
    and v.n > 0
group by v.year
order by v.year
