-- How sure the measures of two states' agreement are: bands from resampling the roll
-- calls.
-- kind: macro
-- parameters: body, a, b, from_date, to_date, draws, seed
-- grain: one measure of one vote set (scope) of one source; no row where the two cast
--   no ballot in one roll call
-- units: counts are roll calls; measures have no unit
-- method: Poisson bootstrap over roll calls (Chamandy, Muralidharan, Najmi and Naidu
--   2012): in each draw a roll call counts 0, 1, 2 ... times with the chances of a
--   Poisson number of mean 1, which the MD5 of seed, draw, source and text decides, so
--   that the same call gives the same bands anywhere. Bands are percentiles of the
--   draws (Efron 1979). They say how far the choice of texts carries, not how well ballots
--   were recorded; 1000 draws are usual
-- column body: GA or SC
-- column source: unga, unsc, sciencespo or voeten
-- column scope: all, or contested (at least two different ballots among all states)
-- column iso3_a: of the two states the one whose code comes first
-- column iso3_b: the other
-- column measure [code]: as in indicators.agreement_measures
-- column n [roll calls]: texts on which both cast a ballot
-- column value: the measure of these texts; null where it does not exist
-- column sd: standard deviation of the draws
-- column q025: 2.5th percentile of the draws
-- column q05: 5th percentile
-- column q95: 95th percentile
-- column q975: 97.5th percentile
-- column draw_count [draws]: draws in which the measure exists, which the percentiles
--   are of
with pairs as (
    select
        r.source,
        r.resolution_id,
        s.scope,
        x.vote as vote_a,
        y.vote as vote_b,
    from core.resolutions as r
    inner join core.votes as x
        on x.body = upper(body)
        and x.source = r.source
        and x.resolution_id = r.resolution_id
        and x.iso3 = least(upper(a), upper(b))
        and x.vote <> 'absent'
    inner join core.votes as y
        on y.body = upper(body)
        and y.source = r.source
        and y.resolution_id = r.resolution_id
        and y.iso3 = greatest(upper(a), upper(b))
        and y.vote <> 'absent'
    inner join (values ('all'), ('contested')) as s (scope)
        on s.scope = 'all' or r.contested
    where
        r.body = upper(body)
        and coalesce(r.date, make_date(r.year, 1, 1)) >= from_date
        and coalesce(r.date, make_date(r.year, 12, 31)) <= to_date
),

chances as (
    select
        t.source,
        t.resolution_id,
        d.draw,
        md5_number_lower(
            concat_ws('|', seed, d.draw, t.source, t.resolution_id)
        ) / 18446744073709551616.0 as chance,
    from (select distinct p.source, p.resolution_id from pairs as p) as t
    cross join range(1, draws + 1) as d (draw)
),

weights as (
    select
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
    select distinct
        p.source,
        p.resolution_id,
        0 as draw,
        1 as weight,
    from pairs as p
),

counts as (
    select
        p.source,
        p.scope,
        w.draw,
        coalesce(
            sum(w.weight)
                filter (where p.vote_a = 'yes' and p.vote_b = 'yes'),
            0
        ) as n11,
        coalesce(
            sum(w.weight)
                filter (where p.vote_a = 'yes' and p.vote_b = 'abstain'),
            0
        ) as n12,
        coalesce(
            sum(w.weight)
                filter (where p.vote_a = 'yes' and p.vote_b = 'no'),
            0
        ) as n13,
        coalesce(
            sum(w.weight)
                filter (where p.vote_a = 'abstain' and p.vote_b = 'yes'),
            0
        ) as n21,
        coalesce(
            sum(w.weight)
                filter (where p.vote_a = 'abstain' and p.vote_b = 'abstain'),
            0
        ) as n22,
        coalesce(
            sum(w.weight)
                filter (where p.vote_a = 'abstain' and p.vote_b = 'no'),
            0
        ) as n23,
        coalesce(
            sum(w.weight)
                filter (where p.vote_a = 'no' and p.vote_b = 'yes'),
            0
        ) as n31,
        coalesce(
            sum(w.weight)
                filter (where p.vote_a = 'no' and p.vote_b = 'abstain'),
            0
        ) as n32,
        coalesce(
            sum(w.weight)
                filter (where p.vote_a = 'no' and p.vote_b = 'no'),
            0
        ) as n33,
    from pairs as p
    inner join weights as w
        on w.source = p.source
        and w.resolution_id = p.resolution_id
    group by p.source, p.scope, w.draw
),

draws_of as (
    select
        c.source,
        c.scope,
        c.draw,
        m.n,
        unnest(
            [
                {'measure': 'agree', 'value': m.agree},
                {'measure': 'agree_half', 'value': m.agree_half},
                {'measure': 'agree_yes_no', 'value': m.agree_yes_no},
                {'measure': 's_abs', 'value': m.s_abs},
                {'measure': 's_sq', 'value': m.s_sq},
                {'measure': 'kappa', 'value': m.kappa},
                {'measure': 'kappa_abs', 'value': m.kappa_abs},
                {'measure': 'kappa_sq', 'value': m.kappa_sq},
                {'measure': 'pi', 'value': m.pi},
                {'measure': 'pi_sq', 'value': m.pi_sq},
                {'measure': 'alpha', 'value': m.alpha},
                {'measure': 'alpha_interval', 'value': m.alpha_interval},
                {'measure': 'a_index', 'value': m.a_index}
            ],
            recursive := true
        ),
    from counts as c
    cross join lateral indicators.agreement_measures(
        c.n11, c.n12, c.n13, c.n21, c.n22, c.n23, c.n31, c.n32, c.n33
    ) as m
)

select
    upper(body) as body,
    d.source,
    d.scope,
    least(upper(a), upper(b)) as iso3_a,
    greatest(upper(a), upper(b)) as iso3_b,
    d.measure,
    max(d.n) filter (where d.draw = 0) as n,
    max(d.value) filter (where d.draw = 0) as value,
    stddev_samp(d.value) filter (where d.draw > 0) as sd,
    quantile_cont(d.value, 0.025) filter (where d.draw > 0) as q025,
    quantile_cont(d.value, 0.05) filter (where d.draw > 0) as q05,
    quantile_cont(d.value, 0.95) filter (where d.draw > 0) as q95,
    quantile_cont(d.value, 0.975) filter (where d.draw > 0) as q975,
    count(d.value) filter (where d.draw > 0) as draw_count,
from draws_of as d
group by d.source, d.scope, d.measure
order by d.source, d.scope, d.measure
