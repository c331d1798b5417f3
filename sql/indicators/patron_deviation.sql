-- How far each state's policy departs from that of its dominant ally, beside how much
-- it depends on it: one row an observation, as a regression reads it (V10 and V7 on A4,
-- for P22).
-- kind: table
-- key: coding, year, iso3
-- grain: one state with a dominant ally in one calendar year, by coding of alliances
-- units: shares 0 to 1; ratios; standard deviations
-- method: the patron is the dominant ally of indicators.alliance_structure (A4).
--   Deviation is 1 less agreement with it in the Assembly on contested texts
--   (indicators.vote_alignment_by_year, default source; of two default series in one
--   year that with more texts), the distance that of ideal points (scope all, published
--   where the deposit has the year, else vb). No model is fitted here: dependence and
--   deviation go with region, regime and time, and states choose their allies, so a
--   slope of one on the other is no effect. Where either is missing it is null and the
--   row stays. Sources: atop or cowalliances, cownmc, cowstates, any of votes; voeten
--   for distances; any of trade
-- trace indicators.vote_alignment_by_year: t.body = 'GA' and t.scope = 'contested'
--   and t.is_default and t.year = r.year
--   and t.iso3_a = least(r.iso3, r.patron_iso3)
--   and t.iso3_b = greatest(r.iso3, r.patron_iso3)
-- trace indicators.ideal_point_distance: t.method = r.ideal_method and t.scope = 'all'
--   and t.year = r.year and t.iso3_a = least(r.iso3, r.patron_iso3)
--   and t.iso3_b = greatest(r.iso3, r.patron_iso3)
-- trace indicators.trade_interdependence: t.is_default and t.method = 'import_priority'
--   and t.year = r.year and t.iso3_a = least(r.iso3, r.patron_iso3)
--   and t.iso3_b = greatest(r.iso3, r.patron_iso3)
-- column coding [code]: atop or cow
-- column year: calendar year
-- column iso3: the state
-- column region_id: its region; null if it has none
-- column patron_iso3: its dominant ally
-- column is_extra_regional: whether that is from outside the region
-- column structure [code]: symmetric, bilateral or multilateral (threshold 3); null
--   where the ratio is not known
-- column ally_count [states]: states that owe it defence
-- column capability_ratio: capability of the patron over the state's own
-- column dominance_share [share]: the patron's part of the capabilities of the state
--   and all its allies
-- column outside_option_share [share]: the other allies' part of the capabilities of
--   all allies
-- column patron_trade_share [share]: the patron's part of the state's trade; null where
--   not known
-- column n [roll calls]: contested texts on which both cast a ballot; null if there is
--   none
-- column deviation [share]: share of n on which they did not cast the same
-- column deviation_half [share]: the same, with half a deviation where one of the two
--   abstained
-- column kappa: Cohen's kappa of the two, nominal
-- column low_n: whether n is below 10, too few to report
-- column ideal_method [code]: method of ideal_distance: published or vb
-- column ideal_distance [standard deviations]: distance of their ideal points; null
--   where one is not known
with structures as (
    select
        s.coding,
        s.year,
        s.iso3,
        s.region_id,
        s.dominant_iso3 as patron_iso3,
        s.is_extra_regional,
        s.structure,
        s.ally_count,
        s.capability_ratio,
        s.dominance_share,
        s.outside_option_share,
        least(s.iso3, s.dominant_iso3) as iso3_a,
        greatest(s.iso3, s.dominant_iso3) as iso3_b,
    from indicators.alliance_structure as s
    where s.coding in ('atop', 'cow') and s.dominant_iso3 is not null
),

pairs as (
    select distinct
        s.iso3_a,
        s.iso3_b,
    from structures as s
),

votes as (
    select
        v.year,
        v.iso3_a,
        v.iso3_b,
        v.n,
        v.agree,
        v.agree_half,
        v.kappa,
        v.low_n,
    from indicators.vote_alignment_by_year as v
    semi join pairs as p
        on p.iso3_a = v.iso3_a
        and p.iso3_b = v.iso3_b
    where v.body = 'GA' and v.scope = 'contested' and v.is_default and v.n > 0
    qualify
        row_number() over (
            partition by v.year, v.iso3_a, v.iso3_b
            order by v.n desc, v.source
        ) = 1
),

distances as (
    select
        d.year,
        d.iso3_a,
        d.iso3_b,
        min(d.method) as method,
        arg_min(d.distance, d.method) as distance,
    from indicators.ideal_point_distance as d
    semi join pairs as p
        on p.iso3_a = d.iso3_a
        and p.iso3_b = d.iso3_b
    where d.scope = 'all' and d.method in ('published', 'vb')
    group by d.year, d.iso3_a, d.iso3_b
),

trades as (
    select
        t.year,
        t.iso3_a,
        t.iso3_b,
        t.share_a,
        t.share_b,
    from indicators.trade_interdependence as t
    semi join pairs as p
        on p.iso3_a = t.iso3_a
        and p.iso3_b = t.iso3_b
    where t.is_default and t.method = 'import_priority'
)

select
    s.coding,
    s.year,
    s.iso3,
    s.region_id,
    s.patron_iso3,
    s.is_extra_regional,
    s.structure,
    s.ally_count,
    s.capability_ratio,
    s.dominance_share,
    s.outside_option_share,
    case when s.iso3 = s.iso3_a then t.share_a else t.share_b end
        as patron_trade_share,
    v.n,
    1 - v.agree as deviation,
    1 - v.agree_half as deviation_half,
    v.kappa,
    v.low_n,
    d.method as ideal_method,
    d.distance as ideal_distance,
from structures as s
left join votes as v
    on v.year = s.year
    and v.iso3_a = s.iso3_a
    and v.iso3_b = s.iso3_b
left join distances as d
    on d.year = s.year
    and d.iso3_a = s.iso3_a
    and d.iso3_b = s.iso3_b
left join trades as t
    on t.year = s.year
    and t.iso3_a = s.iso3_a
    and t.iso3_b = s.iso3_b
