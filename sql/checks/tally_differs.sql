-- Ballots counted state by state differ from the totals that the source publishes.
-- level: warning
-- grain: one choice on one text whose counts differ
-- column source: unga, unsc, sciencespo or voeten
-- column resolution_id: the text
-- column symbol: its symbol
-- column choice: yes, no, abstain or absent
-- column counted [states]: counted from the ballots
-- column published [states]: as the source says
with published as (
    select
        'unga' as source,
        cast(u.undl_id as varchar) as resolution_id,
        min(u.total_yes) as yes_count,
        min(u.total_no) as no_count,
        min(u.total_abstentions) as abstain_count,
        min(u.total_non_voting) as absent_count,
    from raw.unga_votes as u
    group by u.undl_id
    union all
    select
        'unsc' as source,
        u.resolution as resolution_id,
        min(u.total_yes) as yes_count,
        min(u.total_no) as no_count,
        min(u.total_abstentions) as abstain_count,
        min(u.total_non_voting) as absent_count,
    from raw.unsc_votes as u
    group by u.resolution
    union all
    select
        'voeten' as source,
        cast(v.rcid as varchar) as resolution_id,
        min(v.yes_count) as yes_count,
        min(v.no_count) as no_count,
        min(v.abstain_count) as abstain_count,
        cast(null as smallint) as absent_count,
    from raw.voeten_votes as v
    group by v.rcid
    union all
    select
        'sciencespo' as source,
        cast(d.vote_number as varchar) as resolution_id,
        d.yes_count,
        d.no_count,
        d.abstain_count,
        d.nonvoting_count as absent_count,
    from raw.sciencespo_drafts as d
),

compared as (
    select
        r.source,
        r.resolution_id,
        r.symbol,
        unnest(['yes', 'no', 'abstain', 'absent']) as choice,
        unnest([r.yes_count, r.no_count, r.abstain_count, r.absent_count]) as counted,
        unnest([p.yes_count, p.no_count, p.abstain_count, p.absent_count]) as published,
    from core.resolutions as r
    inner join published as p
        on p.source = r.source
        and p.resolution_id = r.resolution_id
)

select
    c.source,
    c.resolution_id,
    c.symbol,
    c.choice,
    c.counted,
    c.published,
from compared as c
where c.counted <> c.published
