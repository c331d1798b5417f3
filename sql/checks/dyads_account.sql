-- The counts of core.vote_dyads are those of the ballots: T ballots on a text make
-- T*(T-1)/2 pairs.
-- level: error
-- grain: one block (source, session, year, contested) whose pairs do not add up
-- column source: unga, unsc, sciencespo or voeten
-- column session: session of the Assembly, or empty
-- column year: calendar year
-- column contested: whether the texts were contested
-- column wanted_count [pairs]: pairs of ballots that the tallies of core.resolutions
--   make
-- column dyad_count [pairs]: sum of all nine counts in core.vote_dyads
with wanted as (
    select
        r.source,
        r.session,
        r.year,
        r.contested,
        sum(
            cast(r.yes_count + r.no_count + r.abstain_count as bigint)
            * (r.yes_count + r.no_count + r.abstain_count - 1) // 2
        ) as pair_count,
    from core.resolutions as r
    group by r.source, r.session, r.year, r.contested
),

found as (
    select
        d.source,
        d.session,
        d.year,
        d.contested,
        sum(
            d.n11 + d.n12 + d.n13 + d.n21 + d.n22 + d.n23 + d.n31 + d.n32 + d.n33
        ) as pair_count,
    from core.vote_dyads as d
    group by d.source, d.session, d.year, d.contested
)

select
    coalesce(w.source, f.source) as source,
    coalesce(w.session, f.session) as session,
    coalesce(w.year, f.year) as year,
    coalesce(w.contested, f.contested) as contested,
    coalesce(w.pair_count, 0) as wanted_count,
    coalesce(f.pair_count, 0) as dyad_count,
from wanted as w
full join found as f
    on f.source = w.source
    and f.session = w.session
    and f.year = w.year
    and f.contested = w.contested
where coalesce(w.pair_count, 0) <> coalesce(f.pair_count, 0)
