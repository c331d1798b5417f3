-- How far apart the members of a group stand on the dimension that best explains votes
-- in the Assembly (dispersion of V7, for P26 and P27).
-- grain: one group in one session or year, by method and scope
-- units: standard deviations over all states and sessions
-- method: positions of indicators.ideal_points of the members on 31 December of the
--   year; sd is of the sample. Positions are estimates: a dispersion of estimates is
--   larger than that of what they estimate. It speaks of votes; of ideology only as far
--   as votes show it: no data on regimes or parties is loaded
-- column group_id: the group
-- column session: session of the Assembly; empty where the deposit goes by calendar
--   year
-- column year: calendar year, or that in which the session began
-- column method: how the positions were estimated, as in indicators.ideal_points
-- column scope: which votes, as in indicators.ideal_points
-- column member_count [states]: members with a position
-- column mean_theta [standard deviations]: mean of their positions
-- column sd_theta [standard deviations]: standard deviation; null for one member
-- column mean_distance [standard deviations]: mean distance of two members; null for
--   one
-- column min_theta [standard deviations]: lowest position
-- column min_iso3: whose it is; of equals the first by code
-- column max_theta [standard deviations]: highest position
-- column max_iso3: whose it is; of equals the first by code
-- column spread [standard deviations]: max_theta - min_theta
with positions as (
    select
        m.group_id,
        i.session,
        i.year,
        i.method,
        i.scope,
        i.iso3,
        i.theta,
        row_number() over ranked as place,
    from core.group_members as m
    inner join indicators.ideal_points as i
        on i.iso3 = m.iso3
        and make_date(i.year, 12, 31) >= m.valid_from
        and (m.valid_to is null or make_date(i.year, 12, 31) < m.valid_to)
    where i.theta is not null
    window
        ranked as (
            partition by m.group_id, i.session, i.year, i.method, i.scope
            order by i.theta, i.iso3
        )
)

select
    p.group_id,
    p.session,
    p.year,
    p.method,
    p.scope,
    count(*)::integer as member_count,
    avg(p.theta) as mean_theta,
    stddev_samp(p.theta) as sd_theta,
    -- the k-th of n is above k - 1 and below n - k
    sum((2 * p.place - 1) * p.theta) / nullif(count(*) * (count(*) - 1) / 2, 0)
        - count(*) * sum(p.theta) / nullif(count(*) * (count(*) - 1) / 2, 0)
        as mean_distance,
    min(p.theta) as min_theta,
    arg_min(p.iso3, row(p.theta, p.iso3)) as min_iso3,
    max(p.theta) as max_theta,
    arg_min(p.iso3, row(-p.theta, p.iso3)) as max_iso3,
    max(p.theta) - min(p.theta) as spread,
from positions as p
group by p.group_id, p.session, p.year, p.method, p.scope
