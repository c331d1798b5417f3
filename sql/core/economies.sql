-- Size of each economy in each year, with the source of every figure.
-- kind: table
-- key: iso3, year
-- grain: one state or territory in one calendar year for which a source has a figure
-- units: current US dollars; persons
-- method: World Bank series NY.GDP.MKTP.CD and SP.POP.TOTL as published. No figure is
--   filled in: Taiwan, North Korea and former states have none there, and Germany
--   before 1990 is a back-cast for the territory of today. Of two codes of one state
--   the one that is its iso3 is kept, else the first
-- column iso3: the state
-- column year: calendar year
-- column gdp_usd [US dollars]: gross domestic product at current prices; null if the
--   source has none
-- column gdp_source [code]: where gdp_usd is from: worldbank
-- column population [persons]: persons resident at midyear; null if the source has none
-- column population_source [code]: where population is from: worldbank
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
)

select
    i.iso3,
    i.year,
    max(i.value) filter (where i.indicator = 'NY.GDP.MKTP.CD') as gdp_usd,
    case when gdp_usd is not null then 'worldbank' end as gdp_source,
    max(i.value) filter (where i.indicator = 'SP.POP.TOTL') as population,
    case when population is not null then 'worldbank' end as population_source,
from indicators as i
group by i.iso3, i.year
