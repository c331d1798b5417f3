-- How far the weights decide who stands together without a pact: ranks of one year over
-- random weights (X5).
-- kind: macro
-- parameters: of_year, draws, seed
-- grain: one pair with a place in indicators.informal_alignment in that year
-- units: ranks
-- method: in each draw the three parts get weights that are uniform over all that add
--   up to 1 (exponential numbers, -ln(u), divided by their sum), where u comes of the
--   MD5 of seed, draw and part, so that the same call gives the same bands anywhere.
--   Ranks of the draws, 5th and 95th percentile. They say how far the convention of the
--   weights carries, and nothing of how sure a part is; 1000 draws are usual
-- column year: calendar year
-- column iso3_a: the state whose code comes first
-- column iso3_b: the other state
-- column kappa_percentile [share]: of votes, as in indicators.informal_alignment
-- column interdependence_percentile [share]: of trade
-- column institutions_percentile [share]: of shared institutions
-- column informal_alignment: the mean with the weights of core.composite_weights
-- column rank: its place in the year, 1 for the nearest
-- column rank_low: 5th percentile of the places over the draws
-- column rank_high: 95th percentile
-- column pair_count [pairs]: pairs that have a place
-- column draw_count [draws]: draws
with pairs as (
    select
        i.year,
        i.iso3_a,
        i.iso3_b,
        i.kappa_percentile,
        i.interdependence_percentile,
        i.institutions_percentile,
        i.informal_alignment,
        i.rank,
        i.pair_count,
    from indicators.informal_alignment as i
    where i.year = of_year and i.informal_alignment is not null
),

chances as (
    select
        d.draw,
        w.part,
        -ln(
            (md5_number_lower(concat_ws('|', seed, d.draw, w.part))::double + 1)
            / 18446744073709551616.0
        ) as weight,
    from core.composite_weights as w
    cross join range(1, draws + 1) as d (draw)
    where w.composite = 'informal_alignment'
),

weights as (
    select
        c.draw,
        sum(c.weight) filter (where c.part = 'kappa') as kappa,
        sum(c.weight) filter (where c.part = 'interdependence') as interdependence,
        sum(c.weight) filter (where c.part = 'institutions') as institutions,
    from chances as c
    group by c.draw
),

places as (
    select
        p.iso3_a,
        p.iso3_b,
        rank() over (
            partition by w.draw
            order by
                round(
                    (
                        w.kappa * p.kappa_percentile
                        + w.interdependence * p.interdependence_percentile
                        + w.institutions * p.institutions_percentile
                    ) / (w.kappa + w.interdependence + w.institutions),
                    12
                ) desc
        ) as place,
    from pairs as p
    cross join weights as w
),

bands as (
    select
        l.iso3_a,
        l.iso3_b,
        quantile_disc(l.place, 0.05)::integer as rank_low,
        quantile_disc(l.place, 0.95)::integer as rank_high,
        count(*)::integer as draw_count,
    from places as l
    group by l.iso3_a, l.iso3_b
)

select
    p.year,
    p.iso3_a,
    p.iso3_b,
    p.kappa_percentile,
    p.interdependence_percentile,
    p.institutions_percentile,
    p.informal_alignment,
    p.rank,
    b.rank_low,
    b.rank_high,
    p.pair_count,
    b.draw_count,
from pairs as p
inner join bands as b
    on b.iso3_a = p.iso3_a
    and b.iso3_b = p.iso3_b
order by p.rank, p.iso3_a, p.iso3_b
