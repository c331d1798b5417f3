-- Whether a state's dominant ally has moved away from it, weakened, or stands near its
-- adversary (X4).
-- kind: table
-- key: coding, year, iso3
-- grain: one state with a dominant ally in one calendar year, by coding of alliances
-- units: standard deviations; a sign
-- method: the patron is the dominant ally of indicators.alliance_structure in that
--   year. Parts: change over three years of the distance of the two in the Assembly
--   (indicators.ideal_point_distance, scope all, one method in both years: published
--   where the deposit has the year, else vb); change over three years of the patron's
--   capability (CINC), its sign turned; and kappa of the votes of the patron and the
--   state's top adversary in the year (indicators.vote_alignment_by_year, Assembly,
--   contested texts, default source, 10 votes or more). The adversary is the state with
--   most militarized disputes with this one in the ten years that end with the year
--   (core.conflict_dyads, source mid; of equals that of the latest dispute, then the
--   first by code), whoever is feared; the patron itself is none, nor is a state that
--   no longer exists in the year. Each part is z among the states of the coding and
--   year. Only the sign of their mean is given, with weights of core.composite_weights:
--   the size means nothing. Missing: parts that are known, with their weights made to
--   add up to 1; null if fewer than two of three are. A state without a dispute in ten
--   years, and all after the end of mid, have no adversary. Above 0 is above the mean
--   of the year's states, so that in any year some are exposed. It does not see troops,
--   aid or what was promised. Sources: atop or cowalliances, cownmc, cowstates, voeten,
--   mid
-- trace indicators.ideal_point_distance: t.method = r.ideal_method and t.scope = 'all'
--   and t.year in (r.year, r.year - 3) and t.iso3_a = least(r.iso3, r.patron_iso3)
--   and t.iso3_b = greatest(r.iso3, r.patron_iso3)
-- trace core.conflict_dyads: t.source = 'mid' and t.year between r.year - 9 and r.year
--   and t.iso3_a = least(r.iso3, r.adversary_iso3)
--   and t.iso3_b = greatest(r.iso3, r.adversary_iso3)
-- column coding [code]: atop or cow
-- column year: calendar year
-- column iso3: the state
-- column patron_iso3: its dominant ally
-- column ideal_method [code]: method of the distances: published or vb
-- column distance_change [standard deviations]: distance of the two less that three
--   years before; null if one is not known
-- column capability_change [share]: capability of the patron less that three years
--   before
-- column adversary_iso3: the state's top adversary; null if there is none
-- column adversary_dispute_count [conflicts]: disputes of the two in the ten years
-- column adversary_kappa: kappa of the votes of the patron and the adversary
-- column distance_z [standard deviations]: distance_change among the states of the year
-- column capability_z [standard deviations]: -capability_change among them
-- column adversary_z [standard deviations]: adversary_kappa among them
-- column part_count [parts]: parts that are known
-- column abandonment [sign]: 1 exposed more than the mean state, -1 less, 0 neither;
--   null if part_count is below 2
with patrons as (
    select
        s.coding,
        s.year,
        s.iso3,
        s.dominant_iso3 as patron_iso3,
    from indicators.alliance_structure as s
    where s.coding in ('atop', 'cow') and s.dominant_iso3 is not null
),

methods as (
    select
        p.year,
        min(p.method) as method,
    from indicators.ideal_points as p
    where p.scope = 'all' and p.method in ('published', 'vb')
    group by p.year
),

distances as (
    select
        d.year,
        d.method,
        d.iso3_a,
        d.iso3_b,
        max(d.distance) as distance,
    from indicators.ideal_point_distance as d
    where d.scope = 'all' and d.method in ('published', 'vb')
    group by d.year, d.method, d.iso3_a, d.iso3_b
),

disputes as (
    select
        c.year,
        c.conflict_id,
        c.iso3_a as iso3,
        c.iso3_b as other_iso3,
    from core.conflict_dyads as c
    where c.source = 'mid'
    union all
    select
        c.year,
        c.conflict_id,
        c.iso3_b as iso3,
        c.iso3_a as other_iso3,
    from core.conflict_dyads as c
    where c.source = 'mid'
),

rivals as (
    select
        p.coding,
        p.year,
        p.iso3,
        d.other_iso3,
        count(distinct d.conflict_id) as dispute_count,
        max(d.year) as last_year,
    from patrons as p
    inner join disputes as d
        on d.iso3 = p.iso3
        and d.other_iso3 <> p.patron_iso3
        and d.year between p.year - 9 and p.year
    where p.year <= (select max(x.year) from disputes as x)
    group by p.coding, p.year, p.iso3, d.other_iso3
),

