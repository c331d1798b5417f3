-- Every ballot and absence of every source in the same words, before anything is
-- derived.
-- grain: one state in one roll call of one source
-- units: none
-- method: the Library's X and Sciences Po's NV (not voting, not participating) and
--   Voeten's 8 are absent; Voeten's 9 (not a member) is no row; Sciences Po's ? (vote
--   not known) is no row, and checks.unknown_ballots lists it
-- trace raw.unga_votes: r.source = 'unga'
--   and cast(t.undl_id as varchar) = r.resolution_id and t.iso3 = r.iso3
-- trace raw.voeten_votes: r.source = 'voeten'
--   and cast(t.rcid as varchar) = r.resolution_id and t.iso3 = r.iso3
-- trace raw.unsc_votes: r.source = 'unsc'
--   and t.resolution = r.resolution_id and t.iso3 = r.iso3
-- trace raw.sciencespo_votes: r.source = 'sciencespo'
--   and cast(t.vote_number as varchar) = r.resolution_id and t.iso3 = r.iso3
-- column body: GA for the General Assembly, SC for the Security Council
-- column source: unga, unsc, sciencespo or voeten
-- column resolution_id: the source's own identifier of the roll call, as text
-- column iso3: the state
-- column vote: yes, no, abstain or absent
select
    'GA' as body,
    'unga' as source,
    cast(u.undl_id as varchar) as resolution_id,
    u.iso3,
    case u.ms_vote
        when 'Y' then 'yes'
        when 'N' then 'no'
        when 'A' then 'abstain'
        when 'X' then 'absent'
    end as vote,
from raw.unga_votes as u
union all
select
    'GA' as body,
    'voeten' as source,
    cast(v.rcid as varchar) as resolution_id,
    v.iso3,
    case v.vote
        when 1 then 'yes'
        when 2 then 'abstain'
        when 3 then 'no'
        when 8 then 'absent'
    end as vote,
from raw.voeten_votes as v
where v.vote <> 9
union all
select
    'SC' as body,
    'unsc' as source,
    u.resolution as resolution_id,
    u.iso3,
    case u.ms_vote
        when 'Y' then 'yes'
        when 'N' then 'no'
        when 'A' then 'abstain'
        when 'X' then 'absent'
    end as vote,
from raw.unsc_votes as u
union all
select
    'SC' as body,
    'sciencespo' as source,
    cast(s.vote_number as varchar) as resolution_id,
    s.iso3,
    case s.vote
        when 'Y' then 'yes'
        when 'N' then 'no'
        when 'A' then 'abstain'
        when 'NV' then 'absent'
    end as vote,
from raw.sciencespo_votes as s
where s.vote <> '?'
