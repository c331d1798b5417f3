-- How far apart two states stand on the dimension that best explains votes in the
-- Assembly.
-- grain: one pair of states in one session or year, by method and scope
-- units: standard deviations over all states and sessions
-- method: absolute difference of theta in indicators.ideal_points, of one method and
--   scope; the posteriors are not independent, so that no interval follows from their
--   quantiles
-- column iso3_a: the state whose code comes first
-- column iso3_b: the other state
-- column session: session of the Assembly; empty where the deposit goes by calendar
--   year
-- column year: calendar year, or that in which the session began
-- column method: how the positions were estimated, as in indicators.ideal_points
-- column scope: which votes, as in indicators.ideal_points
-- column theta_a [standard deviations]: position of iso3_a
-- column theta_b [standard deviations]: position of iso3_b
-- column distance [standard deviations]: |theta_a - theta_b|
select
    x.iso3 as iso3_a,
    y.iso3 as iso3_b,
    x.session,
    x.year,
    x.method,
    x.scope,
    x.theta as theta_a,
    y.theta as theta_b,
    abs(x.theta - y.theta) as distance,
from indicators.ideal_points as x
inner join indicators.ideal_points as y
    on y.session = x.session
    and y.year = x.year
    and y.method = x.method
    and y.scope = x.scope
    and y.iso3 > x.iso3
