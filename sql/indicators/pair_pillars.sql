-- Everything that binds two states or divides them, a column a pillar, and how it
-- changed (P2, P16; A1, A7, A9, C1, E1, E2, V2, V5, V7 and X5).
-- kind: macro
-- parameters: a, b
-- grain: one calendar year in which any pillar is known
-- units: as the column: shares 0 to 1, counts, standard deviations
-- method: the views named by each column, one value a year: votes of the Assembly
--   (contested texts, default source; of two default series in a year that with more
--   texts), trade of the default source by import priority, alliances of coding atop
--   and, after its last year, of treaty, where a pair without a row may have a pact
--   that is not listed. Arms transfers and joint exercises, two pillars of the design,
--   are in no source that is loaded. Changes are from the calendar year before, and
--   null where that is not known. A pillar is no score, and none is made of them here
--   but indicators.informal_alignment (X5), which is of pairs without a defence pact
--   only
-- column year: calendar year
-- column iso3_a: of the two states the one whose code comes first
-- column iso3_b: the other
-- column coding [code]: whose alliances: atop or treaty; null where neither reaches the
--   year
-- column formal_defence: whether one owes the other defence; null where not known,
--   which is where coding is treaty and no pact of the two is listed
-- column formality [code]: formal, informal_curated or none (A7); null where not known
-- column commitment_level: the higher of the two commitments, 0 to 3 (A1)
-- column n [roll calls]: contested texts on which both cast a ballot
-- column agree_half: agreement, half credit where one abstained (V2); null if n is
--   below 10
-- column kappa: Cohen's kappa, nominal (V5); null if n is below 10
-- column ideal_method [code]: method of ideal_distance: published or vb
-- column ideal_distance [standard deviations]: distance of their ideal points (V7)
-- column trade_usd [US dollars]: trade, both directions
-- column share_a [share]: trade_usd over all trade of iso3_a (E2)
-- column share_b [share]: the same for iso3_b
-- column interdependence: salience times symmetry (E2)
-- column dependence_a_share [share]: trade_usd over the product of iso3_a (E1)
-- column dependence_b_share [share]: the same for iso3_b
-- column joint_group_count [groups]: organizations that both belong to; null where not
--   known
-- column treaty_count [treaties]: treaties in force between the two; null where not
--   known
-- column binding: A9, indicators.institutional_binding; null where the pair has no row,
--   having nothing in common, and where fewer than two parts are known
-- column dispute_count [conflicts]: militarized disputes between the two (mid); null
--   where mid does not reach the year
-- column informal_alignment: X5; null for pairs with a defence pact
-- column informal_rank: place among the pairs of the year without a pact
-- column informal_pair_count [pairs]: pairs that have a place
-- column kappa_change: kappa less that of the year before
-- column distance_change [standard deviations]: ideal_distance less that of the year
--   before, of the same method
-- column interdependence_change: interdependence less that of the year before
-- column informal_alignment_change: X5 less that of the year before
with votes as (
    select
        v.year,
        v.n,
        case when v.n >= 10 then v.agree_half end as agree_half,
        case when v.n >= 10 then v.kappa end as kappa,
    from indicators.vote_alignment_by_year as v
    where
        v.body = 'GA'
        and v.scope = 'contested'
        and v.is_default
        and v.n > 0
        and v.iso3_a = least(upper(a), upper(b))
        and v.iso3_b = greatest(upper(a), upper(b))
    qualify row_number() over (partition by v.year order by v.n desc, v.source) = 1
),

distances as (
    select
        d.year,
        min(d.method) as method,
        arg_min(d.distance, d.method) as distance,
    from indicators.ideal_point_distance as d
    where
        d.scope = 'all'
        and d.method in ('published', 'vb')
        and d.iso3_a = least(upper(a), upper(b))
        and d.iso3_b = greatest(upper(a), upper(b))
    group by d.year
),

