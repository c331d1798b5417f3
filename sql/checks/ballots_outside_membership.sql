-- States that are recorded as voting on days on which they were no members of the
-- United Nations.
-- level: warning
-- grain: one state in one source
-- method: days are taken from the source, and Voeten's are up to a month off before
--   2004; a text of which only the year is known counts as of 1 July
-- column source: unga, unsc, sciencespo or voeten
-- column iso3: the state
-- column first_date [day]: first such day
-- column last_date [day]: last such day
-- column ballot_count [roll calls]: ballots and absences on such days
with members as (
    select distinct
        s.iso3,
        s.un_member_from,
        s.un_member_to,
    from core.states as s
    where s.un_member_from is not null
),

days as (
    select
        v.source,
        v.iso3,
        coalesce(v.date, make_date(v.year, 7, 1)) as date,
        count(*) as ballot_count,
    from core.votes as v
    group by v.source, v.iso3, coalesce(v.date, make_date(v.year, 7, 1))
)

select
    d.source,
    d.iso3,
    min(d.date) as first_date,
    max(d.date) as last_date,
    sum(d.ballot_count) as ballot_count,
from days as d
left join members as m
    on m.iso3 = d.iso3
    and m.un_member_from <= d.date
    and (m.un_member_to is null or d.date < m.un_member_to)
where m.iso3 is null
group by d.source, d.iso3
