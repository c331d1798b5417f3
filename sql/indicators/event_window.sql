-- What changed between two states around an event: means of trade and alignment over
-- the years before and after it (E1, E2, E9, V2, V5 and V7, for P3).
-- kind: macro
-- parameters: a, b, event_year, width
-- grain: one measure of the pair
-- units: as the measure: US dollars, shares 0 to 1, ratios, standard deviations
-- method: before is the mean over the width years before event_year, after that over
--   the width years after it; the event's own year stands apart, because the event fell
--   inside it. Means are over the years that are known: look at the counts. Measures:
--   trade_usd, share_a, share_b (E2), dependence_a_share, dependence_b_share (E1), of
--   the default source of each year, method import_priority; gravity_a_to_b,
--   gravity_b_to_a (flow over what is expected, E9); agree_half, kappa (Assembly,
--   contested texts, default source); distance_published, distance_vb, distance_gibbs
--   (scope all). Two means and no test: a pair that comes closer after an event may
--   have done so anyway. Set another pair beside it
-- column iso3_a: of the two states the one whose code comes first
-- column iso3_b: the other
-- column event_year: year of the event
-- column measure [code]: as above
-- column before_mean: mean over the years before
-- column before_count [years]: of these, years that are known
-- column event_value: value of the event's year
-- column after_mean: mean over the years after
-- column after_count [years]: of these, years that are known
-- column change: after_mean - before_mean; null unless both are known
-- column ratio: after_mean/before_mean; null unless both are known, and where
--   before_mean is not above 0
with pair as (
    select
        least(upper(a), upper(b)) as iso3_a,
        greatest(upper(a), upper(b)) as iso3_b,
),

shares as (
    select
        i.year,
        i.trade_usd,
        i.share_a,
        i.share_b,
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

votes as (
    select
        v.year,
        v.agree_half,
        v.kappa,
    from indicators.vote_alignment_by_year as v
    where
        v.body = 'GA'
        and v.scope = 'contested'
        and v.is_default
        and v.n >= 10
        and v.iso3_a = least(upper(a), upper(b))
        and v.iso3_b = greatest(upper(a), upper(b))
    qualify row_number() over (partition by v.year order by v.n desc, v.source) = 1
),

measures as (
    select
        u.measure,
        s.year,
        u.value,
    from shares as s
    cross join lateral (
        values
        ('trade_usd', s.trade_usd),
        ('share_a', s.share_a),
        ('share_b', s.share_b),
        ('dependence_a_share', s.dependence_a_share),
        ('dependence_b_share', s.dependence_b_share)
    ) as u (measure, value)
    union all
    select
        u.measure,
        v.year,
        u.value,
    from votes as v
    cross join lateral (
        values
        ('agree_half', v.agree_half),
        ('kappa', v.kappa)
    ) as u (measure, value)
    union all
    select
        case
            when g.exporter_iso3 < g.importer_iso3 then 'gravity_a_to_b'
            else 'gravity_b_to_a'
        end as measure,
        g.year,
        g.ratio as value,
    from indicators.gravity as g
    where
        g.exporter_iso3 in (upper(a), upper(b))
        and g.importer_iso3 in (upper(a), upper(b))
    union all
    select
        'distance_' || d.method as measure,
        d.year,
        d.distance as value,
    from indicators.ideal_point_distance as d
    where
        d.scope = 'all'
        and d.iso3_a = least(upper(a), upper(b))
        and d.iso3_b = greatest(upper(a), upper(b))
),

windows as (
    select
        m.measure,
        avg(m.value) filter (where m.year < event_year) as before_mean,
        count(m.value) filter (where m.year < event_year) as before_count,
        max(m.value) filter (where m.year = event_year) as event_value,
        avg(m.value) filter (where m.year > event_year) as after_mean,
        count(m.value) filter (where m.year > event_year) as after_count,
    from measures as m
    where m.year between event_year - width and event_year + width
    group by m.measure
)

select
    p.iso3_a,
    p.iso3_b,
    event_year as event_year,
    w.measure,
    w.before_mean,
    w.before_count::integer as before_count,
    w.event_value,
    w.after_mean,
    w.after_count::integer as after_count,
    w.after_mean - w.before_mean as change,
    case when w.before_mean > 0 then w.after_mean / w.before_mean end as ratio,
from windows as w
cross join pair as p
