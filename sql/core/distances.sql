-- How far apart the capitals of two states are, on a great circle.
-- grain: one pair of states in one span of years in which neither capital moved
-- units: kilometres
-- method: haversine formula on a sphere of radius 6,371.0088 km (the mean radius of the
--   Earth); coordinates are those of core.state_geography
-- column iso3_a: the state whose code comes first
-- column iso3_b: the other state
-- column valid_from [day]: first day on which both capitals are these
-- column valid_to [day]: first day after it; null while it lasts
-- column year_from [year]: first calendar year that the row stands for
-- column year_to [year]: last one; null while it lasts. A year has one row of a pair at
--   most
-- column distance_km [km]: distance of the capitals
select
    a.iso3 as iso3_a,
    b.iso3 as iso3_b,
    greatest(a.valid_from, b.valid_from) as valid_from,
    least(a.valid_to, b.valid_to) as valid_to,
    greatest(a.year_from, b.year_from) as year_from,
    least(a.year_to, b.year_to) as year_to,
    2 * 6371.0088 * asin(
        least(
            1,
            sqrt(
                pow(sin(radians(b.latitude_deg - a.latitude_deg) / 2), 2)
                + cos(radians(a.latitude_deg))
                * cos(radians(b.latitude_deg))
                * pow(sin(radians(b.longitude_deg - a.longitude_deg) / 2), 2)
            )
        )
    ) as distance_km,
from core.state_geography as a
inner join core.state_geography as b
    on b.iso3 > a.iso3
    and b.year_from <= coalesce(a.year_to, 9999)
    and a.year_from <= coalesce(b.year_to, 9999)
    and a.year_from <= coalesce(a.year_to, 9999)
    and b.year_from <= coalesce(b.year_to, 9999)
