-- How far a state's obligations of defence could draw it into its partners' disputes
-- (X3).
-- kind: table
-- key: coding, year, iso3
-- grain: one state that owes defence to another in one calendar year that mid covers,
--   by coding of alliances
-- units: pairs of a partner and its adversary; sums of distances
-- method: sum over partners k whom the state must defend (core.alliance_ties), and over
--   k's adversaries m in disputes with use of force or war (core.conflicts, source mid,
--   hostility 4 or 5), of 1 - kappa of the state's and m's alliances
--   (indicators.alliance_similarity); an m with whom the state has a dispute of its
--   own, at any level, does not count, since it is not drawn in but in, nor does the
--   state itself. An m counts once for each partner. Missing: a pair whose kappa is not
--   known is in unknown_count and not in the sum; exposure is null if no kappa is
--   known, and 0 if there is no such pair, which is known. A stock of risk, and no
--   probability: not every obligation is honoured when called on, and many depend on
--   conditions that no coding has. It grows with the number of partners. Sources: atop
--   or cowalliances, cowstates, mid
-- column coding [code]: atop or cow
-- column year: calendar year, to 2014
-- column iso3: the state
-- column partner_count [states]: states to which it owes defence
-- column endangered_count [states]: of them, those with an adversary that counts
-- column adversary_count [states]: adversaries that count
-- column pair_count [pairs]: pairs of a partner and an adversary that count
-- column unknown_count [pairs]: of them, those whose kappa is not known
-- column mean_distance: mean of 1 - kappa over the others; null if there is none
-- column exposure: their sum
-- column exposure_percentile [share]: share of the other states of the year with less;
--   null where there is none
with covered as (
    select
        min(c.year) as first_year,
        max(c.year) as last_year,
    from core.conflicts as c
    where c.source = 'mid'
),

partners as (
    select
        t.coding,
        t.year,
        t.provider_iso3 as iso3,
        t.receiver_iso3 as partner_iso3,
    from core.alliance_ties as t
    inner join covered as c
        on t.year between c.first_year and c.last_year
    where t.defense and t.coding in ('atop', 'cow')
),

sides as (
    select
        c.year,
        c.iso3_a as iso3,
        c.iso3_b as other_iso3,
        c.hostility,
    from core.conflicts as c
    where c.source = 'mid'
    union all
    select
        c.year,
        c.iso3_b as iso3,
        c.iso3_a as other_iso3,
        c.hostility,
    from core.conflicts as c
    where c.source = 'mid'
),

threats as (
    select
        p.coding,
        p.year,
        p.iso3,
        p.partner_iso3,
        s.other_iso3 as adversary_iso3,
    from partners as p
    inner join sides as s
        on s.year = p.year
        and s.iso3 = p.partner_iso3
        and s.other_iso3 <> p.iso3
        and s.hostility >= 4
    anti join sides as o
        on o.year = p.year
        and o.iso3 = p.iso3
        and o.other_iso3 = s.other_iso3
),

sums as (
    select
        t.coding,
        t.year,
        t.iso3,
        count(distinct t.partner_iso3) as endangered_count,
        count(distinct t.adversary_iso3) as adversary_count,
        count(*) as pair_count,
        count(a.kappa) as known_count,
        avg(1 - a.kappa) as mean_distance,
        sum(1 - a.kappa) as exposure,
    from threats as t
    left join indicators.alliance_similarity as a
        on a.coding = t.coding
        and a.year = t.year
        and a.iso3_a = least(t.iso3, t.adversary_iso3)
        and a.iso3_b = greatest(t.iso3, t.adversary_iso3)
    group by t.coding, t.year, t.iso3
),

states as (
    select
        p.coding,
        p.year,
        p.iso3,
        count(*) as partner_count,
    from partners as p
    group by p.coding, p.year, p.iso3
),

exposures as (
    select
        p.coding,
        p.year,
        p.iso3,
        p.partner_count,
        coalesce(s.endangered_count, 0) as endangered_count,
        coalesce(s.adversary_count, 0) as adversary_count,
        coalesce(s.pair_count, 0) as pair_count,
        coalesce(s.pair_count - s.known_count, 0) as unknown_count,
        s.mean_distance,
        case when s.pair_count is null then 0 else s.exposure end as exposure,
    from states as p
    left join sums as s
        on s.coding = p.coding
        and s.year = p.year
        and s.iso3 = p.iso3
)

select
    e.coding,
    e.year,
    e.iso3,
    e.partner_count::integer as partner_count,
    e.endangered_count::integer as endangered_count,
    e.adversary_count::integer as adversary_count,
    e.pair_count::integer as pair_count,
    e.unknown_count::integer as unknown_count,
    e.mean_distance,
    e.exposure,
    case
        when
            e.exposure is not null
            and count(e.exposure) over (partition by e.coding, e.year) > 1
            then percent_rank() over (
                partition by e.coding, e.year, e.exposure is not null
                order by round(e.exposure, 12)
            )
    end as exposure_percentile,
from exposures as e
