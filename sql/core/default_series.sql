-- Which source is the default series of a body in each session or year, with the counts
-- that decide.
-- grain: one source in one session of the Assembly, or in one year of the Council
-- units: roll calls
-- method: the source with most roll calls is the default; in a tie voeten goes before
--   unga and sciencespo before unsc, because these also hold texts that were not
--   adopted
-- trace core.texts: t.body = r.body and t.source = r.source
--   and t.period is not distinct from r.period
-- column body: GA or SC
-- column period: number of the session for the Assembly, calendar year for the Council
-- column source: unga, unsc, sciencespo or voeten
-- column rollcall_count [roll calls]: texts that the source has in the period
-- column rank: place by number of roll calls, ties broken by the rule; 1 is the default
-- column is_default: whether the source is the default series of the period
with counts as (
    select
        t.body,
        t.period,
        t.source,
        count(*) as rollcall_count,
    from core.texts as t
    group by t.body, t.period, t.source
)

select
    c.body,
    c.period,
    c.source,
    c.rollcall_count,
    row_number() over (
        partition by c.body, c.period
        order by
            c.rollcall_count desc,
            c.source in ('voeten', 'sciencespo') desc,
            c.source
    ) as rank,
    rank = 1 as is_default,
from counts as c
