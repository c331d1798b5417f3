-- Whether groups that hold together inside are those in conflict with outsiders: one
-- point a group and year (V9 against C2, for P17).
-- grain: one group of core.groups in one calendar year with contested votes in the
--   Assembly, by source of conflicts; years that the source covers
-- units: shares 0 to 1; conflicts
-- method: cohesion is that of indicators.group_session_cohesion (Assembly, contested
--   texts, default source), sessions of a year weighted by their roll calls; conflict
--   is that of indicators.group_conflict. Cohesion of alliances that are no group of
--   core.groups is not measured. A correlation over years of one group is of two series
--   that both have trends, over groups of a handful of points
-- column group_id: the group
-- column conflict_source [code]: mid (to 2014) or ucdp; choose one
-- column year: calendar year
-- column member_count [states]: members on any day of the year
-- column rollcall_count [roll calls]: contested texts on which two members or more cast
--   a ballot
-- column mean_present [states]: members that cast a ballot, mean over these roll calls
-- column pairwise: share of pairs of members' ballots that are alike
-- column agreement_index: mean agreement index (Hix, Noury and Roland 2005)
-- column alpha: Krippendorff's alpha, nominal; mean over sessions that have one
-- column external_count [conflicts]: that began in the year, with outsiders
-- column external_force_count [conflicts]: of these, with use of force or war; null in
--   ucdp
-- column internal_count [conflicts]: that began in the year, between members
-- column external_per_member: external_count/member_count
-- column internal_per_member: internal_count/member_count
-- column low_n: whether rollcall_count is below 10, too few to report
with cohesion as (
    select
        c.group_id,
        c.year,
        sum(c.rollcall_count) as rollcall_count,
        sum(c.mean_present * c.rollcall_count) / sum(c.rollcall_count) as mean_present,
        sum(c.pairwise * c.rollcall_count) / sum(c.rollcall_count) as pairwise,
        sum(c.agreement_index * c.rollcall_count) / sum(c.rollcall_count)
            as agreement_index,
        sum(c.alpha * c.rollcall_count)
            / sum(c.rollcall_count) filter (where c.alpha is not null) as alpha,
    from indicators.group_session_cohesion as c
    where c.body = 'GA' and c.scope = 'contested' and c.is_default
    group by c.group_id, c.year
)

select
    c.group_id,
    f.source as conflict_source,
    c.year,
    f.member_count,
    c.rollcall_count::integer as rollcall_count,
    c.mean_present,
    c.pairwise,
    c.agreement_index,
    c.alpha,
    f.external_count,
    f.external_force_count,
    f.internal_count,
    f.external_per_member,
    f.internal_per_member,
    c.rollcall_count < 10 as low_n,
from cohesion as c
inner join indicators.group_conflict as f
    on f.group_id = c.group_id
    and f.year = c.year
