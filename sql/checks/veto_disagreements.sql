-- Vetoes that one of the two sources has and the other has not, where both are loaded.
-- level: warning
-- grain: one state's vetoes of one draft on one day
-- method: counted, because one draft can be voted on several times a day
-- column date [day]: day of the vote
-- column draft: symbol of the draft; null if it has none
-- column iso3: the state
-- column sciencespo_count [vetoes]: vetoes in Sciences Po's table
-- column scvetoes_count [vetoes]: vetoes in the United Nations' list
with counts as (
    select
        v.date,
        v.draft,
        v.iso3,
        count(*) filter (where v.source = 'sciencespo') as sciencespo_count,
        count(*) filter (where v.source = 'scvetoes') as scvetoes_count,
    from core.vetoes as v
    group by v.date, v.draft, v.iso3
),

loaded as (
    select
        count(distinct v.source) as source_count,
    from core.vetoes as v
)

select
    c.date,
    c.draft,
    c.iso3,
    c.sciencespo_count,
    c.scvetoes_count,
from counts as c
cross join loaded as l
where c.sciencespo_count <> c.scvetoes_count and l.source_count = 2