trades as (
    select
        i.year,
        i.trade_usd,
        i.share_a,
        i.share_b,
        i.interdependence,
        d.dependence_a_share,
        d.dependence_b_share,
    from indicators.trade_interdependence as i
    inner join indicators.trade_dependence as d
        on d.method = i.method
        and d.source = i.source
        and d.year = i.year
        and d.iso3_a = i.iso3_a
        and d.iso3_b = i.iso3_b
    where
        i.is_default
        and i.method = 'import_priority'
        and i.iso3_a = least(upper(a), upper(b))
        and i.iso3_b = greatest(upper(a), upper(b))
),

ties as (
    select
        f.year,
        f.coding,
        f.formality,
        f.level,
        exists (
            select 1 as one,
            from core.alliance_ties as t
            where
                t.coding = f.coding
                and t.year = f.year
                and t.defense
                and t.provider_iso3 in (upper(a), upper(b))
                and t.receiver_iso3 in (upper(a), upper(b))
        ) as defence,
    from indicators.pair_formality(a, b) as f
    where f.coding in ('atop', 'treaty')
    qualify row_number() over (partition by f.year order by f.coding) = 1
),

bindings as (
    select
        i.year,
        i.joint_group_count,
        i.treaty_count,
        i.binding,
    from indicators.institutional_binding as i
    where
        i.iso3_a = least(upper(a), upper(b))
        and i.iso3_b = greatest(upper(a), upper(b))
),

disputes as (
    select
        c.year,
        c.conflict_count,
    from core.conflicts as c
    where
        c.source = 'mid'
        and c.iso3_a = least(upper(a), upper(b))
        and c.iso3_b = greatest(upper(a), upper(b))
),

mid_years as (
    select
        min(c.year) as first_year,
        max(c.year) as last_year,
    from core.conflicts as c
    where c.source = 'mid'
),

informal as (
    select
        x.year,
        x.informal_alignment,
        x.rank,
        x.pair_count,
    from indicators.informal_alignment as x
    where
        x.iso3_a = least(upper(a), upper(b))
        and x.iso3_b = greatest(upper(a), upper(b))
),

-- a year in which the coding alone is known says nothing of the pair
years as (
    select v.year from votes as v
    union
    select d.year from distances as d
    union
    select t.year from trades as t
    union
    select i.year from bindings as i
    union
    select c.year from disputes as c
    union
    select t.year from ties as t where t.formality <> 'none'
)

select
    y.year,
    least(upper(a), upper(b)) as iso3_a,
    greatest(upper(a), upper(b)) as iso3_b,
    t.coding,
    case
        when t.defence then true
        when t.coding = 'atop' then false
    end as formal_defence,
    case
        when t.formality <> 'none' or t.coding = 'atop' then t.formality
    end as formality,
    case
        when t.formality <> 'none' or t.coding = 'atop' then t.level
    end as commitment_level,
    v.n::integer as n,
    v.agree_half,
    v.kappa,
    d.method as ideal_method,
    d.distance as ideal_distance,
    e.trade_usd,
    e.share_a,
    e.share_b,
    e.interdependence,
    e.dependence_a_share,
    e.dependence_b_share,
    i.joint_group_count,
    i.treaty_count,
    i.binding,
    case
        when y.year between m.first_year and m.last_year
            then coalesce(c.conflict_count, 0)
    end as dispute_count,
    x.informal_alignment,
    x.rank as informal_rank,
    x.pair_count as informal_pair_count,
    v.kappa - v0.kappa as kappa_change,
    case when d.method = d0.method then d.distance - d0.distance end
        as distance_change,
    e.interdependence - e0.interdependence as interdependence_change,
    x.informal_alignment - x0.informal_alignment as informal_alignment_change,
from years as y
cross join mid_years as m
left join ties as t
    on t.year = y.year
left join votes as v
    on v.year = y.year
left join votes as v0
    on v0.year = y.year - 1
left join distances as d
    on d.year = y.year
left join distances as d0
    on d0.year = y.year - 1
left join trades as e
    on e.year = y.year
left join trades as e0
    on e0.year = y.year - 1
left join bindings as i
    on i.year = y.year
left join disputes as c
    on c.year = y.year
left join informal as x
    on x.year = y.year
left join informal as x0
    on x0.year = y.year - 1
