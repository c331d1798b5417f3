-- Who left the group's line: the share of a member's ballots that were not the plurality
-- of the others, over all sessions.
select
    d.iso3,
    sum(d.n) as n,
    sum(d.deviation * d.n) / sum(d.n) as deviation,
from indicators.member_deviation as d
where
    d.group_id = $group
    and d.body = $body
    and d.source = $source
    and d.scope = $scope
group by d.iso3
order by deviation desc, d.iso3
