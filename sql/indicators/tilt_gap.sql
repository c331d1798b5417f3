-- Whether a state votes with the United States and trades with China, or the other way
-- round (X1).
-- kind: table
-- key: year, iso3
-- grain: one state in one calendar year, for which one part or more is known; the two
--   poles themselves have no row
-- units: shares 0 to 1; tilts -1 (China) to 1 (United States)
-- method: econ = (s_U - s_C)/(s_U + s_C), s being the shares of the two poles in the
--   state's trade (indicators.trade_interdependence, default source, method
--   import_priority); pol = (d_C - d_U)/(d_C + d_U), d being the distances from the two
--   poles in the Assembly (indicators.ideal_point_distance, scope all); gap = pol -
--   econ, from -2 to 2, positive where votes lean to the United States and trade to
--   China. Missing: gap is null unless both parts are known, and no part is filled in.
--   Distances of a year are of one method: published where the deposit has the year,
--   else vb; two methods are two scales, so compare across them with care. Votes in the
--   Assembly are no security policy: they put the Philippines, an ally of the United
--   States, nearer to China; see indicators.pair_formality for what binds a state.
--   Materialized, because it reads all pairs. Sources: any of trade, and voeten
-- trace indicators.trade_interdependence: t.is_default and t.method = 'import_priority'
--   and t.year = r.year and ((t.iso3_a = r.iso3 and t.iso3_b in ('CHN', 'USA'))
--   or (t.iso3_b = r.iso3 and t.iso3_a in ('CHN', 'USA')))
-- trace indicators.ideal_point_distance: t.method = r.ideal_method and t.scope = 'all'
--   and t.year = r.year and ((t.iso3_a = r.iso3 and t.iso3_b in ('CHN', 'USA'))
--   or (t.iso3_b = r.iso3 and t.iso3_a in ('CHN', 'USA')))
-- column year: calendar year; of votes, that in which the session began
-- column iso3: the state
-- column trade_source: source of the shares: comtrade, imts or cowtrade
-- column ideal_method [code]: method of the distances: published or vb
-- column usa_share [share]: s_U, trade with the United States over all trade
-- column chn_share [share]: s_C, trade with China over all trade
-- column usa_distance [standard deviations]: d_U, from the United States
-- column chn_distance [standard deviations]: d_C, from China
-- column econ: tilt of trade; null unless both shares are known and one is above 0
-- column pol: tilt of votes; null unless both distances are known and one is above 0
-- column gap: pol - econ; null unless both are known
-- column gap_percentile [share]: share of the other states of the year with a smaller
--   gap; null where there is none
with trades as (
    select
        t.year,
        t.source,
        case when t.iso3_a in ('CHN', 'USA') then t.iso3_b else t.iso3_a end as iso3,
        case when t.iso3_a in ('CHN', 'USA') then t.iso3_a else t.iso3_b end as pole,
        case when t.iso3_a in ('CHN', 'USA') then t.share_b else t.share_a end as share,
    from indicators.trade_interdependence as t
    where
        t.is_default
        and t.method = 'import_priority'
        and (t.iso3_a in ('CHN', 'USA')) <> (t.iso3_b in ('CHN', 'USA'))
),

shares as (
    select
        t.year,
        t.iso3,
        any_value(t.source) as trade_source,
        max(t.share) filter (where t.pole = 'USA') as usa_share,
        max(t.share) filter (where t.pole = 'CHN') as chn_share,
    from trades as t
    group by t.year, t.iso3
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
        d.method as ideal_method,
        case when d.iso3_a in ('CHN', 'USA') then d.iso3_b else d.iso3_a end as iso3,
        max(d.distance) filter (where 'USA' in (d.iso3_a, d.iso3_b)) as usa_distance,
        max(d.distance) filter (where 'CHN' in (d.iso3_a, d.iso3_b)) as chn_distance,
    from indicators.ideal_point_distance as d
    inner join methods as m
        on m.year = d.year
        and m.method = d.method
    where
        d.scope = 'all'
        and (d.iso3_a in ('CHN', 'USA')) <> (d.iso3_b in ('CHN', 'USA'))
    group by d.year, d.method, iso3
),

tilts as (
    select
        coalesce(s.year, d.year) as year,
        coalesce(s.iso3, d.iso3) as iso3,
        s.trade_source,
        d.ideal_method,
        s.usa_share,
        s.chn_share,
        d.usa_distance,
        d.chn_distance,
        (s.usa_share - s.chn_share) / nullif(s.usa_share + s.chn_share, 0) as econ,
        (d.chn_distance - d.usa_distance) / nullif(d.chn_distance + d.usa_distance, 0)
            as pol,
        pol - econ as gap,
    from shares as s
    full join distances as d
        on d.year = s.year
        and d.iso3 = s.iso3
)

select
    t.year,
    t.iso3,
    t.trade_source,
    t.ideal_method,
    t.usa_share,
    t.chn_share,
    t.usa_distance,
    t.chn_distance,
    t.econ,
    t.pol,
    t.gap,
    case
        when t.gap is not null and count(t.gap) over (partition by t.year) > 1
            then percent_rank() over (
                partition by t.year, t.gap is not null
                order by t.gap
            )
    end as gap_percentile,
from tilts as t
