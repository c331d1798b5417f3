-- Every vote has a choice, a year and a known state.
-- level: error
-- grain: one problem of one source
-- column source: unga, unsc, sciencespo or voeten
-- column problem: what is missing
-- column iso3: the state, where one is unknown
-- column row_count [rows]: rows of core.votes with the problem
with problems as (
    select
        v.source,
        case
            when v.vote is null then 'ballot with a code that is none'
            when v.year is null then 'text without a year'
            when s.iso3 is null then 'state that is not in core.states'
        end as problem,
        case when s.iso3 is null then v.iso3 end as iso3,
    from core.votes as v
    left join (
        select distinct
            s.iso3,
        from core.states as s
    ) as s
        on s.iso3 = v.iso3
)

select
    p.source,
    p.problem,
    p.iso3,
    count(*) as row_count,
from problems as p
where p.problem is not null
group by p.source, p.problem, p.iso3
