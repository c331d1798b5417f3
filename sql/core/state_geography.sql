-- Where each state's capital lies and whether the state has a coast, as spells.
-- kind: table
-- key: iso3, valid_from
-- grain: one spell of one state with one capital
-- units: degrees; days and years
-- method: facts restated from the sources named in the reference source. Tables by year
--   use the row whose year_from and year_to hold it: the last spell of a year stands
--   for all of it
-- column iso3: the state
-- column valid_from [day]: first day of the spell
-- column valid_to [day]: first day after the spell; null while it lasts
-- column year_from [year]: first calendar year that the row stands for
-- column year_to [year]: last one; null while the spell lasts. Before year_from if
--   another spell of the state begins in the year in which this one does
-- column capital: name of the capital
-- column latitude_deg [degrees]: latitude of the capital, north positive
-- column longitude_deg [degrees]: longitude of the capital, east positive
-- column landlocked: whether the state has no coast on an ocean
select
    g.iso3,
    g.valid_from,
    g.valid_to,
    cast(year(g.valid_from) as smallint) as year_from,
    cast(
        least(
            year(g.valid_to - 1),
            lead(year(g.valid_from)) over (partition by g.iso3 order by g.valid_from)
            - 1
        ) as smallint
    ) as year_to,
    g.capital,
    g.latitude_deg,
    g.longitude_deg,
    g.landlocked,
from raw.reference_state_geography as g
