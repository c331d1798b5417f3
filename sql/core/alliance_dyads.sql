-- How far the commitments of two states are alike: states of the system by level of the
-- one's commitment and level of the other's.
-- kind: table
-- key: coding, year, iso3_a, iso3_b
-- transform: alliance_dyads
-- grain: one pair of states of the international system in one calendar year, by coding
-- units: states; shares of capabilities
-- method: portfolios of commitments to every state of the system (core.system_members),
--   the two included; a state is committed to itself at level 3 (Signorino and Ritter
--   1999). Levels are those of core.alliance_levels, of what a state owes, not of what
--   it is owed. The select gives the transform one row a state and year, weighted by its
--   Composite Index of National Capability; commitments to states outside the system
--   do not count. The key begins with coding and year, the order in which pairs come
-- column coding [code]: atop (1816-2018) or cow (1816-2012)
-- column year: calendar year
-- column iso3_a: the state whose code comes first
-- column iso3_b: the other state
-- column n00 [states]: iso3_a is committed at level 0, iso3_b at 0
-- column n01 [states]: iso3_a is committed at level 0, iso3_b at 1
-- column n02 [states]: iso3_a is committed at level 0, iso3_b at 2
-- column n03 [states]: iso3_a is committed at level 0, iso3_b at 3
-- column n10 [states]: iso3_a is committed at level 1, iso3_b at 0
-- column n11 [states]: iso3_a is committed at level 1, iso3_b at 1
-- column n12 [states]: iso3_a is committed at level 1, iso3_b at 2
-- column n13 [states]: iso3_a is committed at level 1, iso3_b at 3
-- column n20 [states]: iso3_a is committed at level 2, iso3_b at 0
-- column n21 [states]: iso3_a is committed at level 2, iso3_b at 1
-- column n22 [states]: iso3_a is committed at level 2, iso3_b at 2
-- column n23 [states]: iso3_a is committed at level 2, iso3_b at 3
-- column n30 [states]: iso3_a is committed at level 3, iso3_b at 0
-- column n31 [states]: iso3_a is committed at level 3, iso3_b at 1
-- column n32 [states]: iso3_a is committed at level 3, iso3_b at 2
-- column n33 [states]: iso3_a is committed at level 3, iso3_b at 3
-- column weighted_count [states]: states whose capability is known
-- column weight_sum [share]: sum of their capabilities, which need not be 1; null if none
--   is known
-- column weight_distance [share]: sum of their capabilities, each times the distance of
--   the two levels; null if none is known
-- column tau_b: Kendall's tau-b of the two portfolios; null where one of them has the
--   same level throughout
with years as (
    select distinct
        t.coding,
        t.year,
    from core.alliance_ties as t
    where t.coding in ('atop', 'cow')
),

portfolios as (
    select
        l.coding,
        l.year,
        l.provider_iso3,
        string_agg(l.receiver_iso3, ' ') filter (where l.level = 1) as level1_iso3,
        string_agg(l.receiver_iso3, ' ') filter (where l.level = 2) as level2_iso3,
        string_agg(l.receiver_iso3, ' ') filter (where l.level = 3) as level3_iso3,
    from core.alliance_levels as l
    where l.coding in ('atop', 'cow')
    group by l.coding, l.year, l.provider_iso3
)

select
    y.coding,
    y.year,
    s.iso3,
    e.cinc as weight,
    coalesce(p.level1_iso3, '') as level1_iso3,
    coalesce(p.level2_iso3, '') as level2_iso3,
    coalesce(p.level3_iso3, '') as level3_iso3,
from years as y
inner join core.system_members as s
    on y.year between s.year_from and coalesce(s.year_to, 9999)
left join core.economies as e
    on e.iso3 = s.iso3
    and e.year = y.year
left join portfolios as p
    on p.coding = y.coding
    and p.year = y.year
    and p.provider_iso3 = s.iso3
order by y.coding, y.year, s.iso3
