-- How near the members of a group stand to one state, and whether they drift away from
-- it (V2, V4 and V7 of the members, for P14).
-- kind: macro
-- parameters: of_group, in_region, with_state
-- grain: one calendar year in which a member and the state voted on the same text
-- units: counts are states and roll calls; agreement 0 to 1, S and kappa -1 to 1
-- method: plain means over the members on 31 December (indicators.members_in: in_region
--   is a region of version 2026, or any), the state itself left out, of
--   indicators.vote_alignment_by_year (Assembly, contested texts, default source; of
--   two default series in a year that with more texts; 10 common votes or more) and of
--   indicators.ideal_point_distance (scope all, published where the deposit has the
--   year, else vb). Agreement moves with what is put to a vote: ideal points allow for
--   that. A group that grows changes its mean without anybody's moving: look at
--   member_count
-- column group_id: the group
-- column state_iso3: the state
-- column year: calendar year
-- column member_count [states]: members with 10 common votes or more
-- column mean_n [roll calls]: texts on which a member and the state cast a ballot, mean
--   over members
-- column agree_half: mean agreement, half credit where one abstained
-- column sd_agree_half: standard deviation over members; null for one
-- column s_abs: mean S, absolute distances
-- column kappa: mean of Cohen's kappa, nominal, over members that have one
-- column nearest_iso3: member with the highest agreement; of equals the first by code
-- column farthest_iso3: member with the lowest; of equals the first by code
-- column agree_half_trend [per year]: slope of agree_half over the ten years that end
--   with the year, years without a row left out; null with fewer than three
-- column ideal_method [code]: method of the distances: published or vb
-- column distance_count [states]: members whose distance is known
-- column mean_distance [standard deviations]: mean distance of ideal points, of the
--   session that began in the year
-- column distance_trend [standard deviations per year]: slope of mean_distance over the
--   years of the same method, as before
with members as (
    select
        m.iso3,
        m.valid_from,
        m.valid_to,
        least(m.iso3, upper(with_state)) as iso3_a,
        greatest(m.iso3, upper(with_state)) as iso3_b,
    from indicators.members_in(of_group, in_region) as m
    where m.iso3 <> upper(with_state)
),

votes as (
    select
        v.year,
        m.iso3,
        v.n,
        v.agree_half,
        v.s_abs,
        v.kappa,
    from members as m
    inner join indicators.vote_alignment_by_year as v
        on v.iso3_a = m.iso3_a
        and v.iso3_b = m.iso3_b
        and make_date(v.year, 12, 31) >= m.valid_from
        and make_date(v.year, 12, 31) < m.valid_to
    where
        v.body = 'GA'
        and v.scope = 'contested'
        and v.is_default
        and upper(with_state) in (v.iso3_a, v.iso3_b)
    qualify row_number() over (partition by v.year, m.iso3 order by v.n desc, v.source)
        = 1
),

agreements as (
    select
        v.year,
        count(*) as member_count,
        avg(v.n) as mean_n,
        avg(v.agree_half) as agree_half,
        stddev_samp(v.agree_half) as sd_agree_half,
        avg(v.s_abs) as s_abs,
        avg(v.kappa) as kappa,
        arg_min(v.iso3, row(-v.agree_half, v.iso3)) as nearest_iso3,
        arg_min(v.iso3, row(v.agree_half, v.iso3)) as farthest_iso3,
    from votes as v
    where v.n >= 10
    group by v.year
),

-- one method a year: the first by name, which is the published one
distances as (
    select
        d.year,
        d.method,
        count(*) as distance_count,
        avg(d.distance) as mean_distance,
    from members as m
    inner join indicators.ideal_point_distance as d
        on d.iso3_a = m.iso3_a
        and d.iso3_b = m.iso3_b
        and make_date(d.year, 12, 31) >= m.valid_from
        and make_date(d.year, 12, 31) < m.valid_to
    where
        d.scope = 'all'
        and d.method in ('published', 'vb')
        and upper(with_state) in (d.iso3_a, d.iso3_b)
    group by d.year, d.method
    qualify row_number() over (partition by d.year order by d.method) = 1
)

select
    upper(of_group) as group_id,
    upper(with_state) as state_iso3,
    coalesce(a.year, d.year) as year,
    coalesce(a.member_count, 0)::integer as member_count,
    a.mean_n,
    a.agree_half,
    a.sd_agree_half,
    a.s_abs,
    a.kappa,
    a.nearest_iso3,
    a.farthest_iso3,
    case
        when count(a.agree_half) over decade >= 3
            then regr_slope(a.agree_half, coalesce(a.year, d.year)) over decade
    end as agree_half_trend,
    d.method as ideal_method,
    coalesce(d.distance_count, 0)::integer as distance_count,
    d.mean_distance,
    case
        when count(d.mean_distance) over decade_by_method >= 3
            then regr_slope(d.mean_distance, d.year) over decade_by_method
    end as distance_trend,
from agreements as a
full join distances as d
    on d.year = a.year
window
    decade as (
        order by coalesce(a.year, d.year)
        range between 9 preceding and current row
    ),
    decade_by_method as (
        partition by d.method
        order by coalesce(a.year, d.year)
        range between 9 preceding and current row
    )
