-- Every ballot of every raw table is in core.votes, but for those left out by a stated
-- rule.
-- level: error
-- grain: one source whose counts do not add up
-- method: raw_count - excluded_count = core_count
-- column source: unga, unsc, sciencespo or voeten
-- column raw_count [rows]: rows of the raw table
-- column excluded_count [rows]: rows that are no ballot: Voeten's 9 (not a member),
--   Sciences Po's ? (not known)
-- column core_count [rows]: rows of core.votes
with raw_counts as (
    select
        'unga' as source,
        count(*) as raw_count,
        0 as excluded_count,
    from raw.unga_votes
    union all
    select
        'voeten' as source,
        count(*) as raw_count,
        count(*) filter (where v.vote = 9) as excluded_count,
    from raw.voeten_votes as v
    union all
    select
        'unsc' as source,
        count(*) as raw_count,
        0 as excluded_count,
    from raw.unsc_votes
    union all
    select
        'sciencespo' as source,
        count(*) as raw_count,
        count(*) filter (where s.vote = '?') as excluded_count,
    from raw.sciencespo_votes as s
),

core_counts as (
    select
        v.source,
        count(*) as core_count,
    from core.votes as v
    group by v.source
)

select
    r.source,
    r.raw_count,
    r.excluded_count,
    coalesce(c.core_count, 0) as core_count,
from raw_counts as r
left join core_counts as c
    on c.source = r.source
where r.raw_count - r.excluded_count <> coalesce(c.core_count, 0)
