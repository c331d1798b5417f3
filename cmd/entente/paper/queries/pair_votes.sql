-- China with Russia, and with the United States, 2006 to 2012, on every denominator.
select
    p.body,
    p.source,
    p.scope,
    p.iso3_b as partner,
    p.n,
    p.agree_count,
    p.agree,
    p.wilson_low,
    p.wilson_high,
    p.kappa,
from (
    from indicators.pair_alignment('SC', 'CHN', 'RUS', date '2006-01-01', date '2012-12-31')
    union all
    from indicators.pair_alignment('SC', 'CHN', 'USA', date '2006-01-01', date '2012-12-31')
    union all
    from indicators.pair_alignment('GA', 'CHN', 'RUS', date '2006-01-01', date '2012-12-31')
    union all
    from indicators.pair_alignment('GA', 'CHN', 'USA', date '2006-01-01', date '2012-12-31')
) as p
where p.n > 0
order by p.body desc, p.source, p.scope, p.iso3_b
