-- How alike two states voted in the Security Council, with and without the resolutions
-- that were adopted without a vote (V8).
-- grain: one pair of states in one calendar year of one source in which both were
--   members
-- units: resolutions; shares 0 to 1
-- method: (agreement * N + Nc)/(N + Nc), N the resolutions on which both cast a ballot
--   in a vote, Nc those adopted without one while both were members: consensus counts
--   as agreement. Haege and Hug 2016; Fjelstul, Hug and Kilby 2022. Only unsc says
--   which resolutions were adopted without a vote (raw.unsc_votes, modality); the other
--   views take such a resolution as a yes of every member, as the source writes it. Of
--   the Assembly, for which the measure was made and most of whose resolutions are
--   adopted without a vote, no source has these: there is no row of it
-- trace raw.unsc_votes: t.year = r.year and t.iso3 in (r.iso3_a, r.iso3_b)
-- column body: SC
-- column source: unsc
-- column year: calendar year
-- column iso3_a: the state whose code comes first
-- column iso3_b: the other state
-- column n [resolutions]: N
-- column consensus_count [resolutions]: Nc
-- column consensus_share [share]: Nc/(N + Nc)
-- column agree: strict agreement over N (V1); null if N is 0
-- column agree_half: agreement with half credit over N (V2); null if N is 0
-- column agree_adjusted: strict agreement with consensus
-- column agree_half_adjusted: agreement with half credit and consensus
-- column low_n: whether N is below 10, too few to report
with ballots as (
    select
        u.year,
        u.resolution,
        u.iso3,
        coalesce(u.modality = 'Without Vote', false) as is_consensus,
        case u.ms_vote when 'Y' then 1 when 'A' then 2 when 'N' then 3 end as choice,
    from raw.unsc_votes as u
),

pairs as (
    select
        a.year,
        a.iso3 as iso3_a,
        b.iso3 as iso3_b,
        count(*) filter (where not a.is_consensus and a.choice + b.choice > 0) as n,
        count(*) filter (where a.is_consensus) as consensus_count,
        count(*) filter (where not a.is_consensus and a.choice = b.choice) as alike,
        sum(1 - abs(a.choice - b.choice) / 2) filter (where not a.is_consensus)
            as half_alike,
    from ballots as a
    inner join ballots as b
        on b.resolution = a.resolution
        and b.iso3 > a.iso3
    group by a.year, a.iso3, b.iso3
)

select
    'SC' as body,
    'unsc' as source,
    p.year,
    p.iso3_a,
    p.iso3_b,
    p.n::integer as n,
    p.consensus_count::integer as consensus_count,
    p.consensus_count / (p.n + p.consensus_count) as consensus_share,
    p.alike / nullif(p.n, 0) as agree,
    p.half_alike / nullif(p.n, 0) as agree_half,
    (p.alike + p.consensus_count) / (p.n + p.consensus_count) as agree_adjusted,
    (coalesce(p.half_alike, 0) + p.consensus_count) / (p.n + p.consensus_count)
        as agree_half_adjusted,
    p.n < 10 as low_n,
from pairs as p
where p.n + p.consensus_count > 0