-- a state that is gone threatens nobody
alive as (
    select distinct
        s.iso3,
        unnest(
            range(
                year(s.valid_from),
                coalesce(
                    year(s.valid_to - 1),
                    (select max(x.year) from disputes as x)
                ) + 1
            )
        ) as year,
    from core.states as s
    where s.kind = 'state'
),

adversaries as (
    select
        r.coding,
        r.year,
        r.iso3,
        arg_min(r.other_iso3, row(-r.dispute_count, -r.last_year, r.other_iso3))
            as adversary_iso3,
        max(r.dispute_count) as adversary_dispute_count,
    from rivals as r
    semi join alive as x
        on x.iso3 = r.other_iso3
        and x.year = r.year
    group by r.coding, r.year, r.iso3
),

votes as (
    select
        v.year,
        v.iso3_a,
        v.iso3_b,
        arg_max(v.kappa, v.n) as kappa,
    from indicators.vote_alignment_by_year as v
    where v.body = 'GA' and v.scope = 'contested' and v.is_default and not v.low_n
    group by v.year, v.iso3_a, v.iso3_b
),

parts as (
    select
        p.coding,
        p.year,
        p.iso3,
        p.patron_iso3,
        m.method as ideal_method,
        d.distance - b.distance as distance_change,
        e.cinc - c.cinc as capability_change,
        a.adversary_iso3,
        a.adversary_dispute_count,
        v.kappa as adversary_kappa,
    from patrons as p
    left join methods as m
        on m.year = p.year
    left join distances as d
        on d.year = p.year
        and d.method = m.method
        and d.iso3_a = least(p.iso3, p.patron_iso3)
        and d.iso3_b = greatest(p.iso3, p.patron_iso3)
    left join distances as b
        on b.year = p.year - 3
        and b.method = d.method
        and b.iso3_a = d.iso3_a
        and b.iso3_b = d.iso3_b
    left join core.economies as e
        on e.iso3 = p.patron_iso3
        and e.year = p.year
    left join core.economies as c
        on c.iso3 = p.patron_iso3
        and c.year = p.year - 3
    left join adversaries as a
        on a.coding = p.coding
        and a.year = p.year
        and a.iso3 = p.iso3
    left join votes as v
        on v.year = p.year
        and v.iso3_a = least(p.patron_iso3, a.adversary_iso3)
        and v.iso3_b = greatest(p.patron_iso3, a.adversary_iso3)
),

scaled as (
    select
        p.coding,
        p.year,
        p.iso3,
        p.patron_iso3,
        p.ideal_method,
        p.distance_change,
        p.capability_change,
        p.adversary_iso3,
        p.adversary_dispute_count,
        p.adversary_kappa,
        (
            p.distance_change
            - avg(p.distance_change) over (partition by p.coding, p.year)
        )
            / nullif(
                stddev_samp(p.distance_change) over (partition by p.coding, p.year), 0
            ) as distance_z,
        (
            avg(p.capability_change) over (partition by p.coding, p.year)
            - p.capability_change
        )
            / nullif(
                stddev_samp(p.capability_change) over (partition by p.coding, p.year), 0
            ) as capability_z,
        (
            p.adversary_kappa
            - avg(p.adversary_kappa) over (partition by p.coding, p.year)
        )
            / nullif(
                stddev_samp(p.adversary_kappa) over (partition by p.coding, p.year), 0
            ) as adversary_z,
    from parts as p
),

weights as (
    select
        max(w.weight) filter (where w.part = 'distance') as distance,
        max(w.weight) filter (where w.part = 'capability') as capability,
        max(w.weight) filter (where w.part = 'adversary') as adversary,
    from core.composite_weights as w
    where w.composite = 'abandonment_exposure'
)

select
    s.coding,
    s.year,
    s.iso3,
    s.patron_iso3,
    s.ideal_method,
    s.distance_change,
    s.capability_change,
    s.adversary_iso3,
    s.adversary_dispute_count::integer as adversary_dispute_count,
    s.adversary_kappa,
    s.distance_z,
    s.capability_z,
    s.adversary_z,
    (s.distance_z is not null)::integer
    + (s.capability_z is not null)::integer
    + (s.adversary_z is not null)::integer as part_count,
    case
        when part_count >= 2
            then sign(
                round(
                    coalesce(w.distance * s.distance_z, 0)
                    + coalesce(w.capability * s.capability_z, 0)
                    + coalesce(w.adversary * s.adversary_z, 0),
                    12
                )
            )::tinyint
    end as abandonment,
from scaled as s
cross join weights as w
