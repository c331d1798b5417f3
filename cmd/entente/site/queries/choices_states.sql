-- States with votes or trade, by the newest of their names.
with named as (
    select
        s.iso3,
        max_by(s.name, s.valid_from) as name,
    from core.states as s
    where s.kind <> 'union'
    group by s.iso3
)

select
    n.iso3,
    n.name,
from named as n
where
    n.iso3 in (select v.iso3 from core.votes as v)
    or n.iso3 in (select t.exporter_iso3 from core.trade as t)
order by n.name
