-- Members of the Council whose vote the source does not know: they have no row in
-- core.votes.
-- level: warning
-- grain: one member on one draft
-- column vote_number: Sciences Po's number of the vote
-- column classification: symbol of the draft as Sciences Po writes it
-- column date [day]: day of the vote
-- column iso3: the member
select
    s.vote_number,
    d.classification,
    d.date,
    s.iso3,
from raw.sciencespo_votes as s
left join raw.sciencespo_drafts as d
    on d.vote_number = s.vote_number
where s.vote = '?'
