-- How large the trade of two states is beside the economy of each (E1).
-- grain: one pair of states in one calendar year, by method and source
-- units: current US dollars; shares 0 to 1 (above 1 where trade exceeds the economy)
-- method: Oneal and Russett 1997: trade in both directions over gross domestic product,
--   both in current dollars. Zero and missing as in core.trade_dyads; a share is null
--   unless both directions and the product are known
-- column method [code]: import_priority (the field's plain default) or reconciled;
--   choose one
-- column source: comtrade, imts or cowtrade
-- column year: calendar year
-- column iso3_a: the state whose code comes first
-- column iso3_b: the other state
-- column is_default: whether the source is the default of the year
-- column a_to_b_usd [US dollars]: exports of iso3_a to iso3_b
-- column b_to_a_usd [US dollars]: exports of iso3_b to iso3_a
-- column trade_usd [US dollars]: sum of both; null unless both are known
-- column gdp_a_usd [US dollars]: gross domestic product of iso3_a (core.economies)
-- column gdp_b_usd [US dollars]: gross domestic product of iso3_b
-- column dependence_a_share [share]: trade_usd/gdp_a_usd
-- column dependence_b_share [share]: trade_usd/gdp_b_usd
-- column weak_link_share [share]: the smaller of the two; null unless both are known
-- column strong_link_share [share]: the larger of the two; null unless both are known
-- column asymmetry [share]: strong_link_share - weak_link_share
select
    d.method,
    d.source,
    d.year,
    d.iso3_a,
    d.iso3_b,
    d.is_default,
    d.a_to_b_usd,
    d.b_to_a_usd,
    d.trade_usd,
    a.gdp_usd as gdp_a_usd,
    b.gdp_usd as gdp_b_usd,
    d.trade_usd / nullif(a.gdp_usd, 0) as dependence_a_share,
    d.trade_usd / nullif(b.gdp_usd, 0) as dependence_b_share,
    case
        when dependence_a_share is not null and dependence_b_share is not null
            then least(dependence_a_share, dependence_b_share)
    end as weak_link_share,
    case
        when dependence_a_share is not null and dependence_b_share is not null
            then greatest(dependence_a_share, dependence_b_share)
    end as strong_link_share,
    abs(dependence_a_share - dependence_b_share) as asymmetry,
from core.trade_dyads as d
left join core.economies as a
    on a.iso3 = d.iso3_a
    and a.year = d.year
left join core.economies as b
    on b.iso3 = d.iso3_b
    and b.year = d.year
