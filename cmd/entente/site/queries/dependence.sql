-- How large the trade of two states is beside the economy of each.
select
    e.year,
    e.trade_usd,
    case when e.iso3_a = $a then e.a_to_b_usd else e.b_to_a_usd end as exports_usd,
    case when e.iso3_a = $a then e.b_to_a_usd else e.a_to_b_usd end as imports_usd,
    case when e.iso3_a = $a then e.gdp_a_usd else e.gdp_b_usd end as first_gdp_usd,
    case when e.iso3_a = $a then e.gdp_b_usd else e.gdp_a_usd end as second_gdp_usd,
    case when e.iso3_a = $a then e.dependence_a_share else e.dependence_b_share end
        as first_share,
    case when e.iso3_a = $a then e.dependence_b_share else e.dependence_a_share end
        as second_share,
from indicators.trade_dependence as e
where
    e.method = $method
    and e.source = $trade
    and e.iso3_a = least($a, $b)
    and e.iso3_b = greatest($a, $b)
    and e.year between $from_year and $to_year
order by e.year
