-- How alike the members of NATO voted in the Assembly, contested texts, by year.
select
    c.year,
    sum(c.rollcall_count)::bigint as rollcall_count,
    sum(c.pairwise * c.rollcall_count) / sum(c.rollcall_count) as pairwise,
    sum(c.alpha * c.rollcall_count) / sum(c.rollcall_count) as alpha,
    sum(c.rollcall_count) < 10 as low_n,
from indicators.group_session_cohesion as c
where c.group_id = 'NATO' and c.body = 'GA' and c.scope = 'contested' and c.is_default
group by c.year
order by c.year
