-- Groups, with how many states ever belonged to each.
select
    g.group_id,
    g.name,
from core.groups as g
order by g.group_id
