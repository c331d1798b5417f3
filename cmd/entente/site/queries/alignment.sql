-- How alike two states voted in each calendar year. The formulas are in
-- indicators.agreement_measures.
with counts as (
    select
        d.year,
        cast(sum(d.n11) as integer) as n11,
        cast(sum(d.n12) as integer) as n12,
        cast(sum(d.n13) as integer) as n13,
        cast(sum(d.n21) as integer) as n21,
        cast(sum(d.n22) as integer) as n22,
        cast(sum(d.n23) as integer) as n23,
        cast(sum(d.n31) as integer) as n31,
        cast(sum(d.n32) as integer) as n32,
        cast(sum(d.n33) as integer) as n33,
    from core.vote_dyads as d
    where
        d.body = $body
        and d.source = $source
        and d.iso3_a = least($a, $b)
        and d.iso3_b = greatest($a, $b)
        and d.year between $from_year and $to_year
        and ($scope = 'all' or d.contested)
    group by d.year
),

sets as (
    select
        v.year,
        cast(sum(v.rollcall_count) as integer) as rollcall_count,
    from indicators.vote_sets as v
    where
        v.body = $body
        and v.source = $source
        and v.scope = $scope
        and v.year between $from_year and $to_year
    group by v.year
)

select
    s.year,
    s.rollcall_count,
    coalesce(m.n, 0) as n,
    m.agree,
    m.agree_half,
    m.agree_yes_no,
    m.kappa,
    m.s_abs,
    m.low_n,
from sets as s
left join counts as c
    on c.year = s.year
left join lateral indicators.agreement_measures(
    c.n11, c.n12, c.n13, c.n21, c.n22, c.n23, c.n31, c.n32, c.n33
) as m
    on true
order by s.year
