-- How each state voted on each text: a ballot, or an absence; a state that was no
-- member has no row.
-- kind: table
-- key: body, source, iso3, resolution_id
-- grain: one state in one roll call of one source
-- units: none
-- method: a permanent member's no is a veto only where the source says that the draft
--   was vetoed: some resolutions were adopted against one, and some drafts with one
--   failed for lack of votes
-- column body: GA for the General Assembly, SC for the Security Council
-- column source: unga, unsc, sciencespo or voeten
-- column iso3: the state
-- column resolution_id: the text, as in core.resolutions
-- column date [day]: day of the vote; null where the source gives a year only
-- column year: calendar year of the vote, or the year the source gives
-- column session: session of the Assembly; empty for the Council and where it is not
--   known
-- column vote: yes, no, abstain or absent
-- column is_veto: whether the ballot was a permanent member's veto
-- column contested: whether at least two different ballots were cast on the text
-- column is_default: whether the source is the default series of the session or year
select
    b.body,
    b.source,
    b.iso3,
    b.resolution_id,
    r.date,
    r.year,
    r.session,
    b.vote,
    coalesce(r.outcome = 'vetoed' and b.vote = 'no' and p.iso3 is not null, false)
        as is_veto,
    r.contested,
    r.is_default,
from core.ballots as b
inner join core.resolutions as r
    on r.source = b.source
    and r.resolution_id = b.resolution_id
left join core.permanent_members as p
    on b.body = 'SC'
    and p.iso3 = b.iso3
    and p.valid_from <= r.date
    and (p.valid_to is null or r.date < p.valid_to)
