-- Which two states stood against each other in which conflict in which year, as each
-- source has it.
-- kind: view
-- grain: one pair of states in one conflict of one source in one calendar year
-- units: classes
-- method: mid: pairs on opposite sides of a militarized interstate dispute, which the
--   source lists from both sides; 1816 to 2014. ucdp: every state on side A with every
--   state on side B of an interstate conflict (type 2) that cost 25 lives or more in
--   the year; 1946 on. Conflicts inside states are not pairs of states: see
--   raw.ucdp_parties
-- column source [code]: mid or ucdp; never add them up
-- column conflict_id: number of the dispute or conflict at the source
-- column year: calendar year
-- column iso3_a: the state whose code comes first
-- column iso3_b: the other one
-- column onset: mid: whether it began for the two in the year; ucdp: whether its episode
--   of fighting did
-- column is_primary: mid: whether both were in it from its first day; ucdp: whether both
--   are primary parties, and none only gave troops
-- column hostility [class]: level of the dispute: 1 no militarized action, 2 threat, 3
--   display, 4 use of force, 5 war; null in ucdp
-- column hostility_a [class]: highest level of iso3_a in it
-- column hostility_b [class]: highest level of iso3_b in it
-- column fatality [class]: battle deaths in the dispute: 0 none, 1 to 25, 2 to 100, 3 to
--   250, 4 to 500, 5 to 999, 6 above; null where unknown, and in ucdp
-- column fatality_a [class]: of iso3_a's own
-- column fatality_b [class]: of iso3_b's own
-- column intensity [class]: ucdp: 1 for 25 to 999 battle deaths in the year, 2 for 1,000
--   or more; null in mid
with sides as (
    select
        m.dispnum,
        m.year,
        m.iso3_1 as iso3_a,
        m.iso3_2 as iso3_b,
        m.onset,
        m.orig1 and m.orig2 as is_primary,
        m.hostlev,
        m.hostlev1 as hostility_a,
        m.hostlev2 as hostility_b,
        m.fatality,
        m.fatality1 as fatality_a,
        m.fatality2 as fatality_b,
    from raw.mid_dyads as m
    where m.ongoing
    union all
    select
        m.dispnum,
        m.year,
        m.iso3_2 as iso3_a,
        m.iso3_1 as iso3_b,
        m.onset,
        m.orig1 and m.orig2 as is_primary,
        m.hostlev,
        m.hostlev2 as hostility_a,
        m.hostlev1 as hostility_b,
        m.fatality,
        m.fatality2 as fatality_a,
        m.fatality1 as fatality_b,
    from raw.mid_dyads as m
    where m.ongoing
),

fights as (
    select
        c.conflict_id,
        c.year,
        least(a.iso3, b.iso3) as iso3_a,
        greatest(a.iso3, b.iso3) as iso3_b,
        bool_or(year(c.start_date2) = c.year) as onset,
        bool_or(a.role = 'primary' and b.role = 'primary') as is_primary,
        max(c.intensity_level) as intensity,
    from raw.ucdp_conflicts as c
    inner join raw.ucdp_parties as a
        on a.conflict_id = c.conflict_id
        and a.year = c.year
        and a.side = 'a'
    inner join raw.ucdp_parties as b
        on b.conflict_id = c.conflict_id
        and b.year = c.year
        and b.side = 'b'
    where
        c.type_of_conflict = 2
        and a.iso3 <> b.iso3
    group by c.conflict_id, c.year, least(a.iso3, b.iso3), greatest(a.iso3, b.iso3)
)

select
    'mid' as source,
    s.dispnum::integer as conflict_id,
    s.year,
    s.iso3_a,
    s.iso3_b,
    bool_or(s.onset) as onset,
    bool_or(s.is_primary) as is_primary,
    max(s.hostlev) as hostility,
    max(s.hostility_a) as hostility_a,
    max(s.hostility_b) as hostility_b,
    max(s.fatality) as fatality,
    max(s.fatality_a) as fatality_a,
    max(s.fatality_b) as fatality_b,
    null::tinyint as intensity,
from sides as s
where s.iso3_a < s.iso3_b
group by s.dispnum, s.year, s.iso3_a, s.iso3_b
union all
select
    'ucdp' as source,
    f.conflict_id,
    f.year,
    f.iso3_a,
    f.iso3_b,
    f.onset,
    f.is_primary,
    null::tinyint as hostility,
    null::tinyint as hostility_a,
    null::tinyint as hostility_b,
    null::tinyint as fatality,
    null::tinyint as fatality_a,
    null::tinyint as fatality_b,
    f.intensity,
from fights as f
