-- Where states stand on the dimension that best explains their votes in the General
-- Assembly.
-- grain: one state in one session or year, by method and scope
-- units: standard deviations over all states and sessions; positive is towards the
--   United States
-- method: dynamic ordinal probit, Bailey, Strezhnev and Voeten 2017. published is the
--   estimate of the deposit, taken as it is; vb is ours of every run, from the deposit's
--   roll calls; gibbs is that of entente estimate, by the published sampler.
--   Methods are not to be mixed: each has its own scale, and positions of two scopes are
--   on two scales, too
-- column iso3: the state
-- column session: session of the Assembly; empty where the deposit goes by calendar
--   year
-- column year: calendar year, or that in which the session began
-- column method: how it was estimated: published, vb for variational Bayes, or gibbs
-- column scope: which votes: all, or one of those of core.ideal_point_ballots
-- column theta [standard deviations]: position, mean of the posterior
-- column sd [standard deviations]: standard deviation of the posterior; null for
--   published, which gives quantiles only
-- column q05 [standard deviations]: 5 % quantile of the posterior
-- column q95 [standard deviations]: 95 % quantile of the posterior
-- column vote_count [roll calls]: ballots of the state in the session or year that
--   entered
select
    p.iso3,
    coalesce(cast(p.session as varchar), '') as session,
    p.year,
    'published' as method,
    'all' as scope,
    p.ideal_point as theta,
    cast(null as double) as sd,
    p.q05,
    p.q95,
    cast(p.vote_count as integer) as vote_count,
from raw.voeten_ideal_points as p
where p.ideal_point is not null
union all
select
    i.iso3,
    cast(i.session as varchar) as session,
    cast(i.session + 1945 as smallint) as year,
    i.method,
    i.scope,
    i.theta,
    i.sd,
    i.q05,
    i.q95,
    i.ballot_count as vote_count,
from core.ideal_points as i
union all
select
    g.iso3,
    cast(g.session as varchar) as session,
    cast(g.session + 1945 as smallint) as year,
    'gibbs' as method,
    g.scope,
    g.theta,
    g.sd,
    g.q05,
    g.q95,
    g.ballot_count as vote_count,
from raw.gibbs_ideal_points as g
