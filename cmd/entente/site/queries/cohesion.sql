-- How much the members of a group voted alike in each calendar year: the mean of the
-- agreement index over its roll calls, of whichever session.
select
    c.year,
    sum(c.rollcall_count) as rollcall_count,
    sum(c.mean_present * c.rollcall_count) / sum(c.rollcall_count) as mean_present,
    sum(c.agreement_index * c.rollcall_count) / sum(c.rollcall_count)
        as agreement_index,
    sum(c.rollcall_count) < 10 as low_n,
from indicators.group_cohesion($group, $from_year, $to_year) as c
where c.body = $body and c.source = $source and c.scope = $scope
group by c.year
order by c.year
