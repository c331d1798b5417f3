-- How closely two states without a pact of defence stand together, among all such pairs
-- of a year (X5).
-- kind: table
-- key: year, iso3_a, iso3_b
-- grain: one pair of states without a defence pact in one calendar year with votes in
--   the Assembly, for which kappa or interdependence is known
-- units: percentiles 0 to 1; ranks
-- method: weighted mean of the percentiles, among the pairs of the year, of three
--   parts: kappa of their votes (indicators.vote_alignment_by_year, Assembly, contested
--   texts, default source, 10 votes or more), interdependence of their trade (E2,
--   default source, method import_priority), and institutions they share (groups of
--   core.group_members that are no alliances, and trade agreements in force). Weights
--   are in core.composite_weights. The design names two parts more, transfers of arms
--   and joint exercises, for which no source is loaded, and asks for three of five.
--   Missing: null unless all three are known; a pair that shares no institution has 0,
--   which is known, but without DESTA institutions are not known. A rank, not a level:
--   it says who is nearer than whom in one year, and is no alliance score. Allied is
--   who owes or is owed defence in atop; after its last year (coding treaty) whoever
--   was allied in that year or is by core.alliance_ties, so that a new pact that is not
--   listed there is missed, and an ended one kept. Groups are a few, and agreements end
--   with DESTA's list in 2020. Bands over random weights:
--   indicators.informal_alignment_bands. Sources: any of votes, any of trade, desta,
--   atop
-- trace indicators.vote_alignment_by_year: t.body = 'GA' and t.scope = 'contested'
--   and t.is_default and t.year = r.year
--   and t.iso3_a = r.iso3_a and t.iso3_b = r.iso3_b
-- trace indicators.trade_interdependence: t.is_default and t.method = 'import_priority'
--   and t.year = r.year and t.iso3_a = r.iso3_a and t.iso3_b = r.iso3_b
-- trace core.trade_agreement_dyads: t.iso3_a = r.iso3_a and t.iso3_b = r.iso3_b
--   and r.year between t.first_year and t.last_year
-- column year: calendar year
-- column iso3_a: the state whose code comes first
-- column iso3_b: the other state
-- column coding [code]: how it is known that they have no pact: atop or treaty
-- column kappa: kappa of their votes; null if fewer than 10, or degenerate
-- column n [roll calls]: contested texts on which both cast a ballot
-- column interdependence: salience times symmetry of their trade; null if not known
-- column joint_group_count [groups]: organizations and forums that both belong to
-- column joint_agreement_count [agreements]: trade agreements in force between them
-- column institutions: the two counts added; null if no trade agreement is loaded
-- column kappa_percentile [share]: share of the other pairs of the year with a smaller
--   one
-- column interdependence_percentile [share]: the same for interdependence
-- column institutions_percentile [share]: the same for institutions
-- column part_count [parts]: parts that are known
-- column informal_alignment: the weighted mean; null unless part_count is 3, and if no
--   other pair of the year has a part
-- column rank: place in the year, 1 for the nearest
-- column pair_count [pairs]: pairs that have a place in the year
with votes as (
    select
        v.year,
        v.iso3_a,
        v.iso3_b,
        arg_max(case when not v.low_n then v.kappa end, v.n) as kappa,
        max(v.n) as n,
    from indicators.vote_alignment_by_year as v
    where v.body = 'GA' and v.scope = 'contested' and v.is_default
    group by v.year, v.iso3_a, v.iso3_b
),

ends as (
    select max(a.year) as last_year,
    from core.allied_dyads as a
    where a.coding = 'atop'
),

years as (
    select
        y.year,
        e.last_year,
        case when y.year <= e.last_year then 'atop' else 'treaty' end as coding,
    from (select distinct v.year, from votes as v) as y
    inner join ends as e
        on e.last_year is not null
),

states as (
    select distinct
        y.year,
        s.iso3,
    from core.states as s
    inner join years as y
        on y.year between year(s.valid_from) and coalesce(year(s.valid_to - 1), 9999)
    where s.kind = 'state' and s.cow is not null
),

pacts as (
    select
        y.year,
        a.iso3_a,
        a.iso3_b,
    from years as y
    inner join core.allied_dyads as a
        on a.coding = 'atop'
        and a.year = least(y.year, y.last_year)
    union
    select
        y.year,
        least(t.provider_iso3, t.receiver_iso3) as iso3_a,
        greatest(t.provider_iso3, t.receiver_iso3) as iso3_b,
    from years as y
    inner join core.alliance_ties as t
        on t.coding = y.coding
        and t.year = y.year
        and t.defense
),

trades as (
    select
        t.year,
        t.iso3_a,
        t.iso3_b,
        t.interdependence,
    from indicators.trade_interdependence as t
    inner join years as y
        on y.year = t.year
    where t.is_default and t.method = 'import_priority'
),

memberships as (
    select
        y.year,
        g.group_id,
        m.iso3,
    from core.group_members as m
    inner join core.groups as g
        on g.group_id = m.group_id
        and g.kind not in ('alliance', 'hub_and_spokes')
    inner join years as y
        on y.year between year(m.valid_from) and coalesce(year(m.valid_to - 1), 9999)
),

