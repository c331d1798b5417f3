-- The columns of the capitalist peace: openness, development and common interests of two
-- states (E3). It is no index.
-- grain: one pair of states in one calendar year, by method and source
-- units: shares of the economy; current US dollars a person
-- method: Gartzke 2007 takes the lower value of the two (weak link). Financial openness,
--   which he adds, is in no source that is loaded. Common interests are measures of
--   votes in the General Assembly on contested texts, by the default series; in a year
--   split between two default series, by the one with more texts
-- column method [code]: import_priority or reconciled; choose one
-- column source: comtrade, imts or cowtrade
-- column year: calendar year
-- column iso3_a: the state whose code comes first
-- column iso3_b: the other state
-- column is_default: whether the source is the default of the year
-- column openness_a_share [share]: exports and imports of iso3_a, all partner states and
--   territories, over its gross domestic product
-- column openness_b_share [share]: the same for iso3_b
-- column openness_low_share [share]: the lower of the two; null unless both are known
-- column gdp_per_capita_a_usd [US dollars a person]: gross domestic product of iso3_a
--   over its population
-- column gdp_per_capita_b_usd [US dollars a person]: the same for iso3_b
-- column gdp_per_capita_low_usd [US dollars a person]: the lower of the two; null unless
--   both are known
-- column vote_n [roll calls]: texts that s_abs and kappa rest on; null if there is none
-- column s_abs: S with absolute distances, General Assembly (V4)
-- column kappa: Cohen's kappa, nominal, General Assembly (V5)
with votes as (
    select
        v.year,
        v.iso3_a,
        v.iso3_b,
        arg_max(v.n, v.rollcall_count) as vote_n,
        arg_max(v.s_abs, v.rollcall_count) as s_abs,
        arg_max_null(v.kappa, v.rollcall_count) as kappa,
    from indicators.vote_alignment_by_year as v
    where v.body = 'GA' and v.scope = 'contested' and v.is_default
    group by v.year, v.iso3_a, v.iso3_b
)

select
    d.method,
    d.source,
    d.year,
    d.iso3_a,
    d.iso3_b,
    d.is_default,
    d.total_a_usd / nullif(a.gdp_usd, 0) as openness_a_share,
    d.total_b_usd / nullif(b.gdp_usd, 0) as openness_b_share,
    case
        when openness_a_share is not null and openness_b_share is not null
            then least(openness_a_share, openness_b_share)
    end as openness_low_share,
    a.gdp_usd / nullif(a.population, 0) as gdp_per_capita_a_usd,
    b.gdp_usd / nullif(b.population, 0) as gdp_per_capita_b_usd,
    case
        when gdp_per_capita_a_usd is not null and gdp_per_capita_b_usd is not null
            then least(gdp_per_capita_a_usd, gdp_per_capita_b_usd)
    end as gdp_per_capita_low_usd,
    v.vote_n,
    v.s_abs,
    v.kappa,
from core.trade_dyads as d
left join core.economies as a
    on a.iso3 = d.iso3_a
    and a.year = d.year
left join core.economies as b
    on b.iso3 = d.iso3_b
    and b.year = d.year
left join votes as v
    on v.iso3_a = d.iso3_a
    and v.iso3_b = d.iso3_b
    and v.year = d.year
