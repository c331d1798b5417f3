-- Where states stand on the dimension that best explains their votes in the General
-- Assembly.
-- grain: one state in one session or year, by method
-- units: standard deviations over all states and sessions; positive is towards the
--   United States
-- method: dynamic ordinal probit, Bailey, Strezhnev and Voeten 2017; published is the
--   estimate of the deposit, taken as it is
-- column iso3: the state
-- column session: session of the Assembly; empty where the deposit goes by calendar
--   year
-- column year: calendar year, or that in which the session began
-- column method: how it was estimated: published
-- column theta [standard deviations]: position, mean of the posterior
-- column sd [standard deviations]: standard deviation of the posterior; null for
--   published, which gives quantiles only
-- column q05 [standard deviations]: 5 % quantile of the posterior
-- column q95 [standard deviations]: 95 % quantile of the posterior
-- column vote_count [roll calls]: ballots of the state in the session or year, as
--   published
select
    p.iso3,
    coalesce(cast(p.session as varchar), '') as session,
    p.year,
    'published' as method,
    p.ideal_point as theta,
    cast(null as double) as sd,
    p.q05,
    p.q95,
    p.vote_count,
from raw.voeten_ideal_points as p
where p.ideal_point is not null
