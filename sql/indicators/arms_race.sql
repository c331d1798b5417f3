-- How fast two states' military expenditures grew side by side (C3).
-- kind: view
-- grain: one pair of states in one calendar year, both with expenditures then and three
--   years before
-- units: log differences over three years
-- method: the smaller of the two states' growth, ln(m_t/m_(t-3)), of core.capabilities at
--   current prices: both race only if both grow. Prices are not deflated, so inflation
--   of the currency counts as growth of both. 1914 to 1916 have no row, because the
--   series changes from pounds to dollars; nor have years in which one of the four
--   figures is missing or 0
-- column year: calendar year
-- column iso3_a: the state whose code comes first
-- column iso3_b: the other one
-- column growth_a [log difference]: of iso3_a
-- column growth_b [log difference]: of iso3_b
-- column arms_race [log difference]: the smaller one; 0.3 is about 10 % a year in both
with growths as (
    select
        c.iso3,
        c.year,
        ln(c.milex / p.milex) as growth,
    from core.capabilities as c
    inner join core.capabilities as p
        on p.iso3 = c.iso3
        and p.year = c.year - 3
        and p.milex_currency = c.milex_currency
    where
        c.milex > 0
        and p.milex > 0
)

select
    a.year,
    a.iso3 as iso3_a,
    b.iso3 as iso3_b,
    a.growth as growth_a,
    b.growth as growth_b,
    least(a.growth, b.growth) as arms_race,
from growths as a
inner join growths as b
    on b.year = a.year
    and b.iso3 > a.iso3
