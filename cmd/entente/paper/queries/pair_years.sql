-- Agreement of China with Russia and the United States in the Assembly, contested texts, by year.
select
    v.year,
    v.iso3_b as partner,
    v.n,
    v.agree,
    (v.agree + 1.96 ^ 2 / (2 * v.n) - 1.96 * sqrt(
        v.agree * (1 - v.agree) / v.n + 1.96 ^ 2 / (4 * v.n ^ 2))) / (1 + 1.96 ^ 2 / v.n) as low,
    (v.agree + 1.96 ^ 2 / (2 * v.n) + 1.96 * sqrt(
        v.agree * (1 - v.agree) / v.n + 1.96 ^ 2 / (4 * v.n ^ 2))) / (1 + 1.96 ^ 2 / v.n) as high,
    v.agree_half,
    v.low_n,
from indicators.vote_alignment_by_year as v
where
    v.body = 'GA'
    and v.scope = 'contested'
    and v.is_default
    and v.iso3_a = 'CHN'
    and v.iso3_b in ('RUS', 'USA')
    and v.n > 0
order by v.iso3_b, v.year
