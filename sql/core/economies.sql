-- Size of each economy and power of each state in each year, with the source of every
-- figure.
-- kind: table
-- key: iso3, year
-- grain: one state or territory in one calendar year for which a source has a figure
-- units: current US dollars; persons; shares 0 to 1
-- method: World Bank series NY.GDP.MKTP.CD and SP.POP.TOTL, and the Correlates of War
--   National Material Capabilities of core.capabilities, as published. No figure is
--   filled in: Taiwan, North Korea and former states have no product, and Germany before
--   1990 is a back-cast for the territory of today. Of two codes of one state at the
--   Bank the one that is its iso3 is kept, else the first. Military expenditures before
--   1914 are in pounds and are not converted
-- column iso3: the state
-- column year: calendar year
-- column gdp_usd [US dollars]: gross domestic product at current prices; null if the
--   source has none
-- column gdp_source [code]: where gdp_usd is from: worldbank
-- column population [persons]: persons resident at midyear; null if the source has none
-- column population_source [code]: where population is from: worldbank
-- column cinc [share]: Composite Index of National Capability as published; a system's
--   sum is not quite 1, see indicators.cinc; null if the source has none
-- column cinc_source [code]: where cinc is from: cownmc
-- column military_spending_usd [US dollars]: military expenditures at current prices,
--   from 1914; null if the source has none
-- column military_spending_source [code]: where military_spending_usd is from: cownmc
with indicators as (
    select
        w.iso3,
        w.year,
        w.indicator,
        arg_min(w.value, (w.economy_code <> w.iso3)::integer || w.economy_code)
            as value,
    from raw.wdi_indicators as w
    where w.indicator in ('NY.GDP.MKTP.CD', 'SP.POP.TOTL')
    group by w.iso3, w.year, w.indicator
),

economies as (
    select
        i.iso3,
        i.year,
        max(i.value) filter (where i.indicator = 'NY.GDP.MKTP.CD') as gdp_usd,
        max(i.value) filter (where i.indicator = 'SP.POP.TOTL') as population,
    from indicators as i
    group by i.iso3, i.year
)

select
    coalesce(e.iso3, c.iso3) as iso3,
    coalesce(e.year, c.year) as year,
    e.gdp_usd,
    case when e.gdp_usd is not null then 'worldbank' end as gdp_source,
    e.population,
    case when e.population is not null then 'worldbank' end as population_source,
    c.cinc,
    case when c.cinc is not null then 'cownmc' end as cinc_source,
    case when c.milex_currency = 'USD' then 1000 * c.milex end as military_spending_usd,
    case when military_spending_usd is not null then 'cownmc' end
        as military_spending_source,
from economies as e
full join core.capabilities as c
    on c.iso3 = e.iso3
    and c.year = e.year
