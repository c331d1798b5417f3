-- Which states belonged to the international system in which years: those over which
-- portfolios of alliances are compared.
-- kind: table
-- key: iso3, year_from
-- grain: one run of calendar years in which one state belonged to the system
-- units: years
-- method: Correlates of War State System Membership (raw.cow_states). A state belongs to
--   a year in which it was a member on any day. Two numbers of one state (255 and 260)
--   make one run; a number that comes to mean another state (345 in 2003 and 2006) is
--   cut by what it means on 1 July
-- column iso3: the state
-- column year_from [year]: first year
-- column year_to [year]: last year; null where the state was a member when the list ended
with parts as (
    select
        n.iso3,
        greatest(
            year(s.valid_from),
            year(n.valid_from) + (strftime(n.valid_from, '%m%d') > '0701')::integer
        ) as year_from,
        least(
            coalesce(year(s.valid_to - 1), 9999),
            coalesce(
                year(n.valid_to) - (strftime(n.valid_to, '%m%d') <= '0701')::integer,
                9999
            )
        ) as year_to,
    from raw.cow_states as s
    inner join raw.reference_state_names as n
        on n.scheme = 'cow'
        and n.value = s.ccode::varchar
        and n.status = 'state'
),

marked as (
    select
        p.iso3,
        p.year_from,
        p.year_to,
        coalesce(
            p.year_from > 1 + max(p.year_to) over (
                partition by p.iso3
                order by p.year_from, p.year_to
                rows between unbounded preceding and 1 preceding
            ),
            true
        ) as is_new,
    from parts as p
    where p.year_from <= p.year_to
),

runs as (
    select
        m.iso3,
        m.year_from,
        m.year_to,
        count(*) filter (where m.is_new) over (
            partition by m.iso3
            order by m.year_from, m.year_to
            rows unbounded preceding
        ) as run,
    from marked as m
)

select
    r.iso3,
    min(r.year_from)::smallint as year_from,
    nullif(max(r.year_to), 9999)::smallint as year_to,
from runs as r
group by r.iso3, r.run
