-- How many texts each vote set holds: what agreement, turnout and cohesion are shares
-- of.
-- grain: one scope of one session and calendar year of one source
-- units: roll calls
-- method: scope all is every text put to a vote, contested only those on which at least
--   two different ballots were cast
-- column body: GA or SC
-- column source: unga, unsc, sciencespo or voeten
-- column session: session of the Assembly; empty for the Council and where it is not
--   known
-- column year: calendar year of the votes
-- column scope: all or contested
-- column rollcall_count [roll calls]: texts in the set
-- column is_default: whether the source is the default series
select
    r.body,
    r.source,
    r.session,
    r.year,
    s.scope,
    count(*) as rollcall_count,
    bool_and(r.is_default) as is_default,
from core.resolutions as r
inner join (values ('all'), ('contested')) as s (scope)
    on s.scope = 'all' or r.contested
group by r.body, r.source, r.session, r.year, s.scope
