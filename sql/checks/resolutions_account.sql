-- Every text of every raw table is in core.resolutions once.
-- level: error
-- grain: one source whose counts do not add up
-- column source: unga, unsc, sciencespo or voeten
-- column raw_count [texts]: distinct texts in the raw table
-- column core_count [texts]: rows of core.resolutions
with raw_counts as (
    select
        'unga' as source,
        count(distinct u.undl_id) as raw_count,
    from raw.unga_votes as u
    union all
    select
        'voeten' as source,
        count(distinct v.rcid) as raw_count,
    from raw.voeten_votes as v
    union all
    select
        'unsc' as source,
        count(distinct u.resolution) as raw_count,
    from raw.unsc_votes as u
    union all
    select
        'sciencespo' as source,
        count(distinct d.vote_number) as raw_count,
    from raw.sciencespo_drafts as d
),

core_counts as (
    select
        r.source,
        count(*) as core_count,
    from core.resolutions as r
    group by r.source
)

select
    r.source,
    r.raw_count,
    coalesce(c.core_count, 0) as core_count,
from raw_counts as r
left join core_counts as c
    on c.source = r.source
where r.raw_count <> coalesce(c.core_count, 0)
