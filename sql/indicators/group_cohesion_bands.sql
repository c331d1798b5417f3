-- How sure the measures of a group's cohesion are: bands from resampling roll calls.
-- kind: macro
-- parameters: group_id, from_year, to_year, draws, seed
-- grain: one measure of one body, source and vote set (scope) over the whole window
-- units: counts are roll calls; measures have no unit
-- method: Poisson bootstrap over roll calls, as in indicators.pair_alignment_bands; the
--   measures are those of indicators.group_session_cohesion, over all sessions of the
--   window
-- column group_id: the group
-- column body: GA or SC
-- column source: unga, unsc, sciencespo or voeten
-- column scope: all, or contested (at least two different ballots among all states,
--   members or not)
-- column measure [code]: agreement_index, rice, pairwise, alpha or alpha_interval
-- column rollcall_count [roll calls]: roll calls on which at least two members cast a
--   ballot
-- column value: the measure of these roll calls; null where it does not exist
-- column sd: standard deviation of the draws
-- column q025: 2.5th percentile of the draws
-- column q05: 5th percentile
-- column q95: 95th percentile
-- column q975: 97.5th percentile
-- column draw_count [draws]: draws in which the measure exists, which the percentiles
--   are of
with rollcalls as (
    select
        g.body,
        g.source,
        g.resolution_id,
        bool_or(g.contested) as contested,
        cast(count(*) filter (where g.vote = 'yes') as double) as y,
        cast(count(*) filter (where g.vote = 'abstain') as double) as a,
        cast(count(*) filter (where g.vote = 'no') as double) as n,
        y + a + n as t,
        greatest(y, a, n) as largest,
    from core.group_ballots as g
    where g.group_id = group_id and g.year between from_year and to_year
    group by g.body, g.source, g.resolution_id
    having count(*) > 1
),

chances as (
    select
        r.body,
        r.source,
        r.resolution_id,
        d.draw,
        md5_number_lower(
            concat_ws('|', seed, d.draw, r.source, r.resolution_id)
        ) / 18446744073709551616.0 as chance,
    from rollcalls as r
    cross join range(1, draws + 1) as d (draw)
),

weights as (
    select
        c.body,
        c.source,
        c.resolution_id,
        c.draw,
        cast(c.chance >= 0.3678794411714423 as integer)
        + cast(c.chance >= 0.7357588823428847 as integer)
        + cast(c.chance >= 0.9196986029286058 as integer)
        + cast(c.chance >= 0.9810118431238463 as integer)
        + cast(c.chance >= 0.9963401531726563 as integer)
        + cast(c.chance >= 0.9994058151824183 as integer)
        + cast(c.chance >= 0.9999167588507120 as integer)
        + cast(c.chance >= 0.9999897508033253 as integer)
        + cast(c.chance >= 0.9999988747974020 as integer) as weight,
    from chances as c
    union all
    select
        r.body,
        r.source,
        r.resolution_id,
        0 as draw,
        1 as weight,
    from rollcalls as r
),

sums as (
    select
        r.body,
        r.source,
        s.scope,
        w.draw,
        sum(w.weight) as rollcall_count,
        sum(w.weight * (r.largest - (r.t - r.largest) / 2) / r.t) as agreement,
        sum(w.weight * abs(r.y - r.n) / nullif(r.y + r.n, 0)) as rice,
        sum(w.weight) filter (where r.y + r.n > 0) as rice_count,
        sum(w.weight * (r.y * (r.y - 1) + r.a * (r.a - 1) + r.n * (r.n - 1)))
            as alike_pairs,
        sum(w.weight * r.t * (r.t - 1)) as pairs,
        sum(w.weight * (r.y * r.a + r.y * r.n + r.a * r.n) / (r.t - 1))
            as nominal_observed,
        sum(w.weight * (r.y * r.a + 4 * r.y * r.n + r.a * r.n) / (r.t - 1))
            as interval_observed,
        sum(w.weight * r.y) as y,
        sum(w.weight * r.a) as a,
        sum(w.weight * r.n) as n,
        sum(w.weight * r.t) as t,
    from rollcalls as r
    inner join weights as w
        on w.body = r.body
        and w.source = r.source
        and w.resolution_id = r.resolution_id
    inner join (values ('all'), ('contested')) as s (scope)
        on s.scope = 'all' or r.contested
    group by r.body, r.source, s.scope, w.draw
),

draws_of as (
    select
        s.body,
        s.source,
        s.scope,
        s.draw,
        s.rollcall_count,
        unnest(
            [
                {
                    'measure': 'agreement_index',
                    'value': s.agreement / nullif(s.rollcall_count, 0)
                },
                {'measure': 'rice', 'value': s.rice / nullif(s.rice_count, 0)},
                {'measure': 'pairwise', 'value': s.alike_pairs / nullif(s.pairs, 0)},
                {
                    'measure': 'alpha',
                    'value': 1 - (s.t - 1) * s.nominal_observed
                        / nullif(s.y * s.a + s.y * s.n + s.a * s.n, 0)
                },
                {
                    'measure': 'alpha_interval',
                    'value': 1 - (s.t - 1) * s.interval_observed
                        / nullif(s.y * s.a + 4 * s.y * s.n + s.a * s.n, 0)
                }
            ],
            recursive := true
        ),
    from sums as s
)

select
    group_id as group_id,
    d.body,
    d.source,
    d.scope,
    d.measure,
    cast(max(d.rollcall_count) filter (where d.draw = 0) as bigint) as rollcall_count,
    max(d.value) filter (where d.draw = 0) as value,
    stddev_samp(d.value) filter (where d.draw > 0) as sd,
    quantile_cont(d.value, 0.025) filter (where d.draw > 0) as q025,
    quantile_cont(d.value, 0.05) filter (where d.draw > 0) as q05,
    quantile_cont(d.value, 0.95) filter (where d.draw > 0) as q95,
    quantile_cont(d.value, 0.975) filter (where d.draw > 0) as q975,
    count(d.value) filter (where d.draw > 0) as draw_count,
from draws_of as d
group by d.body, d.source, d.scope, d.measure
order by d.body, d.source, d.scope, d.measure
