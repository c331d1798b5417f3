-- How often two states cast which pair of ballots: additive counts, so that any period
-- is a sum.
-- kind: table
-- key: body, source, session, year, contested, iso3_a, iso3_b
-- transform: vote_dyads
-- grain: one pair of states that cast a ballot in the same roll call at least once, in
--   one session and year of one source, contested and uncontested texts apart
-- units: roll calls
-- method: indicators are functions of this 3x3 table (Signorino and Ritter 1999; Haege
--   2011); ballots of each block become three bit sets a state (yes, abstain, no), and
--   each count is the number of bits that two sets share. The select gives the
--   transform one row a roll call, with the states that chose alike; absences enter
--   nothing
-- column body: GA for the General Assembly, SC for the Security Council
-- column source: unga, unsc, sciencespo or voeten
-- column session: session of the Assembly; empty for the Council and where it is not
--   known
-- column year: calendar year of the votes
-- column contested: whether the texts were contested
-- column iso3_a: the state whose code comes first
-- column iso3_b: the other state
-- column is_default: whether the source is the default series
-- column n11 [roll calls]: both voted yes
-- column n12 [roll calls]: iso3_a voted yes, iso3_b abstained
-- column n13 [roll calls]: iso3_a voted yes, iso3_b no
-- column n21 [roll calls]: iso3_a abstained, iso3_b voted yes
-- column n22 [roll calls]: both abstained
-- column n23 [roll calls]: iso3_a abstained, iso3_b voted no
-- column n31 [roll calls]: iso3_a voted no, iso3_b yes
-- column n32 [roll calls]: iso3_a voted no, iso3_b abstained
-- column n33 [roll calls]: both voted no
select
    v.body,
    v.source,
    v.session,
    v.year,
    v.contested,
    v.is_default,
    v.resolution_id,
    coalesce(string_agg(v.iso3, ' ') filter (where v.vote = 'yes'), '') as yes_iso3,
    coalesce(string_agg(v.iso3, ' ') filter (where v.vote = 'abstain'), '')
        as abstain_iso3,
    coalesce(string_agg(v.iso3, ' ') filter (where v.vote = 'no'), '') as no_iso3,
from core.votes as v
where v.vote <> 'absent'
group by
    v.body,
    v.source,
    v.session,
    v.year,
    v.contested,
    v.is_default,
    v.resolution_id
order by v.body, v.source, v.session, v.year, v.contested