shared_groups as (
    select
        a.year,
        a.iso3 as iso3_a,
        b.iso3 as iso3_b,
        count(distinct a.group_id) as group_count,
    from memberships as a
    inner join memberships as b
        on b.year = a.year
        and b.group_id = a.group_id
        and b.iso3 > a.iso3
    group by a.year, a.iso3, b.iso3
),

shared_agreements as (
    select
        y.year,
        d.iso3_a,
        d.iso3_b,
        count(distinct d.treaty_id) as agreement_count,
    from core.trade_agreement_dyads as d
    inner join years as y
        on y.year between d.first_year and d.last_year
    group by y.year, d.iso3_a, d.iso3_b
),

pairs as (
    select
        coalesce(v.year, t.year) as year,
        coalesce(v.iso3_a, t.iso3_a) as iso3_a,
        coalesce(v.iso3_b, t.iso3_b) as iso3_b,
        v.kappa,
        v.n,
        t.interdependence,
    from votes as v
    full join trades as t
        on t.year = v.year
        and t.iso3_a = v.iso3_a
        and t.iso3_b = v.iso3_b
    where v.kappa is not null or t.interdependence is not null
),

parts as (
    select
        p.year,
        p.iso3_a,
        p.iso3_b,
        y.coding,
        p.kappa,
        p.n,
        p.interdependence,
        coalesce(g.group_count, 0) as joint_group_count,
        case when k.is_loaded then coalesce(d.agreement_count, 0) end
            as joint_agreement_count,
        joint_group_count + joint_agreement_count as institutions,
        (p.kappa is not null)::integer
        + (p.interdependence is not null)::integer
        + (institutions is not null)::integer as part_count,
    from pairs as p
    cross join (
        select count(*) > 0 as is_loaded,
        from core.trade_agreement_dyads as g
    ) as k
    inner join years as y
        on y.year = p.year
    inner join states as a
        on a.year = p.year
        and a.iso3 = p.iso3_a
    inner join states as b
        on b.year = p.year
        and b.iso3 = p.iso3_b
    anti join pacts as x
        on x.year = p.year
        and x.iso3_a = p.iso3_a
        and x.iso3_b = p.iso3_b
    left join shared_groups as g
        on g.year = p.year
        and g.iso3_a = p.iso3_a
        and g.iso3_b = p.iso3_b
    left join shared_agreements as d
        on d.year = p.year
        and d.iso3_a = p.iso3_a
        and d.iso3_b = p.iso3_b
),

placed as (
    select
        p.year,
        p.iso3_a,
        p.iso3_b,
        p.coding,
        p.kappa,
        p.n,
        p.interdependence,
        p.joint_group_count,
        p.joint_agreement_count,
        p.institutions,
        p.part_count,
        case
            when
                p.kappa is not null
                and count(p.kappa) over (partition by p.year) > 1
                then percent_rank() over (
                    partition by p.year, p.kappa is not null
                    order by p.kappa
                )
        end as kappa_percentile,
        case
            when
                p.interdependence is not null
                and count(p.interdependence) over (partition by p.year) > 1
                then percent_rank() over (
                    partition by p.year, p.interdependence is not null
                    order by p.interdependence
                )
        end as interdependence_percentile,
        case
            when
                p.institutions is not null
                and count(p.institutions) over (partition by p.year) > 1
                then percent_rank() over (
                    partition by p.year, p.institutions is not null
                    order by p.institutions
                )
        end as institutions_percentile,
    from parts as p
),

weights as (
    select
        max(w.weight) filter (where w.part = 'kappa') as kappa,
        max(w.weight) filter (where w.part = 'interdependence') as interdependence,
        max(w.weight) filter (where w.part = 'institutions') as institutions,
    from core.composite_weights as w
    where w.composite = 'informal_alignment'
),

scores as (
    select
        p.year,
        p.iso3_a,
        p.iso3_b,
        p.coding,
        p.kappa,
        p.n,
        p.interdependence,
        p.joint_group_count,
        p.joint_agreement_count,
        p.institutions,
        p.kappa_percentile,
        p.interdependence_percentile,
        p.institutions_percentile,
        p.part_count,
        w.kappa * p.kappa_percentile
        + w.interdependence * p.interdependence_percentile
        + w.institutions * p.institutions_percentile as informal_alignment,
    from placed as p
    cross join weights as w
)

select
    s.year,
    s.iso3_a,
    s.iso3_b,
    s.coding,
    s.kappa,
    s.n::integer as n,
    s.interdependence,
    s.joint_group_count::integer as joint_group_count,
    s.joint_agreement_count::integer as joint_agreement_count,
    s.institutions::integer as institutions,
    s.kappa_percentile,
    s.interdependence_percentile,
    s.institutions_percentile,
    s.part_count,
    s.informal_alignment,
    case
        when s.informal_alignment is not null
            then (
                rank() over (
                    partition by s.year
                    order by round(s.informal_alignment, 12) desc nulls last
                )
            )::integer
    end as rank,
    (count(s.informal_alignment) over (partition by s.year))::integer as pair_count,
from scores as s
