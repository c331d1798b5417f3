-- Series of votes, the default of most periods first.
select
    r.body,
    r.source,
    min(r.year) as first_year,
    max(r.year) as last_year,
    count(*) as rollcall_count,
    count(*) filter (where r.is_default) as default_count,
from core.resolutions as r
group by r.body, r.source
order by r.body, default_count desc, r.source
