-- The ballots of a group's members while they were members.
-- grain: one member of one group in one roll call of one source
-- units: none
-- method: membership is that of the day of the vote, or of 1 July where only the year
--   is known; absences are left out
-- column group_id: the group
-- column body: GA or SC
-- column source: unga, unsc, sciencespo or voeten
-- column session: session of the Assembly; empty for the Council and where it is not
--   known
-- column year: calendar year of the vote
-- column resolution_id: the text
-- column contested: whether at least two different ballots were cast among all states
-- column is_default: whether the source is the default series
-- column iso3: the member
-- column vote: yes, no or abstain
select
    m.group_id,
    v.body,
    v.source,
    v.session,
    v.year,
    v.resolution_id,
    v.contested,
    v.is_default,
    v.iso3,
    v.vote,
from core.group_members as m
inner join core.votes as v
    on v.iso3 = m.iso3
    and coalesce(v.date, make_date(v.year, 7, 1)) >= m.valid_from
    and (m.valid_to is null or coalesce(v.date, make_date(v.year, 7, 1)) < m.valid_to)
where v.vote <> 'absent'
