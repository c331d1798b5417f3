-- How much European members of NATO trade with China and with the United States.
select
    d.year,
    p.pole,
    count(*) as member_count,
    sum(d.trade_usd) / sum(case d.iso3_a when p.pole then d.gdp_b_usd else d.gdp_a_usd end)
        as dependence_share,
    quantile_cont(
        d.trade_usd / case d.iso3_a when p.pole then d.gdp_b_usd else d.gdp_a_usd end, 0.25)
        as lower_quarter,
    quantile_cont(
        d.trade_usd / case d.iso3_a when p.pole then d.gdp_b_usd else d.gdp_a_usd end, 0.75)
        as upper_quarter,
from indicators.trade_dependence as d
inner join (values ('CHN'), ('USA')) as p (pole)
    on p.pole in (d.iso3_a, d.iso3_b)
inner join core.group_members as m
    on m.group_id = 'NATO'
    and m.iso3 = case d.iso3_a when p.pole then d.iso3_b else d.iso3_a end
    and make_date(d.year, 12, 31) >= m.valid_from
    and (m.valid_to is null or make_date(d.year, 12, 31) < m.valid_to)
where
    d.is_default
    and d.method = 'import_priority'
    and m.iso3 not in ('USA', 'CAN')
    and d.trade_usd is not null
    and case d.iso3_a when p.pole then d.gdp_b_usd else d.gdp_a_usd end is not null
group by d.year, p.pole
order by p.pole, d.year
